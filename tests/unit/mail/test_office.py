"""Who carries the mail: the console, or a function of the application's own."""

from __future__ import annotations

import threading

import pytest

from wicketgate.core.errors import MailRejected
from wicketgate.core.ports import Letter
from wicketgate.mail.console import MOST_KEPT, Console
from wicketgate.mail.mail import Mail, SendMail
from wicketgate.mail.office import Called, PostOffice
from wicketgate.mail.templates import MailLook, Templates

MAIL = Mail("ada@example.com", "Subject", "One\n\nTwo\n", "<p>One</p>")


async def test_the_console_prints_what_a_person_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """Recipient, subject and text stand on standard error, set apart from the log."""
    await Console()(MAIL)

    assert capsys.readouterr().err == "| To: ada@example.com\n| Subject: Subject\n|\n| One\n|\n| Two\n"


async def test_the_console_keeps_the_last_mails() -> None:
    """Newest first, and no more than it says."""
    console = Console(lambda _: None, lambda: 5)
    for number in range(MOST_KEPT + 2):
        await console(Mail(f"u{number}@example.com", "s", "t", "h"))

    kept = console.kept
    assert len(kept) == MOST_KEPT
    assert (kept[0].mail.to, kept[-1].mail.to, kept[0].at_ms) == (
        f"u{MOST_KEPT + 1}@example.com",
        "u2@example.com",
        5,
    )


async def test_a_letter_is_filled_in_and_carried() -> None:
    """The function is given the mail, written out."""
    carried: list[Mail] = []

    async def carry(mail: Mail) -> None:
        carried.append(mail)

    office = PostOffice(Templates(MailLook("Acme", "https://app.example.com")), Called(carry))
    await office.send(Letter("ada@example.com", "reset_password", {"link": "/reset-password#t"}))

    (mail,) = carried
    assert (mail.to, mail.subject) == ("ada@example.com", "Choose a new password for Acme")
    assert office.console is None


async def test_a_function_that_is_not_async_keeps_nobody_waiting() -> None:
    """It runs in a thread of its own."""
    threads: list[threading.Thread] = []

    await Called(lambda _: threads.append(threading.current_thread()))(MAIL)

    assert threads != [threading.current_thread()]


class Async:
    """Something callable that is `async`."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    async def __call__(self, mail: Mail) -> None:
        self.threads.append(threading.current_thread())


async def test_an_object_that_is_async_is_awaited() -> None:
    """Not only functions are."""
    carry = Async()

    await Called(carry)(MAIL)

    assert carry.threads == [threading.current_thread()]


async def test_what_a_function_returns_is_awaited() -> None:
    """A function that makes the coroutine of another is as good as that one."""
    carry = Async()

    await Called(lambda mail: carry(mail))(MAIL)

    assert len(carry.threads) == 1


async def rejects(mail: Mail) -> None:
    """Says that it never will."""
    raise MailRejected(f"no such address: {mail.to}")


def rejects_at_once(mail: Mail) -> None:
    """The same without `async`."""
    raise MailRejected(f"no such address: {mail.to}")


@pytest.mark.parametrize("function", [rejects, rejects_at_once])
async def test_a_function_may_reject_an_address(function: SendMail) -> None:
    """That ends it, and its words reach no log."""
    with pytest.raises(MailRejected) as caught:
        await Called(function)(MAIL)

    assert "ada" not in str(caught.value)


async def test_any_other_fault_is_told_as_it_is() -> None:
    """Then the mail is tried again."""

    async def fails(mail: Mail) -> None:
        raise OSError("no route")

    with pytest.raises(OSError, match="no route"):
        await Called(fails)(MAIL)
