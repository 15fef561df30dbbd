"""What a login costs besides its bcrypt, in this process: microseconds of processor time in all of its threads."""

from __future__ import annotations

import itertools
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from statistics import median
from typing import Any
from unittest.mock import patch

from bench import people
from bench.inside import ask, scope
from bench.results import Row
from wicketgate import Settings, Wicketgate
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.users import email_claim
from wicketgate.core.visits import Visit
from wicketgate.crypto.passwords import BcryptHasher
from wicketgate.email_syntax import normalised
from wicketgate.logs import to_stream

_HEADERS = {"Host": "127.0.0.1", "Accept": "*/*", "User-Agent": "bench", "Content-Type": "application/json"}
_EMAIL = "grace@example.com"
_HASH = "$2b$04$" + "." * 53
_LIMIT = Limit("bench", 5, 900_000)
_BLOCKS, _BLOCK = 9, 60

Work = Callable[[], Awaitable[Any]]


class Free:
    """A bcrypt that takes no time and opens everything."""

    def gensalt(self, rounds: int = 12) -> bytes:
        """A salt."""
        return _HASH[:29].encode()

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        """The same hash for every password."""
        return _HASH.encode()

    def checkpw(self, password: bytes, hashed_password: bytes) -> bool:
        """Always."""
        return True


async def measured(store: str, settings: Mapping[str, str]) -> list[Row]:
    """The whole, and the parts that are worth a name."""
    with (
        tempfile.TemporaryFile() as log,
        patch("wicketgate.crypto.passwords.SystemBcrypt", Free),
        patch.dict(os.environ, {**settings, "BCRYPT_COST": "4"}),
    ):
        gate = Wicketgate(Settings.from_env(), write_log=to_stream(log.fileno()))
        rows = [await _row(store, name, work) for name, work in (await _parts(gate)).items()]
        await gate.stop()
    return rows


async def _parts(gate: Wicketgate) -> dict[str, Work]:
    body = json.dumps({"email": _EMAIL, "password": people.PASSWORD}).encode()
    numbers = itertools.count()

    async def login(path: str = "/api/auth/login", expected: int = 200) -> None:
        asked = {**scope("POST", path, _HEADERS), "client": (people.address(), 40_000)}
        answer = await ask(gate, asked, body)
        assert answer.status == expected, answer.body

    async def syntax() -> None:
        normalised(_EMAIL)

    await login("/api/auth/signup", 201)
    claim, hasher = email_claim(_EMAIL), BcryptHasher(4)
    record = await gate.store.find(claim)
    assert record is not None
    event = SecurityEvent("login", record.id, people.address())
    visit = Visit(people.address(), "bench")
    return {
        "the whole": login,
        "the limit of the source, written": lambda: gate.store.take(_LIMIT, f"{next(numbers)}", _now()),
        "to a hashing thread and back": lambda: hasher.verify(people.PASSWORD, _HASH),
        "the user and the account's limit": lambda: gate.store.find_guarded(claim, _LIMIT, _now()),
        "the syntax of the address": syntax,
        "session and tokens": lambda: gate.sign_in.finish(record, visit),
        "the event, noted": lambda: gate.observe(event),
    }


async def _row(store: str, name: str, work: Work) -> Row:
    on_loop, in_all = [], []
    for _ in range(_BLOCK):
        await work()
    for _ in range(_BLOCKS):
        loop, whole = time.thread_time(), time.process_time()
        for _ in range(_BLOCK):
            await work()
        on_loop.append((time.thread_time() - loop) / _BLOCK * 1e6)
        in_all.append((time.process_time() - whole) / _BLOCK * 1e6)
    note = f"{median(on_loop):.0f} µs of it on the event loop"
    return Row(f"Layers of a login on {store} without its bcrypt, in process", name, median(in_all), "µs", note=note)


def _now() -> int:
    return int(time.time() * 1000)
