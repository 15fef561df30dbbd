"""What other servers answer: the mail server, the range service, the receiver of webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from tests.fuzz.kit import Reads, Target, canned, says_nothing_of, simple
from tests.support.clock import START
from wicketgate.core.errors import GivenUp, MailRefused, MailRejected, WebhookRefused
from wicketgate.core.outbox import Job
from wicketgate.guesses.breaches import RangeService, seen
from wicketgate.mail.mail import Mail
from wicketgate.mail.smtp import Smtp, SmtpServer
from wicketgate.outbox.webhook import Webhook

TO = "ada@example.com"
SERVERS_WORD = "a-word-of-the-server"
# The SHA-1 of `password123` is CBFDA and this.
REST = b"C6008F9CAB4083784CBD1874F76618D2A97"


@contextmanager
def smtp() -> Iterator[Reads]:
    """Whatever a mail server says, a mail is taken, refused now or refused for good, told in our own words."""
    with canned() as server, asyncio.Runner() as runner:
        logins = ((None, None), ("acme", "pass"))
        carriers = [
            Smtp(SmtpServer("127.0.0.1", server.port, "off", *login), "login@acme.example", seconds=2, in_all=4)
            for login in logins
        ]

        def read(data: bytes) -> None:
            server.says = data
            for carry in carriers:
                try:
                    runner.run(carry(Mail(TO, "Hello", "text", "<p>text</p>")))
                except (MailRefused, MailRejected) as error:
                    says_nothing_of(error, TO, SERVERS_WORD)

        yield read


@contextmanager
def ranges() -> Iterator[Reads]:
    """A password is known, unknown, or nobody can say, which is noted without a letter of its digest."""
    with canned() as server, asyncio.Runner() as runner:

        def read(data: bytes) -> None:
            server.says = data
            notes: list[str] = []
            service = RangeService(
                f"http://127.0.0.1:{server.port}/range/", lambda: START, lambda *said: notes.extend(said), 2
            )
            found = runner.run(service.include("password123"))
            assert not found or REST in data.upper()
            assert "CBFDA" not in "".join(notes)

        yield read


@contextmanager
def webhook() -> Iterator[Reads]:
    """An event is taken, not wanted any more, or told again later."""
    job = Job("job-1", "webhook", {"event": "login", "at": str(START), "user": "u"}, START, 1)
    with canned() as server, asyncio.Runner() as runner:

        def read(data: bytes) -> None:
            server.says = data
            hook = Webhook(f"http://127.0.0.1:{server.port}/", b"k" * 32, lambda: START, 2)
            try:
                runner.run(hook.deliver(job))
            except (WebhookRefused, GivenUp) as error:
                says_nothing_of(error, SERVERS_WORD)
            except (TimeoutError, aiohttp.ClientError):
                pass

        yield read


def digests(data: bytes) -> None:
    """A list of digests, or none."""
    found = seen(data)

    assert not found or all(len(line) == len(REST) for line in found.split(b"\n"))


OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"
LIST = b"\r\n".join((REST + b":3", b"0" * 35 + b":0"))
GREETING = b"220 hi\r\n250-hi\r\n250-AUTH PLAIN LOGIN CRAM-MD5\r\n250 SMTPUTF8\r\n"
TAKEN = b"250 ok\r\n250 ok\r\n354 go on\r\n250 ok\r\n221 bye\r\n"
CHALLENGE = b"334 PDEyMzRAc21hcnQ+\r\n"
NO_SUCH = b"220 hi\r\n250 hi\r\n250 ok\r\n550 5.1.1 no such address: ada@example.com\r\n"

TARGETS = {
    "mail server": Target(
        (
            GREETING + TAKEN,
            GREETING + b"235 ok\r\n" + TAKEN,
            GREETING + CHALLENGE + b"235 ok\r\n" + TAKEN,
            NO_SUCH,
            b"421 " + SERVERS_WORD.encode() + b"\r\n",
        ),
        smtp,
        40,
    ),
    "range service": Target((OK % (len(LIST), LIST), b"HTTP/1.1 302 x\r\nLocation: /\r\n\r\n"), ranges, 40),
    "digests": simple(digests, LIST, LIST.lower() + b"\r\n"),
    "receiver of webhooks": Target(
        (OK % (0, b""), b"HTTP/1.1 410 Gone\r\n\r\n", b"HTTP/1.1 500 " + SERVERS_WORD.encode() + b"\r\n\r\n"),
        webhook,
        40,
    ),
}
