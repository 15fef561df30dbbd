"""`python -m bench.compare`: everybody in one run, and the tables into RESULTS.md. `--quick` writes nothing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench import machine, stores
from bench.compare import behaviour, ceiling, peers, work
from bench.compare.peers import Peer
from bench.compare.work import Found, Plan

_FULL = Plan(rounds=3, seconds=1.5)
_QUICK = Plan(rounds=1, seconds=1.0)
_HERE = Path(__file__).parent


def main() -> int:
    """Runs the comparison. Returns 0."""
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description="Wicketgate beside its peers.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds; writes no file")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only peers of this name")
    chosen = parser.parse_args()
    local = stores.DynamoDBLocal()
    os.sched_setaffinity(0, machine.client_core())
    plan = _QUICK if chosen.quick else _FULL
    try:
        everybody = [peer for peer in peers.peers(local.new_table) if not chosen.only or peer.name in chosen.only]
        local.keep_on(machine.store_cores())
        most = uvloop.run(ceiling.items_a_second(local.new_table(), plan))
        rows = [(peer, *_of(peer, plan, local.keep_on)) for peer in everybody]
    finally:
        local.stop()
    page = _page(rows, most)
    print(page)
    if not chosen.quick:
        (_HERE / "RESULTS.md").write_text(page)
    return 0


def _of(peer: Peer, plan: Plan, place: Callable[[machine.Cores], None]) -> tuple[Found, dict[str, str]]:
    print(f"{peer.name} on {peer.store} …", file=sys.stderr, flush=True)
    with TemporaryDirectory(prefix="wicketgate-compare-") as folder:
        (Path(folder) / "work").mkdir()
        (Path(folder) / "behaviour").mkdir()
        found = uvloop.run(work.measured(peer, Path(folder) / "work", plan, place))
        return found, behaviour.told(peer, Path(folder) / "behaviour")


Rows = list[tuple[Peer, Found, dict[str, str]]]


def _page(rows: Rows, most: float) -> str:
    known = {**machine.described(), **peers.versions()}
    said = ", ".join(f"{name} {value}" for name, value in known.items())
    title = "# Side by side\n\nMade by `make compare`; ../README.md says how.\n"
    note = (
        f"DynamoDB Local itself answers {most:,.0f} such reads a second on its cores, so nobody on it can show more; "
        "µs a read is processor time of the server process alone, whatever the store takes."
    )
    return f"{title}\n{said}\n\n{_speed(rows)}\n\n{note}\n\n{_behaviour(rows)}\n"


def _speed(rows: Rows) -> str:
    lines = [
        "| | store | session reads/s, one core | µs a read | logins/s | sign-ups/s | read beside logins: median, p99 "
        "÷ quiet | start | idle |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for peer, found, _ in rows:
        lines.append(
            f"| {peer.name} | {peer.store} | {found.reads:,.0f} | {found.read_cpu_us:,.0f} | {found.logins:.1f} | "
            f"{found.sign_ups:.1f} | {found.storm_p50:.1f} ×, {found.storm_p99:.1f} × | {found.start_ms:.0f} ms | "
            f"{found.idle_mb:.0f} MB |"
        )
    return "\n".join(lines)


def _behaviour(rows: Rows) -> str:
    questions = list(rows[0][2])
    head = [f"{peer.name}, {peer.store}" for peer, *_ in rows]
    lines = [f"| | {' | '.join(head)} |", f"| --- |{' --- |' * len(head)}"]
    lines += [f"| {question} | {' | '.join(told[question] for *_, told in rows)} |" for question in questions]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
