"""What one, two and four processes do on one store. `python -m bench.workers` writes WORKERS.md."""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import uvloop

from bench import machine, people, servers, stores
from bench.load import Next, drive, in_turn, request
from bench.plan import COST
from bench.servers import Server

_HERE = Path(__file__).parent
_WORKERS = (1, 2, 4)
_CLIENTS = 32
_PEOPLE = 64
_ROUNDS = 5
_ROOM = {"RATE_LIMIT_MAX_REQUESTS": "1000", "SIGNUP_LIMIT_MAX_REQUESTS": "1000", "TRUSTED_PROXIES": "127.0.0.1/32"}
_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request: its name, the next one, the status it is answered with, and how long a round takes."""

    name: str
    following: Next
    expected: int = 200
    seconds: float = 1.5


@dataclass(slots=True)
class Side:
    """A service of so many processes, and what each round has found of one kind of request."""

    workers: int
    server: Server
    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    busiest: list[float] = field(default_factory=list)

    async def run(self, kind: Kind) -> None:
        """One round."""
        before = self._cpu()
        load = await drive(
            self.server.port, kind.following, clients=_CLIENTS, seconds=kind.seconds, expected=kind.expected
        )
        used = [now - then for now, then in zip(self._cpu(), before, strict=True)]
        self.per_second.append(load.per_second)
        self.cpu.append(sum(used) / len(load.latencies) * 1e6)
        self.p99.append(load.p99)
        self.busiest.append(max(used) / sum(used))

    def forget(self) -> None:
        """Before another kind of request."""
        for found in (self.per_second, self.cpu, self.p99, self.busiest):
            found.clear()

    def _cpu(self) -> list[float]:
        pids = sorted([self.server.pid, *machine.children(self.server.pid)])
        return [machine.cpu_seconds(pid) for pid in pids]


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of request on one store with so many processes: medians of the rounds."""

    store: str
    kind: str
    workers: int
    per_second: float
    cpu: float
    p99: float
    busiest: float


def main() -> int:
    """Measures both stores, prints the tables and writes them to WORKERS.md. Returns 0."""
    os.sched_setaffinity(0, machine.client_core())
    described = ", ".join(f"{name} {value}" for name, value in machine.described().items())
    with stores.on_sqlite() as settings:
        found = _on("SQLite", settings)
    local = stores.DynamoDBLocal()
    try:
        local.keep_on(machine.other_cores())
        found += _on("DynamoDB Local", local.new_table())
    finally:
        local.stop()
    page = "\n".join(
        ["# Workers", "", "Made by `python -m bench.workers`; README.md says how.", "", described, *_tables(found)]
    )
    print(page)
    (_HERE / "WORKERS.md").write_text(page + "\n")
    return 0


def _on(store: str, settings: Mapping[str, str]) -> list[Found]:
    found: list[Found] = []
    for cost in (4, COST):
        with ExitStack() as stack:
            sides = _started(stack, {**settings, **_ROOM, "BCRYPT_COST": str(cost)})
            known = people.invite(sides[0].server.port, _PEOPLE)
            for kind in _kinds(known, cheap=cost == 4):
                rows = uvloop.run(_in_turns(store, kind, sides))
                print(*_tables(rows), sep="\n", file=sys.stderr, flush=True)
                found += rows
    return found


def _started(stack: ExitStack, settings: Mapping[str, str]) -> list[Side]:
    """All of them on one store, and nobody idle is in the way of who is asked."""
    sides = []
    for workers in _WORKERS:
        server = stack.enter_context(servers.wicketgate(settings, machine.server_cores(), workers=workers))
        sides.append(Side(workers, server))
    time.sleep(2)  # the first worker answers before the last is there
    return sides


def _kinds(known: list[people.Person], *, cheap: bool) -> Iterator[Kind]:
    if cheap:
        yield Kind("session read", in_turn(person.profile for person in known))
        yield Kind("profile change", _changes(known))
        yield Kind("sign-up, cost 4", _sign_up, 201)
    else:
        yield Kind(f"login, cost {COST}", people.logins(known), seconds=5)


def _changes(known: Sequence[people.Person]) -> Next:
    turn = itertools.cycle(known)

    def change() -> bytes:
        body = json.dumps({"bio": f"I am here for the {next(_NUMBERS)}th time."}).encode()
        return next(turn).change(body)

    return change


def _sign_up() -> bytes:
    given = {"email": f"new{next(_NUMBERS)}@example.com", "password": people.PASSWORD}
    return request("POST", "/api/auth/signup", {"X-Forwarded-For": people.address()}, json.dumps(given).encode())


async def _in_turns(store: str, kind: Kind, sides: Sequence[Side]) -> list[Found]:
    for number in range(_ROUNDS + 1):
        for side in sides:
            if number == 1:
                side.forget()  # the first round warmed everything up
            await side.run(kind)
    return [
        Found(store, kind.name, side.workers, *map(median, (side.per_second, side.cpu, side.p99, side.busiest)))
        for side in sides
    ]


def _tables(found: Sequence[Found]) -> Iterator[str]:
    for store in dict.fromkeys(one.store for one in found):
        yield f"\n| {store} | processes | a second | processor time of each | p99 | the busiest did |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: |"
        for one in found:
            if one.store == store:
                yield (
                    f"| {one.kind} | {one.workers} | {one.per_second:,.0f} | {one.cpu:,.0f} µs "
                    f"| {one.p99:,.1f} ms | {one.busiest:.0%} |"
                )


if __name__ == "__main__":
    sys.exit(main())
