"""`wicketgate outbox` and `wicketgate mail`."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from tests.cli.conftest import Wicketgate, settings
from wicketgate.core.clock import system_clock
from wicketgate.core.outbox import Job
from wicketgate.stores.choice import open_store

ADA = "ada@example.com"


def leave(job_id: str, kind: str = "reset_password", **data: str) -> None:
    """Leaves a job that is due past the commands."""

    async def write() -> None:
        store = open_store(settings())
        await store.put_job(Job(job_id, kind, {"email": ADA, "source": "10.0.0.1", **data}, system_clock()))
        await store.close()

    asyncio.run(write())


def test_nothing_waits(wicketgate: Wicketgate, ada: str) -> None:
    """That is said to a person, and to a script by silence."""
    person, script = wicketgate("outbox", "list"), wicketgate("outbox", "list", "--json")

    assert (person.code, person.out, person.err) == (0, "", "Nothing waits.\n")
    assert (script.code, script.out) == (0, "")


def test_what_waits_is_listed(wicketgate: Wicketgate, ada: str) -> None:
    """With its kind and when it is due, and never to whom it goes."""
    leave("job-1")

    person, script = wicketgate("outbox", "list"), wicketgate("outbox", "list", "--json")

    assert "job-1  reset_password  begun 0 times" in person.out
    shown = json.loads(script.out)
    assert (shown["id"], shown["kind"], shown["attempts"]) == ("job-1", "reset_password", 0)
    assert ADA not in person.out + script.out


def test_what_is_due_is_sent(wicketgate: Wicketgate, ada: str) -> None:
    """Now, and then nothing waits any more."""
    leave("job-1")

    sent = wicketgate("outbox", "send")

    assert (sent.code, sent.out) == (0, "Tried 1; 0 wait for another time.\n")
    assert "| To: ada@example.com\n| Subject: Choose a new password for Wicketgate\n" in sent.err
    assert json.loads(wicketgate("outbox", "send", "--json").out) == {"tried": 0, "waiting": 0}


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server at an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for name, value in {"HOST": "127.0.0.1", "PORT": str(port), "TLS": "off"}.items():
        monkeypatch.setenv(f"SMTP_{name}", value)
    monkeypatch.setenv("MAIL_FROM", "login@acme.example")


def test_what_cannot_be_sent_waits(wicketgate: Wicketgate, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that is down loses nothing."""
    unreachable(monkeypatch)
    leave("job-1")

    sent = wicketgate("outbox", "send", "--json")

    assert json.loads(sent.out) == {"tried": 1, "waiting": 1}
    assert json.loads(wicketgate("outbox", "list", "--json").out)["attempts"] == 1


def production(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service for real people that has no mail server."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("JWT_SECRET", "s" * 32)


def test_without_a_way_nothing_is_given_up(wicketgate: Wicketgate, ada: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service may have a way of its own, so what waits is left to it."""
    production(monkeypatch)
    leave("job-1")

    sent = wicketgate("outbox", "send")

    assert sent.code == 1
    assert "no way to send mail here" in sent.err
    assert "job-1" in wicketgate("outbox", "list").out


def test_a_mail_to_try(wicketgate: Wicketgate) -> None:
    """In development it is printed."""
    wicketgate("table", "create")

    tried = wicketgate("mail", "test", " Ada@Example.com ")

    assert (tried.code, tried.out) == (0, "A mail to ada@example.com was printed, as no SMTP_HOST is set.\n")
    assert "| Subject: Email from Wicketgate works\n" in tried.err


def test_a_mail_that_does_not_leave(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told in one line."""
    wicketgate("table", "create")
    unreachable(monkeypatch)

    tried = wicketgate("mail", "test", ADA)

    assert (tried.code, tried.out) == (1, "")
    assert tried.err == "wicketgate: the mail server cannot be reached, or broke off (ConnectionRefusedError)\n"


def test_a_mail_that_nobody_can_send(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to set is told."""
    wicketgate("table", "create")
    production(monkeypatch)

    tried = wicketgate("mail", "test", ADA)

    assert (tried.code, tried.err) == (1, "wicketgate: there is no way to send mail: set SMTP_HOST and MAIL_FROM\n")


def test_a_mail_to_nobody(wicketgate: Wicketgate) -> None:
    """What is no address is refused before anything is sent."""
    wicketgate("table", "create")

    assert wicketgate("mail", "test", "ada").err == "wicketgate: Enter a valid email address\n"


def found(wicketgate: Wicketgate) -> tuple[str, str]:
    """What `check` says of mail."""
    findings = json.loads(wicketgate("check", "--json").out)
    return next((finding["level"], finding["message"]) for finding in findings if finding["subject"] == "mail")


def test_check_says_how_mail_goes(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Printed, to a server, or not at all."""
    wicketgate("table", "create")
    assert found(wicketgate) == ("ok", "is printed and shown at /dev/outbox, which is for development")

    unreachable(monkeypatch)
    monkeypatch.setenv("SMTP_TLS", "starttls")
    level, message = found(wicketgate)
    assert level == "ok"
    assert message.startswith("goes to 127.0.0.1:")
    assert "STARTTLS, without a login" in message

    monkeypatch.setenv("MAIL_TEMPLATES", "nowhere")
    assert found(wicketgate) == ("error", "MAIL_TEMPLATES is 'nowhere', which is no folder that can be read")


def test_check_warns_of_links_that_nobody_sends(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Production without a server sends none, which matters when addresses are to be confirmed."""
    wicketgate("table", "create")
    production(monkeypatch)
    assert found(wicketgate)[0] == "ok"

    monkeypatch.setenv("EMAIL_VERIFICATION", "optional")
    assert found(wicketgate)[0] == "warning"
