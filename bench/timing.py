"""`python -m bench.timing`: whether the time of an answer tells anything about a secret, or about who has an account.

As in Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?", two kinds of input take turns in random
order, and a t-test says whether their times differ. Each batch makes its inputs anew, and the batches are what is
tested: where an object lies in memory is worth some nanoseconds, which would pass for a difference. Writes TIMING.md.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bench import machine
from bench.timing_logins import logins
from bench.timing_tokens import comparisons

T = TypeVar("T")

LIMIT = 4.5
"""Of |t|. Beyond it the authors take the times for different."""

_BATCHES = 20
_CROP = 0.5
"""Of the times of each kind the slower half is left out: what others do on this machine is in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Two kinds of input: the median time of the first and by how much the second takes longer, in nanoseconds."""

    what: str
    nanoseconds: float
    difference: float
    t: float
    runs: int


def main() -> int:
    """Measures everything. Returns 0 whatever is found: times are for people to judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.timing")
    parser.add_argument("--quick", action="store_true", help="fewer runs; writes no file")
    quick = parser.parse_args().quick
    found = []
    for what, make in comparisons().items():
        found.append(measured(what, partial(_timed, make), 200 if quick else 3_000))
        _say(found[-1])
    with asyncio.Runner() as runner:
        for what, pair, settle in runner.run(logins()):
            calls = [_blocking(runner, call) for call in pair]
            found.append(measured(what, partial(list, calls), 5 if quick else 60, _blocking(runner, settle)))
            _say(found[-1])
    if not quick:
        Path(__file__).with_name("TIMING.md").write_text(_page(found))
    return 0


def measured(
    what: str, make: Callable[[], Sequence[Callable[[], int]]], runs: int, after: Callable[[], object] = lambda: None
) -> Found:
    """What two kinds of calls say of their times, in random turns so that what disturbs one disturbs the other.

    `after` each is done what its answer did not wait for.
    """
    middles, differences = [], []
    for _ in range(_BATCHES):
        kinds, swapped = make(), random.getrandbits(1)
        times: tuple[list[int], list[int]] = ([], [])
        # By lot, and not in pairs: what one leaves to do must not always lie before the other.
        for turn in random.choices((0, 1), k=2 * runs):
            times[turn].append(kinds[turn ^ swapped]())
            after()
        # Each kind has each place in turn, as the places differ by some nanoseconds themselves.
        first, second = (sorted(times[kind ^ swapped])[: math.ceil(runs * _CROP)] for kind in (0, 1))
        middles.append(statistics.median(first))
        differences.append(statistics.fmean(second) - statistics.fmean(first))
    return Found(
        what, statistics.median(middles), statistics.fmean(differences), student(differences), runs * _BATCHES
    )


def student(differences: Sequence[float]) -> float:
    """Student's t: how many standard errors the mean lies from zero."""
    return statistics.fmean(differences) / (statistics.stdev(differences) / math.sqrt(len(differences)))


def _timed(make: Callable[[], Sequence[Callable[[], object]]]) -> list[Callable[[], int]]:
    return [partial(_nanoseconds, call) for call in make()]


def _nanoseconds(call: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    call()
    return time.perf_counter_ns() - began


def _blocking(runner: asyncio.Runner, call: Callable[[], Coroutine[Any, Any, T]]) -> Callable[[], T]:
    return lambda: runner.run(call())


def _say(found: Found) -> None:
    print(_line(found), file=sys.stderr, flush=True)


def _line(found: Found) -> str:
    told = "different" if abs(found.t) > LIMIT else "the same"
    times = f"{found.nanoseconds / 1000:,.2f} | {found.difference:+,.0f}"
    return f"| {found.what} | {times} | {found.t:+.1f} | {found.runs:,} | {told} |"


def _page(found: Sequence[Found]) -> str:
    described = ", ".join(f"{name} {value}" for name, value in machine.described().items())
    top = ["# Timing", "", "Made by `python -m bench.timing`; README.md says how, and what to make of it.", ""]
    head = ["| two kinds of input | the first, µs | the second longer by, ns | t | runs of each | |"]
    return "\n".join(
        [*top, described, "", *head, "| --- | ---: | ---: | ---: | ---: | --- |", *map(_line, found), ""]
    )


if __name__ == "__main__":
    sys.exit(main())
