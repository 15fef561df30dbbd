"""Mail by SMTP (RFC 5321), to the server that the settings name.

The standard library's client in a thread, and not aiosmtplib, which is well kept but one package more for what
happens a few times a minute: all that it adds, giving up half-way, is here by closing the connection.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from wicketgate import forks
from wicketgate.core.errors import MailRefused, MailRejected
from wicketgate.mail.mail import Mail

if TYPE_CHECKING:
    from wicketgate.mail.message import Envelope

SECONDS: Final = 15.0
"""How long the server has for each of its answers."""

IN_ALL: Final = 60.0
"""How long one mail may take, in seconds."""

_THREADS: Final = 16
_PERMANENT: Final = range(500, 600)
# "Not without a login", and what security or policy forbids (RFC 3463, X.7): sooner our settings than the address.
_OURS: Final = {530, 534, 535, 538}
_POLICY: Final = re.compile(rb"\s*5\.7\.")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where it is, how it is spoken to, and as whom; without a username nobody logs in."""

    host: str
    port: int
    tls: Literal["starttls", "implicit", "off"]
    username: str | None = None
    password: str | None = field(default=None, repr=False)


class Smtp:
    """Hands mail to one server, a connection for each. The server's certificate must be good for its name."""

    def __init__(
        self,
        server: SmtpServer,
        mail_from: str,
        trust: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
        in_all: float = IN_ALL,
    ) -> None:
        from wicketgate.mail.message import sender_of  # a tenth of a start, which only a service with mail spends

        self._server = server
        self._sender = sender_of(mail_from)
        self._given = trust
        self._seconds = seconds
        self._in_all = in_all
        self._threads = _idle()
        forks.watch(self)

    async def __call__(self, mail: Mail) -> None:
        """Returns when the server has taken the mail.

        Raises MailRejected when it says that it never will take mail for this address, MailRefused after anything
        else. Neither message names the address.
        """
        from wicketgate.mail.message import enveloped

        envelope, line = enveloped(mail, self._sender), _Line()
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._hand_on, envelope, line)
        try:
            async with asyncio.timeout(self._in_all):
                await work
        except TimeoutError:
            raise MailRefused("the mail server took too long") from None
        finally:
            line.cut()

    def before_fork(self) -> None:
        """Nothing: what the parent's threads have begun they finish."""

    def after_fork(self, child: bool) -> None:
        """A child has threads of its own."""
        if child:
            self._threads = _idle()

    def _hand_on(self, envelope: Envelope, line: _Line) -> None:
        try:
            client = self._connected(line)
            try:
                line.took(client)  # It may have been given up while it was being made.
                self._submit(client, envelope)
            finally:
                _leave(client)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients[envelope.to]
            raise _refusal(code, text) from None
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailRefused(_reason(error)) from None

    def _submit(self, client: smtplib.SMTP, envelope: Envelope) -> None:
        if self._server.username is not None:
            client.login(self._server.username, self._server.password or "")
        client.ehlo_or_helo_if_needed()
        if envelope.international and not client.has_extn("smtputf8"):
            raise MailRejected("the mail server takes no international addresses")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if envelope.international else []
        client.sendmail(envelope.sender, [envelope.to], envelope.content, mail_options=options)

    def _connected(self, line: _Line) -> smtplib.SMTP:
        server, domain = self._server, self._sender.domain
        if server.tls == "implicit":
            return _Implicit(line, server.host, server.port, domain, self._seconds, self._trust)
        client = _Plain(line, server.host, server.port, domain, self._seconds)
        if server.tls == "starttls":
            try:
                client.starttls(context=self._trust)
            except BaseException:
                client.close()
                raise
        return client

    @property
    def _trust(self) -> ssl.SSLContext:
        # No `cached_property`: in Python 3.11 it has a lock, which a child would find held for good.
        if self._given is None:
            self._given = ssl.create_default_context()
        return self._given


def _idle() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, "wicketgate-mail")


class _Line:
    """A connection that another thread may cut, whatever its own is waiting for."""

    def __init__(self) -> None:
        self.client: smtplib.SMTP | None = None
        self._done = False

    def took(self, client: smtplib.SMTP) -> None:
        """Notes whose connection it is. Raises OSError when it has been given up already."""
        self.client = client
        if self._done:
            raise ConnectionAbortedError

    def cut(self) -> None:
        """Ends it."""
        self._done = True
        connection = self.client.sock if self.client is not None else None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Plain(smtplib.SMTP):
    def __init__(self, line: _Line, host: str, port: int, name: str, seconds: float) -> None:
        line.took(self)
        super().__init__(host, port, name, seconds)


class _Implicit(smtplib.SMTP_SSL):
    def __init__(self, line: _Line, host: str, port: int, name: str, seconds: float, trust: ssl.SSLContext) -> None:
        line.took(self)
        super().__init__(host, port, name, timeout=seconds, context=trust)


def _leave(client: smtplib.SMTP) -> None:
    """Says goodbye. Whatever becomes of that, the mail has been taken or not."""
    with suppress(OSError, smtplib.SMTPException):
        client.quit()
    client.close()


def _refusal(code: int, text: bytes) -> MailRejected | MailRefused:
    """What it means that the recipient was refused."""
    if code in _PERMANENT and code not in _OURS and not _POLICY.match(text):
        return MailRejected(f"the mail server refuses the address: {code}")
    return MailRefused(f"the mail server refuses the recipient for now: {code}")


def _reason(error: Exception) -> str:
    """Why it did not work, without a word of the server's own, which may quote the address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code} ({type(error).__name__})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not good: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server offers no TLS, or no way to log in (SMTP_TLS, SMTP_USERNAME)"
    return f"the mail server cannot be reached, or broke off ({type(error).__name__})"
