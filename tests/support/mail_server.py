"""A mail server in the test's own process: aiosmtpd, that may be down, refuse, break off, or hang."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME, PASSWORD = "acme", "the mail server's word"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the server took it."""

    sender: str
    to: str
    message: EmailMessage
    raw: bytes
    encrypted: bool
    login: str | None


class MailServer:
    """What it took, and how it behaves: `recipient` and `data` answer RCPT and DATA, and None breaks off.

    While `forgets_to_answer`, it breaks off as well, but with the message taken.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, implicit: bool = False, **options: Any) -> None:
        self.received: list[Received] = []
        self.recipient: Callable[[str], str | None] = lambda _: "250 OK"
        self.data: Callable[[], str | None] = lambda: "250 OK"
        self.forgets_to_answer = False
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()
        self.port = 0
        self._implicit = tls if implicit else None
        self._options: dict[str, Any] = {"tls_context": None if implicit else tls, "authenticator": _check, **options}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens, on the port of before if there was one."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=self._implicit)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _protocol(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It would rather ask for TLS itself than have it around it.
            return SMTP(self, **{"hostname": "mail.example", "enable_SMTPUTF8": True, **self._options})

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The answer to a recipient."""
        self.asked.set()
        await self.open.wait()
        answer = self.recipient(address)
        if answer is None:
            return _broken_off(server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The answer to a message, which is kept when that is good."""
        answer = self.data()
        raw = envelope.content
        assert isinstance(raw, bytes)
        if answer is None:
            return _broken_off(server)
        if answer.startswith("250"):
            self.received.append(_received(session, envelope, raw))
        return _broken_off(server) if self.forgets_to_answer else answer

    def to(self, address: str) -> list[Received]:
        """What came for an address."""
        return [received for received in self.received if received.to == address]


def _broken_off(server: SMTP) -> str:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "421 gone"


def _received(session: Session, envelope: Envelope, raw: bytes) -> Received:
    message = message_from_bytes(raw, policy=policy.SMTPUTF8)
    assert isinstance(message, EmailMessage)
    login = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None
    return Received(envelope.mail_from or "", envelope.rcpt_tos[0], message, raw, session.ssl is not None, login)


def _check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=good, auth_data=data, handled=good)


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[MailServer]:
    """A server that listens."""
    server = MailServer(tls, **options)
    await server.start()
    try:
        yield server
    finally:
        server.open.set()
        await server.stop()
