"""Mail to a real SMTP server: how it is reached, what arrives, and what its answers mean."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.certificates import Certificate, certificate
from tests.support.mail_server import PASSWORD, USERNAME, MailServer, mail_server
from wicketgate.core.errors import ConfigurationError, MailRefused, MailRejected
from wicketgate.mail.mail import Mail
from wicketgate.mail.smtp import Smtp, SmtpServer

SENDER = "Ackmé & Söhne <login@acme.example>"
MAIL = Mail("ada@example.com", "Grüße – confirm", "Hello,\n\n.a line that begins with a dot\n", "<p>Hällo</p>\n")


@pytest.fixture
def shown(tmp_path: Path) -> Certificate:
    """A certificate for this machine."""
    return certificate(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A server without TLS."""
    async with mail_server() as running:
        yield running


def plain(server: MailServer, in_all: float = 60) -> Smtp:
    """A way to it."""
    return Smtp(SmtpServer("127.0.0.1", server.port, "off"), SENDER, in_all=in_all)


async def test_what_arrives(server: MailServer) -> None:
    """Sender, recipient, subject and both texts arrive as they were, with what a message must say of itself."""
    await plain(server)(MAIL)

    (received,) = server.received
    message = received.message
    assert (received.sender, received.to) == ("login@acme.example", "ada@example.com")
    assert message["From"] == '"Ackmé & Söhne" <login@acme.example>' or message["From"] == SENDER
    assert (message["To"], message["Subject"]) == ("ada@example.com", MAIL.subject)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@acme.example>")
    assert message["Date"].datetime.tzinfo is not None
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content().replace("\r\n", "\n")) == ("text/plain", MAIL.text)
    assert (html.get_content_type(), html.get_content().replace("\r\n", "\n")) == ("text/html", MAIL.html)
    assert received.raw.isascii()


async def test_each_message_has_an_id_of_its_own(server: MailServer) -> None:
    """Two mails that say the same are two."""
    way = plain(server)
    await way(MAIL)
    await way(MAIL)

    assert len({received.message["Message-ID"] for received in server.received}) == 2


async def test_starttls_with_a_login(shown: Certificate) -> None:
    """The connection is encrypted before anybody logs in."""
    async with mail_server(shown.server, require_starttls=True, auth_required=True) as server:
        way = Smtp(SmtpServer("localhost", server.port, "starttls", USERNAME, PASSWORD), SENDER, shown.client)
        await way(MAIL)

    (received,) = server.received
    assert (received.encrypted, received.login) == (True, USERNAME)


async def test_implicit_tls_with_a_login(shown: Certificate) -> None:
    """A port that speaks TLS from the first byte is spoken to so."""
    async with mail_server(shown.server, implicit=True, auth_require_tls=False, auth_required=True) as server:
        way = Smtp(SmtpServer("localhost", server.port, "implicit", USERNAME, PASSWORD), SENDER, shown.client)
        await way(MAIL)

    (received,) = server.received
    assert received.login == USERNAME


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_that_nobody_vouches_for(shown: Certificate, tls: str) -> None:
    """Nothing is sent to a server that anybody could be."""
    async with mail_server(shown.server, implicit=tls == "implicit") as server:
        way = Smtp(SmtpServer("localhost", server.port, tls, USERNAME, PASSWORD), SENDER)  # type: ignore[arg-type]
        with pytest.raises(MailRefused, match="certificate"):
            await way(MAIL)

    assert server.received == []


async def test_a_certificate_for_another_name(shown: Certificate) -> None:
    """It must be good for the name that the settings say."""
    trust = shown.client
    async with mail_server(shown.server) as server:
        way = Smtp(SmtpServer("127.0.0.2", server.port, "starttls"), SENDER, trust)
        await server.stop()
        other = await asyncio.get_running_loop().create_server(server._protocol, "127.0.0.2", server.port)
        with pytest.raises(MailRefused, match="certificate"):
            await way(MAIL)
        other.close()

    assert server.received == []


async def test_no_starttls_no_mail(server: MailServer) -> None:
    """Somebody between us who hides that the server can encrypt gets neither mail nor password."""
    way = Smtp(SmtpServer("127.0.0.1", server.port, "starttls", USERNAME, PASSWORD), SENDER)

    with pytest.raises(MailRefused, match="TLS"):
        await way(MAIL)

    assert server.received == []


async def test_a_wrong_password(shown: Certificate) -> None:
    """It is our settings that are wrong and not the address, so the mail is kept."""
    async with mail_server(shown.server, auth_required=True) as server:
        way = Smtp(SmtpServer("localhost", server.port, "starttls", USERNAME, "wrong"), SENDER, shown.client)
        with pytest.raises(MailRefused, match="535"):
            await way(MAIL)


async def test_a_server_that_wants_a_login(shown: Certificate) -> None:
    """Without one the mail is kept."""
    async with mail_server(shown.server, auth_required=True) as server:
        way = Smtp(SmtpServer("localhost", server.port, "starttls"), SENDER, shown.client)
        with pytest.raises(MailRefused, match="530"):
            await way(MAIL)


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user ada@example.com", "553 bad", "552 5.2.2 mailbox full"])
async def test_an_address_that_is_refused_for_good(server: MailServer, answer: str) -> None:
    """A permanent refusal of the recipient ends it, and the address is not repeated."""
    server.recipient = lambda _: answer

    with pytest.raises(MailRejected) as caught:
        await plain(server)(MAIL)

    assert answer[:3] in str(caught.value)
    assert "ada" not in str(caught.value)


@pytest.mark.parametrize(
    "answer", ["450 later", "451 4.7.1 greylisted", "550 5.7.1 relaying denied", "530 5.7.0 log in"]
)
async def test_an_address_that_is_refused_for_now(server: MailServer, answer: str) -> None:
    """What is temporary, and what our own settings may be to blame for, is tried again."""
    server.recipient = lambda _: answer

    with pytest.raises(MailRefused, match=answer[:3]):
        await plain(server)(MAIL)


@pytest.mark.parametrize("answer", ["451 try later", "554 looks like spam"])
async def test_a_message_that_is_refused(server: MailServer, answer: str) -> None:
    """That says nothing about the address, so it is tried again."""
    server.data = lambda: answer

    with pytest.raises(MailRefused, match=answer[:3]):
        await plain(server)(MAIL)


async def test_a_server_that_breaks_off(server: MailServer) -> None:
    """Whether before or after the message, the mail is kept."""
    server.recipient = lambda _: None
    with pytest.raises(MailRefused, match="broke off"):
        await plain(server)(MAIL)
    server.recipient = lambda _: "250 OK"
    server.data = lambda: None
    with pytest.raises(MailRefused, match="broke off"):
        await plain(server)(MAIL)


async def test_a_server_that_is_down(server: MailServer) -> None:
    """Nobody listens, so the mail is kept."""
    await server.stop()

    with pytest.raises(MailRefused, match="cannot be reached"):
        await plain(server)(MAIL)


async def test_a_server_that_answers_nothing() -> None:
    """It is given up after the time for one answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        way = Smtp(SmtpServer("127.0.0.1", silent.getsockname()[1], "off"), SENDER, seconds=0.05)
        with pytest.raises(MailRefused, match="broke off"):
            await way(MAIL)


async def test_a_server_that_takes_for_ever(server: MailServer) -> None:
    """A mail has a time in all, however patient each step is, and its connection is closed then."""
    server.open.clear()

    with pytest.raises(MailRefused, match="too long"):
        await plain(server, in_all=0.3)(MAIL)

    server.open.set()
    assert server.received == []


async def test_a_mail_that_nobody_waits_for_is_broken_off(server: MailServer) -> None:
    """A job that is cancelled leaves no thread behind that sends it all the same, early or late as it may be."""
    way = plain(server)
    server.open.clear()
    early, late = (asyncio.create_task(way(MAIL)) for _ in range(2))
    await asyncio.sleep(0)
    early.cancel()
    await server.asked.wait()
    late.cancel()
    await asyncio.wait([early, late])
    server.open.set()

    await way(Mail("grace@example.com", "s", "t", "h"))

    assert (early.cancelled(), late.cancelled()) == (True, True)
    assert [received.to for received in server.received] == ["grace@example.com"]


async def test_international_addresses(server: MailServer) -> None:
    """A domain is sent in ASCII, and a local part as it is to a server that can take it."""
    way = plain(server)

    await way(Mail("ada@bücher.example", "s", "t", "h"))
    await way(Mail("adá@bücher.example", "s", "t", "h"))

    assert [received.to for received in server.received] == ["ada@xn--bcher-kva.example", "adá@xn--bcher-kva.example"]


async def test_international_addresses_where_nobody_takes_them() -> None:
    """They never will be, so the mail is given up."""
    async with mail_server(enable_SMTPUTF8=False) as limited:
        with pytest.raises(MailRejected, match="international"):
            await plain(limited)(Mail("adá@example.com", "s", "t", "h"))


@pytest.mark.parametrize(
    "to", ["ada", "ada@example.com\r\nBcc: grace@example.com", "ada@example.com, grace@example.com"]
)
async def test_nobody_is_written_to_by_a_line_break(server: MailServer, to: str) -> None:
    """What is no single address is given up before anybody is asked."""
    with pytest.raises(MailRejected):
        await plain(server)(Mail(to, "s", "t", "h"))

    assert server.received == []


async def test_a_subject_with_a_line_break_adds_no_header(server: MailServer) -> None:
    """It is refused before anything is sent."""
    with pytest.raises(ValueError, match="linefeed"):
        await plain(server)(Mail("ada@example.com", "s\r\nBcc: grace@example.com", "t", "h"))

    assert server.received == []


@pytest.mark.parametrize("sender", ["acme", "Acme <login@acme.example", "login@", "A\r\nBcc: x <login@acme.example>"])
def test_a_sender_that_is_none(sender: str) -> None:
    """It is refused at the start."""
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        Smtp(SmtpServer("127.0.0.1", 25, "off"), sender)


def test_nothing_shows_the_password() -> None:
    """The server's value may be printed."""
    assert PASSWORD not in repr(SmtpServer("127.0.0.1", 25, "off", USERNAME, PASSWORD))


def test_the_usual_authorities_are_trusted() -> None:
    """Without a context of one's own, names and certificates are checked as everywhere."""
    trust = Smtp(SmtpServer("127.0.0.1", 25, "off"), SENDER)._trust

    assert (trust.check_hostname, trust.verify_mode) == (True, ssl.CERT_REQUIRED)


async def test_many_at_once(server: MailServer) -> None:
    """Each mail has a connection, and none gets in another's way."""
    way = plain(server)

    await asyncio.gather(*(way(Mail(f"u{number}@example.com", "s", "t", "h")) for number in range(40)))

    assert {received.to for received in server.received} == {f"u{number}@example.com" for number in range(40)}


async def test_a_child_sends_mail(server: MailServer) -> None:
    """A process that has sent mail and forks can send more in the child."""
    command = [sys.executable, "-m", "tests.unit.mail.forking", str(server.port)]

    process = await asyncio.create_subprocess_exec(*command, cwd=Path(__file__).parents[3])

    assert await process.wait() == 0
    assert [received.to for received in server.received] == ["parent@example.com", "child@example.com"]
