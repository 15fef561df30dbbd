"""How fast each peer is: sign-ups and logins on all cores but the generator's, reads on one."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.compare.peers import Peer
from bench.compare.speech import PASSWORD
from bench.compare.talk import raw, well
from bench.load import drive, in_turn
from bench.results import middle
from bench.servers import Server

CLIENTS = 16
_PEOPLE = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds, and seconds of each measurement in a round."""

    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """The medians of the rounds. Rates are a second, times in milliseconds, memory in megabytes."""

    reads: float
    read_cpu_us: float
    logins: float
    sign_ups: float
    storm_p50: float
    storm_p99: float
    start_ms: float
    idle_mb: float


async def measured(peer: Peer, folder: Path, plan: Plan, place: Callable[[machine.Cores], None]) -> Found:
    """Two servers, one after the other: pinned to one core for the reads, on all but the generator's for the rest.

    `place` puts DynamoDB Local on cores that neither the server nor the generator has while there are reads, or it
    would hold them up. Logins take every core, so it is beside the generator then, which has little to do.
    """
    (folder / "one").mkdir()
    (folder / "all").mkdir()
    place(machine.store_cores())
    starts = [_start(peer, folder / f"start{number}") for number in range(plan.rounds)]
    with peer.start(machine.server_core(), folder / "one", False) as server:
        reads, cpu = await _reads(peer, server, plan)
    place(machine.client_core())
    with peer.start(machine.server_cores(), folder / "all", False) as server:
        logins, sign_ups, quiet, busy = await _logins(peer, server, plan)
    return Found(
        reads=reads,
        read_cpu_us=cpu,
        logins=logins,
        sign_ups=sign_ups,
        storm_p50=busy[0] / quiet[0],
        storm_p99=busy[1] / quiet[1],
        start_ms=middle([ms for ms, _ in starts]).value,
        idle_mb=middle([mb for _, mb in starts]).value,
    )


def _start(peer: Peer, folder: Path) -> tuple[float, float]:
    folder.mkdir()
    with peer.start(machine.server_core(), folder, False) as server:
        took = (time.perf_counter() - server.started) * 1000
        return took, _memory(server)


def _memory(server: Server) -> float:
    family = [server.pid, *machine.children(server.pid)]
    return sum(machine.resident_megabytes(pid) for pid in family)


def _cpu(server: Server) -> float:
    return sum(machine.cpu_seconds(pid) for pid in (server.pid, *machine.children(server.pid)))


def _people(peer: Peer, port: int) -> list[dict[str, str]]:
    emails = [f"person{number}@example.com" for number in range(_PEOPLE)]
    for email in emails:
        well(port, peer.speech.sign_up(email, PASSWORD))
    return [peer.speech.shown(well(port, peer.speech.log_in(email, PASSWORD))) for email in emails]


async def _reads(peer: Peer, server: Server, plan: Plan) -> tuple[float, float]:
    following = in_turn(raw(server.port, peer.speech.read, shown) for shown in _people(peer, server.port))
    await drive(server.port, following, clients=CLIENTS, seconds=plan.seconds)
    rates, costs = [], []
    for _ in range(plan.rounds):
        before = _cpu(server)
        load = await drive(server.port, following, clients=CLIENTS, seconds=plan.seconds)
        costs.append((_cpu(server) - before) / len(load.latencies) * 1e6)
        rates.append(load.per_second)
    return middle(rates).value, middle(costs).value


async def _logins(
    peer: Peer, server: Server, plan: Plan
) -> tuple[float, float, tuple[float, float], tuple[float, float]]:
    """Logins and sign-ups a second, and a lone reader's median and 99th percentile without and beside logins."""
    shown = _people(peer, server.port)
    login = peer.speech.log_in("person0@example.com", PASSWORD)
    logins = in_turn(
        raw(server.port, peer.speech.log_in(f"person{number}@example.com", PASSWORD)) for number in range(_PEOPLE)
    )
    numbers = itertools.count()
    sign_up = peer.speech.sign_up("", "")

    def next_sign_up() -> bytes:
        return raw(server.port, peer.speech.sign_up(f"new{next(numbers)}@example.com", PASSWORD))

    reads = in_turn(raw(server.port, peer.speech.read, one) for one in shown)
    seconds, found = plan.seconds * 2, []
    for _ in range(plan.rounds):
        entered = await drive(
            server.port, logins, clients=CLIENTS, seconds=seconds, warm=0.5, expected=login.expected
        )
        made = await drive(
            server.port, next_sign_up, clients=CLIENTS, seconds=seconds, warm=0.5, expected=sign_up.expected
        )
        quiet = await drive(server.port, reads, clients=1, seconds=seconds / 2)
        beside, _ = await asyncio.gather(
            drive(server.port, reads, clients=1, seconds=seconds),
            drive(server.port, logins, clients=CLIENTS, seconds=seconds + 0.2, expected=login.expected),
        )
        found.append((entered.per_second, made.per_second, quiet.p50, quiet.p99, beside.p50, beside.p99))
    columns = [middle(list(values)).value for values in zip(*found, strict=True)]
    return columns[0], columns[1], (columns[2], columns[3]), (columns[4], columns[5])
