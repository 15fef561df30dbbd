"""`python -m bench.growth`: what more users do to an operation. Latency and request units should not know of them."""

from __future__ import annotations

import asyncio
import math
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import apsw
import uvloop
from aiodynamo.client import Client
from aiodynamo.credentials import Key, StaticCredentials
from aiodynamo.http.aiohttp import AIOHTTP
from aiodynamo.models import BatchWriteRequest
from aiohttp import ClientSession
from yarl import URL

from bench import machine
from tests.support.dynamodb.server import Server
from tests.support.dynamodb_local import REGION, dynamodb_store, random_table
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Store
from wicketgate.core.users import Edit, UserRecord, claims_of, email_claim
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.dynamodb.items import to_item
from wicketgate.stores.dynamodb.keys import claim_key
from wicketgate.stores.sqlite import rows
from wicketgate.stores.sqlite.store import SqliteStore

_HERE = Path(__file__).parent
_SIZES = {"SQLite": (10, 10_000, 1_000_000), "DynamoDB": (10, 1_000, 100_000)}
_LOOKS = 400
_WARM = 400
_NOW = "2030-01-31T12:00:00.000Z"
_MOST_STEEP = 0.25
"""By how much a time may grow with each tenfold of the users: now and then a tree of SQLite has a level more."""

_NAMESPACE = uuid.UUID(int=0)
_LIMIT = Limit("login", 5, 900_000)

Operation = Callable[[int], Awaitable[object]]
"""One operation on the user of this number."""


@dataclass(frozen=True, slots=True)
class Found:
    """The median of an operation at one number of users, in microseconds, and its units a call on DynamoDB."""

    store: str
    users: int
    operation: str
    microseconds: float
    units: tuple[float, float] | None


def main() -> int:
    """Measures both stores, prints the table and writes it to GROWTH.md. Returns 1 if something is not flat."""
    found = [*uvloop.run(_on_sqlite()), *_on_dynamodb()]
    page = _page(found)
    print(page)
    (_HERE / "GROWTH.md").write_text(page)
    return 1 if any(not flat(rows) for _, rows in _rows(found)) else 0


def person(number: int) -> UserRecord:
    """A user as one usually is; the same for the same number."""
    return UserRecord(
        id=str(uuid.uuid5(_NAMESPACE, str(number))),
        email=f"person{number}@example.com",
        name="Ada Lovelace",
        created_at=_NOW,
        last_modified=_NOW,
        bio="I write programs.",
        private={"passwordHash": "$2b$12$" + "x" * 53},
    )


async def _on_sqlite() -> list[Found]:
    found = []
    with TemporaryDirectory(prefix="wicketgate-growth-") as folder:
        path, have = Path(folder) / "users.db", 0
        for users in _SIZES["SQLite"]:
            _say(f"SQLite, {users:,} users")
            store = SqliteStore(path)
            await store.create_table()
            await store.close()
            _fill(path, range(have, users))
            have = users
            found += await _measured("SQLite", store, users)
            await store.close()
    return found


def _fill(path: Path, numbers: range) -> None:
    """Past the store, which writes each user durably by itself."""
    connection = apsw.Connection(str(path))
    with connection:
        connection.executemany(rows.INSERT, (rows.encoded(person(number)) for number in numbers))
        claims = ((f"email#{person(number).email}", person(number).id) for number in numbers)
        connection.executemany("INSERT INTO claims (key, user_id) VALUES (?, ?)", claims)
    connection.close()


def _on_dynamodb() -> list[Found]:
    server = Server()
    try:
        return uvloop.run(_in_table(server.endpoint))
    finally:
        server.stop()


async def _in_table(endpoint: str) -> list[Found]:
    found: list[Found] = []
    table, have, meter = random_table(), 0, Meter()
    store = dynamodb_store(endpoint, table, meter)
    await store.create_table()
    for users in _SIZES["DynamoDB"]:
        _say(f"DynamoDB Local, {users:,} users")
        await _put(endpoint, table, range(have, users))
        have = users
        found += await _measured("DynamoDB", store, users, meter)
    await store.close()
    return found


async def _put(endpoint: str, table: str, numbers: range) -> None:
    credentials = StaticCredentials(Key("x", "x"))
    async with ClientSession() as session:
        client = Client(AIOHTTP(session), credentials, REGION, endpoint=URL(endpoint))
        for start in range(0, len(numbers), 96):
            batches = [numbers[at : at + 12] for at in range(start, min(start + 96, len(numbers)), 12)]
            await asyncio.gather(*(client.batch_write({table: _request(batch)}) for batch in batches))


def _request(numbers: Sequence[int]) -> BatchWriteRequest:
    people = [person(number) for number in numbers]
    claims = [{**claim_key(claim), "owner": one.id} for one in people for claim in claims_of(one)]
    return BatchWriteRequest(items_to_put=[*map(to_item, people), *claims])


async def _measured(name: str, store: Store, users: int, meter: Meter | None = None) -> list[Found]:
    return [
        await _looked(name, users, operation, partial(act, store), meter) for operation, act in _OPERATIONS.items()
    ]


async def _looked(name: str, users: int, operation: str, act: Operation, meter: Meter | None) -> Found:
    taken, draw = [], random.Random(users)
    for _ in range(_WARM):
        await act(draw.randrange(users))
    before = (meter.read, meter.write) if meter else (0.0, 0.0)
    for _ in range(_LOOKS):
        number = draw.randrange(users)
        began = time.perf_counter()
        await act(number)
        taken.append(time.perf_counter() - began)
    units = ((meter.read - before[0]) / _LOOKS, (meter.write - before[1]) / _LOOKS) if meter else None
    return Found(name, users, operation, median(taken) * 1e6, units)


async def _session(store: Store, number: int) -> object:
    return await store.get(person(number).id)


async def _login(store: Store, number: int) -> object:
    return await store.find_guarded(email_claim(person(number).email), _LIMIT, 1)


async def _unknown(store: Store, number: int) -> object:
    return await store.find_guarded(email_claim(f"nobody{number}@example.com"), _LIMIT, 1)


async def _update(store: Store, number: int) -> object:
    # Another name each time: one that changes nothing writes nothing to the index.
    return await store.edit(person(number).id, Edit(fields={"name": f"Ada {random.getrandbits(30):010}"}))


async def _limit(store: Store, _: int) -> object:
    # Another source each time: the same few would soon be refused.
    return await store.take(_LIMIT, f"source {random.getrandbits(60)}", time.time_ns() // 1_000_000)


async def _sign_up(store: Store, number: int) -> object:
    made = person(-1 - number - random.getrandbits(60))
    await store.create(made, claims_of(made))
    return await store.delete(made.id)


_OPERATIONS: dict[str, Callable[[Store, int], Awaitable[object]]] = {
    "session check": _session,
    "login, known address": _login,
    "login, unknown address": _unknown,
    "update": _update,
    "limit": _limit,
    "sign-up and deletion": _sign_up,
}


def _page(found: list[Found]) -> str:
    described = ", ".join(f"{name} {value}" for name, value in machine.described().items())
    lines = ["# Growth", "", "Made by `python -m bench.growth`; README.md says how.", "", described, ""]
    for store, sizes in _SIZES.items():
        head = " | ".join(f"{size:,} users" for size in sizes)
        lines += [f"| {store} | {head} | each tenfold | |", f"| --- |{' ---: |' * (len(sizes) + 1)} --- |"]
        lines += [_line(rows) for name, rows in _rows(found) if name == store] + [""]
    return "\n".join(lines)


def _rows(found: list[Found]) -> Iterator[tuple[str, list[Found]]]:
    """What was found of each operation on each store, by number of users."""
    for store in _SIZES:
        for operation in _OPERATIONS:
            yield store, [one for one in found if (one.store, one.operation) == (store, operation)]


def _line(found: list[Found]) -> str:
    cells = [f"{one.microseconds:,.0f} µs{_units(one)}" for one in found]
    said = "flat" if flat(found) else "**grows**"
    return f"| {found[0].operation} | {' | '.join(cells)} | {slope(found):+.1%} | {said} |"


def flat(found: list[Found]) -> bool:
    """Whether an operation takes the same units at every number of users, and about the same time."""
    return slope(found) <= _MOST_STEEP and len({one.units for one in found}) == 1


def _units(one: Found) -> str:
    return "" if one.units is None else f", {one.units[0]:g} R {one.units[1]:g} W"


def slope(found: list[Found]) -> float:
    """By how much the time grows with each tenfold of the users: least squares over the logarithms."""
    xs = [math.log10(one.users) for one in found]
    ys = [math.log10(one.microseconds) for one in found]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    steep = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
    return float(10**steep - 1)


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
