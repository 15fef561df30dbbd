"""Successful logins a second against the machine's own bcrypt limit, and what they do to everybody else's reads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bench import bcrypt_limit, machine, people, servers
from bench.load import Next, drive, in_turn
from bench.plan import COST, LOGGERS_IN, Plan
from bench.results import Goal, Middle, Row, middle, ratios
from bench.servers import Server

_PEOPLE = 24
_WARM = 0.5
_TARGETS = {"SQLite": 0.97, "DynamoDB": 0.97}
# Every limit is on and at its default: each login comes from an address of its own, by the word of a proxy.
SETTINGS = {"BCRYPT_COST": str(COST), "TRUSTED_PROXIES": "127.0.0.1/32"}


async def measured(store: str, plan: Plan, settings: Mapping[str, str]) -> list[Row]:
    """The server has the cores that bcrypt had alone; generator and DynamoDB Local have the last one."""
    cores = machine.server_cores()
    with servers.wicketgate({**settings, **SETTINGS}, cores) as server:
        known = people.invite(server.port, _PEOPLE)
        rows = await _throughput(store, plan, server, known, cores)
        return rows if store != "SQLite" else [*rows, *await _neighbours(plan, server, known)]


async def _throughput(
    store: str, plan: Plan, server: Server, known: list[people.Person], cores: machine.Cores
) -> list[Row]:
    alone, alone_cpu, served, served_cpu, refused = [], [], [], [], 0
    following = people.logins(known)
    for _ in range(plan.login_rounds):
        limit = await asyncio.to_thread(bcrypt_limit.measured, COST, plan.login_seconds, cores)
        # Until the first login is answered there is nothing to count, though every core is at work.
        load = await drive(server.port, following, clients=LOGGERS_IN, seconds=plan.login_seconds, warm=_WARM)
        alone.append(limit.per_second)
        alone_cpu.append(limit.per_cpu_second)
        served.append(load.per_second)
        refused += len(load.unexpected)
        served_cpu.append(1 / await _cpu_of_one(server, following))
    found = ratios(served, alone)
    by_cpu = ratios(served_cpu, alone_cpu).value
    note = f"{middle(served).value:.1f}/s of {middle(alone).value:.1f}/s; by processor time {by_cpu:.2f}"
    if refused:
        note += f"; {refused} refused with 503, as the disk kept the store waiting for seconds"
    return [_row(f"Logins, {store}", f"logins/s ÷ bcrypt verifications/s at cost {COST}", found, store, note)]


async def _cpu_of_one(server: Server, following: Next) -> float:
    """Seconds of processor time a login: of whole logins, whichever thread they took it in."""
    before, sent = server.cpu, 0

    def counted() -> bytes:
        nonlocal sent
        sent += 1
        return following()

    await drive(server.port, counted, clients=LOGGERS_IN, seconds=1.0)
    return (server.cpu - before) / sent


def _row(section: str, what: str, found: Middle, store: str, note: str) -> Row:
    return Row(
        section,
        what,
        found.value,
        goal=Goal.AT_LEAST,
        target=_TARGETS[store],
        low=found.low,
        high=found.high,
        note=note,
    )


async def _neighbours(plan: Plan, server: Server, known: list[people.Person]) -> list[Row]:
    """One client reads without pause, at first alone and then beside those who log in without pause."""
    quiet, busy, quiet_tail, busy_tail = [], [], [], []
    reads, following = in_turn(person.profile for person in known), people.logins(known)
    for _ in range(plan.login_rounds):
        alone = await drive(server.port, reads, clients=1, seconds=plan.login_seconds / 2)
        beside, _ = await asyncio.gather(
            drive(server.port, reads, clients=1, seconds=plan.login_seconds / 2),
            drive(server.port, following, clients=LOGGERS_IN, seconds=plan.login_seconds / 2 + 0.2),
        )
        quiet.append(alone.p50)
        quiet_tail.append(alone.p99)
        busy.append(beside.p50)
        busy_tail.append(beside.p99)
    section = f"Session read beside {LOGGERS_IN} clients who log in"
    return [
        _at_most(section, "median latency ÷ the quiet one", busy, quiet, 2.0),
        _at_most(section, "99th percentile ÷ the quiet one", busy_tail, quiet_tail, 3.0),
    ]


def _at_most(section: str, what: str, busy: list[float], quiet: list[float], target: float) -> Row:
    found = ratios(busy, quiet)
    note = f"{middle(busy).value:.2f} ms; quiet {middle(quiet).value:.2f} ms"
    return Row(section, what, found.value, "×", Goal.AT_MOST, target, found.low, found.high, note)
