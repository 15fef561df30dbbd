"""A run: two services, the people who use them, and what goes wrong."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.town import Place, file_in, table_at
from tests.soak import troubles
from tests.soak.citizen import Waiting
from tests.soak.city import City, Load
from tests.soak.mailbox import Mailbox, Told
from tests.soak.proxy import between
from tests.soak.troubles import SERVICE_KILLED, Trouble
from tests.soak.verdict import Verdict, judged
from tests.support.dynamodb_local import dynamodb_store, random_table
from tests.support.frozen import dynamodb_to_freeze
from tests.support.receiver import receiving
from wicketgate.core.errors import StoreUnavailable

_LEASE: Final = 6 * 60
"""Seconds in which a job of a process that was killed is begun by another, and some more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a run takes: rounds of so many seconds, each with one trouble of such a length.

    With `hurried`, who waits for what a dead process had begun does not wait for its lease to run out.
    """

    rounds: int
    seconds: float
    trouble: float
    hurried: bool = False


def lasting(minutes: float) -> Plan:
    """A run of so many minutes."""
    return Plan(rounds=max(1, round(minutes * 60 / 62)), seconds=60, trouble=15)


_VARIABLES: Final = {
    "JWT_SECRET": "a secret that several processes share, long",
    "SMTP_HOST": "127.0.0.1",
    "SMTP_TLS": "off",
    "MAIL_FROM": "Acme <login@acme.example>",
    "SECURITY_NOTICES": "password,email",
    "TRUSTED_PROXIES": "127.0.0.1",
    "RATE_LIMIT_MAX_REQUESTS": "1000",
    "ACCOUNT_LIMIT_MAX_FAILURES": "1000",
    "SESSION_LIST": "true",
    "AUDIT_LOGINS": "true",
    "AUDIT_WEBHOOK_SECRET": "a secret of ours and of the receiver, long",
}
"""Every address asks from one place of its own, which is to be able to fail for an hour. All else is as it comes."""

_WAKING: Final = 10

SHORT: Final = Plan(rounds=3, seconds=4.5, trouble=1.5, hurried=True)


async def soak(plan: Plan, folder: Path) -> Verdict:
    """Runs it, and says what was found."""
    async with _cities(plan, folder) as cities:
        living = [asyncio.create_task(city.live()) for city, _ in cities]
        turns = [(city, _in_turn(wrong)) for city, wrong in cities]
        for number in range(plan.rounds):
            await _round(plan, turns)
            _say(number, plan, [city for city, _ in cities])
        for city, _ in cities:
            city.end()
        await asyncio.gather(*living)
        return await judged([city for city, _ in cities], patience=0 if plan.hurried else _LEASE)


def _in_turn(wrong: Sequence[Trouble]) -> Iterator[Trouble]:
    return itertools.chain([wrong[0], SERVICE_KILLED], itertools.cycle([*wrong[1:], wrong[0]]))


async def _round(plan: Plan, turns: Sequence[tuple[City, Iterator[Trouble]]]) -> None:
    """Good times, bad times, good times, and a moment of rest in which everybody is measured."""
    await asyncio.sleep((plan.seconds - plan.trouble) * 0.4)
    await asyncio.gather(*(next(wrong).strike(city, plan.trouble) for city, wrong in turns))
    await asyncio.sleep((plan.seconds - plan.trouble) * 0.6)
    await asyncio.gather(*(city.measure() for city, _ in turns))


def _say(number: int, plan: Plan, cities: Sequence[City]) -> None:
    for city in cities:
        answers = sum(city.journal.answers.values())
        wrong = city.journal.windows[-1].name
        memory = [f"{one.memory >> 10} MB" for one in city.samples[-2:]]
        print(
            f"{time.strftime('%H:%M:%S')} {number + 1}/{plan.rounds} {city.name}: {wrong}; {answers} answers, "
            f"{city.deeds} deeds, {', '.join(memory)}, {len(city.journal.wrong)} wrong",
            file=sys.stderr,
            flush=True,
        )


@asynccontextmanager
async def _cities(plan: Plan, folder: Path) -> AsyncIterator[list[tuple[City, list[Trouble]]]]:
    waiting = Waiting(patience=30, hurry_after=2) if plan.hurried else Waiting(patience=_LEASE + 120)
    async with AsyncExitStack() as stack:
        first, second = folder / "sqlite", folder / "dynamodb"
        first.mkdir()
        second.mkdir()
        cheap = {"EMAIL_VERIFICATION": "optional", "BCRYPT_COST": "4"}
        on_sqlite = await _city(stack, "SQLite", first, file_in(first), cheap, waiting, Load(6, 4, 0.5))
        freezer = stack.enter_context(dynamodb_to_freeze())
        proxy = await stack.enter_async_context(between(freezer.endpoint))
        table = random_table()
        await _make(freezer.endpoint, table)
        place = table_at(freezer.endpoint, table, proxy.url)
        on_dynamodb = await _city(stack, "DynamoDB", second, place, {"BCRYPT_COST": "10"}, waiting, Load(3, 3, 1))
        path = first / "wicketgate.db"
        yield [(on_sqlite, troubles.of_file(path)), (on_dynamodb, troubles.of_table(freezer, proxy))]


async def _city(
    stack: AsyncExitStack, name: str, folder: Path, place: Place, more: dict[str, str], waiting: Waiting, load: Load
) -> City:
    mail = Mailbox()
    await mail.start()
    stack.push_async_callback(mail.stop)
    receiver = await stack.enter_async_context(receiving())
    variables = {**_VARIABLES, **more, "SMTP_PORT": str(mail.port), "AUDIT_WEBHOOK_URL": receiver.url}
    city = City(name, folder, place, variables, mail, Told(receiver), load, waiting)
    await city.start()
    stack.callback(city.kill)
    return city


async def _make(endpoint: str, table: str) -> None:
    """On a busy machine DynamoDB Local takes longer to wake up than the store has patience."""
    store = dynamodb_store(endpoint, table)
    for attempt in range(_WAKING):
        try:
            await store.create_table()
            break
        except StoreUnavailable:
            if attempt == _WAKING - 1:
                raise
    await store.close()
