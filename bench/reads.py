"""`GET /api/profile` with a session, against the least a server can do and against the usual way of building it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import machine, people, servers
from bench.load import Next, drive, in_turn
from bench.plan import READERS, Plan
from bench.results import Goal, Row, middle, ratios
from bench.rivals import environment
from bench.servers import Server

_PEOPLE = 32
# Nobody is refused while the people sign up; the cost is for signing them up quickly and no read depends on it.
ROOM = {"RATE_LIMIT_MAX_REQUESTS": "1000", "SIGNUP_LIMIT_MAX_REQUESTS": "1000", "BCRYPT_COST": "4"}


@dataclass(slots=True)
class Side:
    """One server in a comparison: requests a second and microseconds of its processor time a request, by round."""

    server: Server
    per_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def run(self, following: Next, seconds: float) -> None:
        """One round."""
        before = self.server.cpu
        load = await drive(self.server.port, following, clients=READERS, seconds=seconds)
        self.cpu.append((self.server.cpu - before) / len(load.latencies) * 1e6)
        self.per_second.append(load.per_second)


async def on_sqlite(plan: Plan, settings: Mapping[str, str]) -> list[Row]:
    """Everything on one core, the load generator on another."""
    core = machine.server_core()
    with ExitStack() as stack:
        gate = Side(stack.enter_context(servers.wicketgate({**settings, **ROOM}, core)))
        requests = in_turn(person.profile for person in people.invite(gate.server.port, _PEOPLE))
        sides = {
            "gate": gate,
            "floor": _same_server(stack, "bench.floor:on_sqlite", settings),
            "empty": _same_server(stack, "bench.empty:app", settings),
            "silent": _same_server(stack, "bench.empty:silent", settings),
            "bare": _same_server(stack, "bench.empty:bare", settings),
            "plain": Side(stack.enter_context(servers.uvicorn(sys.executable, "bench.empty:app", {}, core))),
            "rival": Side(_rival(stack, "on_sqlite", settings)),
        }
        await _compare(sides, requests, plan)
        return [*_sqlite_rows(sides), _above("SQLite", sides), *_costs("SQLite", sides)]


async def on_dynamodb(plan: Plan, settings: Mapping[str, str]) -> list[Row]:
    """The same with DynamoDB Local on the other cores; what it takes itself is not counted."""
    with ExitStack() as stack:
        gate = Side(stack.enter_context(servers.wicketgate({**settings, **ROOM}, machine.server_core())))
        requests = in_turn(person.profile for person in people.invite(gate.server.port, _PEOPLE))
        sides = {
            "gate": gate,
            "floor": _same_server(stack, "bench.floor:on_dynamodb", settings),
            "bare": _same_server(stack, "bench.empty:bare", settings),
            "rival": Side(_rival(stack, "on_dynamodb", settings)),
        }
        await _compare(sides, requests, plan)
        ratio = ratios(gate.cpu, sides["rival"].cpu)
        row = Row(
            "Session read, DynamoDB",
            "processor time a request ÷ FastAPI + aiobotocore",
            ratio.value,
            goal=Goal.AT_MOST,
            target=0.5,
            low=ratio.low,
            high=ratio.high,
        )
        return [row, _above("DynamoDB", sides), *_costs("DynamoDB", sides)]


def _same_server(stack: ExitStack, app: str, settings: Mapping[str, str]) -> Side:
    """Another application under the server that the service has, protocol included."""
    server = servers.uvicorn(sys.executable, app, settings, machine.server_core(), http="bench.empty:protocol")
    return Side(stack.enter_context(server))


def _rival(stack: ExitStack, name: str, settings: Mapping[str, str]) -> Server:
    app = f"bench.rivals.{name}:app"
    return stack.enter_context(servers.uvicorn(environment.python(), app, settings, machine.server_core()))


async def _compare(sides: Mapping[str, Side], requests: Next, plan: Plan) -> None:
    for side in sides.values():
        await side.run(requests, plan.read_seconds)  # warm: connections, caches, Java's compiler
        side.cpu.clear()
        side.per_second.clear()
    for _ in range(plan.read_rounds):
        for side in sides.values():
            await side.run(requests, plan.read_seconds)


def _sqlite_rows(sides: Mapping[str, Side]) -> list[Row]:
    return [
        _row("requests/s ÷ an empty Starlette endpoint under the same server", sides["gate"], sides["empty"], 0.5),
        _row("requests/s ÷ one that has no body", sides["gate"], sides["silent"]),
        _row("requests/s ÷ an empty one under uvicorn as it comes", sides["gate"], sides["plain"]),
        _row("requests/s ÷ FastAPI + SQLAlchemy/aiosqlite", sides["gate"], sides["rival"], 3.0),
    ]


def _row(what: str, side: Side, other: Side, target: float = 0.0) -> Row:
    found = ratios(side.per_second, other.per_second)
    by_cpu = ratios(other.cpu, side.cpu).value
    return Row(
        "Session read, SQLite",
        what,
        found.value,
        goal=Goal.AT_LEAST if target else None,
        target=target,
        low=found.low,
        high=found.high,
        note=f"by processor time {by_cpu:.2f}",
    )


def _above(store: str, sides: Mapping[str, Side]) -> Row:
    """How far the service is from what nobody can leave out."""
    found = ratios(sides["gate"].cpu, sides["floor"].cpu)
    what = "processor time a request ÷ the floor"
    return Row(f"Session read, {store}", what, found.value, low=found.low, high=found.high)


_NAMES = {
    "gate": "Wicketgate",
    "floor": "the floor, an empty ASGI application after one bare read",
    "empty": "empty Starlette endpoint",
    "silent": "the same without a body",
    "bare": "empty ASGI application",
    "plain": "empty Starlette endpoint, uvicorn as it comes",
    "rival": "rival",
}


def _costs(store: str, sides: Mapping[str, Side]) -> list[Row]:
    section = f"Session read, {store}"
    rows = []
    for name, side in sides.items():
        cost, rate = middle(side.cpu), middle(side.per_second).value
        note = f"{rate:,.0f} requests/s, {side.server.memory:.0f} MB"
        rows.append(Row(section, f"{_NAMES[name]}: processor time a request", cost.value, "µs", note=note))
    return rows
