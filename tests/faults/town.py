"""A service in a process of its own on a store of its own, with a mail server and people who use it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.contents import Contents, contents_of, owners_in_file, owners_in_table
from tests.faults.danger import Deed, Trouble, at_once
from tests.faults.people import Person, Town
from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table
from tests.support.mail_server import MailServer, mail_server
from tests.support.ports import free_port, running_service
from wicketgate import Settings, Wicketgate
from wicketgate.core.clock import system_clock
from wicketgate.core.ports import Store
from wicketgate.stores.sqlite import SqliteStore

ROUNDS: Final = int(os.environ.get("WICKETGATE_FAULT_ROUNDS", "1"))
"""How often everything is done; many more than one find what happens seldom."""

A_FEW: Final = 4
TWO: Final = 2
"""How many ask at once: more where what happens depends on the moment."""


@dataclass(frozen=True, slots=True)
class Place:
    """A store as a process finds it by its environment, and as the test does."""

    variables: Mapping[str, str]
    open: Callable[[], Store]
    owners: Callable[[], Awaitable[Mapping[str, str]]]


def file_in(folder: Path) -> Place:
    """A file of SQLite."""
    path = folder / "wicketgate.db"

    async def owners() -> Mapping[str, str]:
        return owners_in_file(path)

    return Place({"SQLITE_PATH": str(path)}, lambda: SqliteStore(path), owners)


async def new_table(endpoint: str) -> str:
    """The name of a table that is there and empty."""
    table = random_table()
    store = dynamodb_store(endpoint, table)
    await store.create_table()
    await store.close()
    return table


def table_at(endpoint: str, table: str, reached_at: str | None = None) -> Place:
    """A table of DynamoDB Local, which the service reaches at another address than the test if one is given."""

    async def owners() -> Mapping[str, str]:
        return await owners_in_table(endpoint, table)

    variables = endpoint_environment(reached_at or endpoint, table)
    return Place(variables, lambda: dynamodb_store(endpoint, table), owners)


class Process:
    """The service, which can be killed and started again at the same address."""

    def __init__(self, folder: Path, variables: Mapping[str, str], command: Sequence[str] | None = None) -> None:
        """`command` is another Python command that serves at the port that follows."""
        self.port = free_port()
        self._command = command and [*command[:2], str(self.port), *command[2:]]
        self.pid = 0
        self._folder = folder
        self._variables = variables
        self._running = ExitStack()

    async def start(self) -> None:
        """Returns when it answers. Whoever it needs for that may live on this event loop."""
        starting = running_service(self.port, self._folder, self._command, **self._variables)
        process = await asyncio.to_thread(self._running.enter_context, starting)
        self.pid = process.pid
        self._running.callback(process.kill)

    def kill(self) -> None:
        """Ends it as a power switch would."""
        self._running.close()


@dataclass
class Life:
    """Everybody in a town, and how often they were told what became of what they asked for."""

    town: Town
    place: Place
    process: Process
    variables: Mapping[str, str]
    people: list[Person] = field(default_factory=list)
    told: int = 0
    untold: int = 0

    async def go_through(self, deed: Deed, trouble: Trouble, spread: float = 0, number: int = TWO) -> None:
        """Has some new people do this while something goes wrong."""
        people = [Person(self.town) for _ in range(number)]
        danger = await at_once(deed, people, trouble, spread)
        self.told += danger.told
        self.untold += danger.untold
        self.people += people

    async def check(self, *, trail: bool = True) -> None:
        """Holds the service to what it has told everybody, and the store to having nothing half done."""
        await self.hurry()
        for person in self.people:
            await person.check(trail=trail)
            for (address, about), count in person.owed.items() if trail else ():
                subjects = [str(mail.message["Subject"]) for mail in self.town.mail.to(address)]
                assert sum(about in subject for subject in subjects) >= count, (about, subjects)
            await person.leave()
        await self.hurry()
        found = await self.contents()
        assert found.half_done() == []
        assert not found.jobs

    async def hurry(self) -> None:
        """Has every job done that waits, by another process as it were."""
        store = self.place.open()
        gate = Wicketgate(Settings.from_env(self.variables, env_file=None), store=store)
        for job in await store.jobs(10_000):
            await store.postpone_job(job, system_clock())
        await gate.outbox.do_due()
        await gate.stop()

    async def contents(self) -> Contents:
        """What lies in the store."""
        store = self.place.open()
        found = await contents_of(store, await self.place.owners())
        await store.close()
        return found


@asynccontextmanager
async def life(
    folder: Path, place: Place, command: Sequence[str] | None = None, **variables: str
) -> AsyncIterator[Life]:
    """A town in which nothing is wrong yet."""
    async with mail_server() as mail:
        settings = {**_variables(mail), **place.variables, **variables}
        process = Process(folder, settings, command)
        confirms = variables.get("EMAIL_VERIFICATION", "off") != "off"
        mine: Life

        async def hurry() -> None:
            await mine.hurry()

        try:
            await process.start()
            town = Town(f"http://127.0.0.1:{process.port}", mail, hurry, confirms)
            mine = Life(town, place, process, settings)
            yield mine
        finally:
            process.kill()


def _variables(mail: MailServer) -> dict[str, str]:
    return {
        "JWT_SECRET": "a secret that several processes share, long",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail.port),
        "SMTP_TLS": "off",
        "MAIL_FROM": "Acme <login@acme.example>",
        "SECURITY_NOTICES": "password,email",
        "TRUSTED_PROXIES": "127.0.0.1",
        "RATE_LIMIT_MAX_REQUESTS": "1000",
        "SESSION_LIST": "true",
        "AUDIT_LOGINS": "true",
        "BCRYPT_COST": "4",
        "PAGES": "false",
    }
