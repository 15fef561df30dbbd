"""A mail server that is down, hangs, or refuses: nobody's answer depends on it, and no mail is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.danger import Trouble
from tests.faults.deeds import ask_for_a_link, ask_to_move, change_password, delete
from tests.faults.people import Person
from tests.faults.town import ROUNDS, Life, file_in, life
from tests.support.mail_server import MailServer
from wicketgate.core.clock import system_clock
from wicketgate.outbox.worker import LEASE_MS


def down(mail: MailServer) -> Trouble:
    """Nobody listens."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        await mail.stop()
        yield
        await mail.start()

    return trouble


def refusing(mail: MailServer, answer: str | None) -> Trouble:
    """It takes no message; None breaks off."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        mail.data, before = lambda: answer, mail.data
        yield
        mail.data = before

    return trouble


def forgetful(mail: MailServer) -> Trouble:
    """It takes every message and breaks off before it says so."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        mail.forgets_to_answer = True
        yield
        mail.forgets_to_answer = False

    return trouble


def hanging(mail: MailServer) -> Trouble:
    """It accepts connections and says nothing more."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        mail.open.clear()
        yield
        mail.open.set()

    return trouble


async def test_every_answer_and_every_mail_comes(tmp_path: Path) -> None:
    """With each kind of trouble everybody is answered, and later has every mail that they were promised."""
    async with life(tmp_path, file_in(tmp_path), EMAIL_VERIFICATION="optional") as mine:
        mail = mine.town.mail
        troubles = [
            *(down(mail), hanging(mail), forgetful(mail)),
            *(refusing(mail, answer) for answer in ("451 later", "452 full", "554 no", None)),
        ]
        for _ in range(ROUNDS):
            for trouble in troubles:
                for deed in (ask_for_a_link, ask_to_move, change_password, delete):
                    await mine.go_through(deed, trouble)
        await mine.check()
        assert mine.untold == 0


async def due_at_once(mine: Life) -> None:
    """Waits until a job has failed, and has the time pass until it is tried again."""
    store = mine.place.open()
    now = system_clock()
    for _ in range(600):
        jobs = [job for job in await store.jobs(10) if job.due_ms < now + LEASE_MS - 60_000]
        if jobs:
            break
        await asyncio.sleep(0.05)
    for job in jobs:
        await store.postpone_job(job, now)
    await store.close()


async def test_it_goes_on_by_itself(tmp_path: Path) -> None:
    """The process that could not send a mail sends it when the server is back, without a word from anybody."""
    async with life(tmp_path, file_in(tmp_path)) as mine:
        person = Person(mine.town)
        await person.move_in()
        async with down(mine.town.mail)():
            await person.succeed(lambda: person.http.forget(person.email))
            await due_at_once(mine)
        mine.town.mail.asked.clear()
        await asyncio.wait_for(mine.town.mail.asked.wait(), 60)
        await person.link_to(person.email, "new password")
        await person.leave()
