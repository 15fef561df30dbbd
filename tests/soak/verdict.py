"""What a run has shown, held against what is asked of it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from tests.faults.contents import contents_of
from tests.soak.citizen import Settled
from tests.soak.city import City
from tests.soak.gauges import Sample
from tests.soak.journal import Window
from wicketgate.stores.dynamodb.http import IDLE_SECONDS

MOST_GROWTH: Final = 6 * 1024
"""KiB that a process may be larger at the end than after the first third of its life: allocators and caches vary.

Who was killed young never got so far, and may be as large as the oldest was then.
"""

MOST_OPEN: Final = 24
"""Descriptors, and threads, that may be more at the end: connections to the store are kept for half a minute."""

MOST_MORE: Final = 2
"""Tasks that may be more at the end than when there were fewest: whoever looks for work may do so just then."""

MOST_LOG_OF_SQLITE: Final = 32 << 20
"""Bytes of the write-ahead log, which begins anew at 4 MB when no reader is in the way."""

SLOWEST: Final = 1.0
"""Seconds that the median of session reads may take from two seconds after a trouble; or five times the usual one."""

_LONG: Final = 4
"""Samples of a process that has lived long enough to be judged: a third of them is from before it was warm."""

_ENOUGH: Final = 5
"""Seconds between the end of a trouble and that of the run, so that something can be said of the time after it."""

_EXPECTED: Final = re.compile(r"Wicketgate listens on |Metrics are on ")
_LOST: Final = {"audit_lost", "webhook_lost", "notice_lost"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was asked: of which city, what was found, and whether that will do."""

    city: str
    asked: str
    found: str
    good: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings, and what was wrong in words."""

    findings: Sequence[Finding]
    complaints: Sequence[str]

    @property
    def good(self) -> bool:
        """Whether everything will do."""
        return all(finding.good for finding in self.findings)

    def __str__(self) -> str:
        rows = [f"{'ok  ' if one.good else 'FAIL'} {one.city:9} {one.asked:45} {one.found}" for one in self.findings]
        return "\n".join([*rows, *self.complaints])


async def judged(cities: Sequence[City], patience: float) -> Verdict:
    """Lets what waits be done, asks everybody once more, ends the services, and looks at what is left."""
    findings: list[Finding] = []
    for city in cities:
        findings += await _judged(city, patience)
    complaints = [f"{city.name}: {text}" for city in cities for text in city.journal.wrong]
    return Verdict(findings, complaints)


async def _judged(city: City, patience: float) -> list[Finding]:
    waiting = await _drained(city, patience)
    await city.ask_everybody()
    await _drained(city, 30)
    await city.measure(rest=IDLE_SECONDS + 2 if patience else 1)
    store = city.place.open()
    half_done = (await contents_of(store, await city.place.owners())).half_done()
    await store.close()
    wal = city.folder / "wicketgate.db-wal"
    wal_size = wal.stat().st_size if wal.exists() else 0
    code = await asyncio.to_thread(city.stop)
    lines = [json.loads(line) for line in city.log.read_text().splitlines()]
    said = [line for line in city.errors.read_text().splitlines() if not _EXPECTED.match(line)]

    def finding(asked: str, found: object, good: bool) -> Finding:
        return Finding(city.name, asked, str(found), good)

    return [
        finding("answers", dict(sorted(city.journal.answers.items())), len(city.journal.answers) > 0),
        finding("deeds done and asked about later", f"{city.deeds} {len(city.settled)}", len(city.settled) > 0),
        finding("wrong answers, and promises not kept", len(city.journal.wrong), not city.journal.wrong),
        finding("jobs that still wait", waiting, waiting == 0),
        finding("things half done in the store", half_done[:5], not half_done),
        *(finding(*one) for one in _promises(city, lines)),
        *(finding(*one) for one in _held(city)),
        *(finding(*one) for one in _recoveries(city)),
        finding("bytes of the write-ahead log", wal_size, wal_size <= MOST_LOG_OF_SQLITE),
        finding("exit code after SIGTERM", code, code == 0),
        finding("lines on standard error", said[:5], not said),
    ]


Row = tuple[str, object, bool]


async def _drained(city: City, patience: float) -> int:
    """How many jobs still wait when the time is up, or at once when none does."""
    until = time.monotonic() + patience
    if not patience:
        await city.hurry()
        until += 60
    store = city.place.open()
    try:
        while (left := len(await store.jobs(10_000))) and time.monotonic() < until:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.5)
    finally:
        await store.close()
    return left


def _promises(city: City, lines: Sequence[dict[str, object]]) -> Iterator[Row]:
    """What was acknowledged is in the trail, at the receiver and in the mail, or the log says that it is lost."""
    lost = Counter(str(line["event"]) for line in lines if line["event"] in _LOST)
    known = [one for one in city.settled if one.user]
    missing = {
        "audit_lost": sum((one.events - one.noted).total() for one in known),
        "webhook_lost": sum((one.events - city.told.events[one.user]).total() for one in known),
        "notice_lost": sum(_unsent(city, one) for one in city.settled),
    }
    for event, where in ("audit_lost", "trail"), ("webhook_lost", "webhooks"), ("notice_lost", "mail"):
        yield (
            f"told, not in the {where}; logged as lost",
            (missing[event], lost[event]),
            missing[event] <= lost[event],
        )
    for event, told in ("fault", "kind"), ("background_failed", "message"):
        kinds = Counter(str(line[told]) for line in lines if line["event"] == event)
        yield f"{event} in the log that is not the store's", dict(kinds), set(kinds) <= {"StoreUnavailable"}


def _unsent(city: City, one: Settled) -> int:
    """How many mails did not come that were to."""
    city.mail.to("")
    came = {address: city.mail.subjects.get(address, []) for address, _ in one.owed}
    return sum(max(0, n - sum(about in subject for subject in came[to])) for (to, about), n in one.owed.items())


def _held(city: City) -> Iterator[Row]:
    """Memory, descriptors, threads and tasks of whoever lived long enough to say."""
    by_pid: dict[int, list[Sample]] = {}
    for one in city.samples:
        by_pid.setdefault(one.pid, []).append(one)
    grown_up = _settled(max(by_pid.values(), key=len))[0].memory
    for pid, samples in by_pid.items():
        if len(samples) < _LONG:
            continue
        settled = _settled(samples)
        growth = settled[-1].memory - max(settled[0].memory, grown_up)
        hours = (settled[-1].at - settled[0].at) / 3600
        found = f"{settled[0].memory} to {settled[-1].memory} in {hours:.2f} h, {slope(settled):+.0f} an hour"
        yield f"KiB of process {pid}", found, growth <= MOST_GROWTH
        for what in ("descriptors", "threads"):
            numbers = [getattr(one, what) for one in settled]
            yield f"{what} of process {pid}", numbers, numbers[-1] <= min(numbers) + MOST_OPEN
    for pid, samples in by_pid.items():
        tasks = [len(one.tasks) for one in samples]
        names = sorted(set(samples[-1].tasks))
        yield f"tasks of process {pid} at rest", (tasks, names), tasks[-1] <= min(tasks) + MOST_MORE
    half_closed = sum(one.half_closed for one in city.samples)
    yield "sockets in CLOSE_WAIT at rest", half_closed, half_closed == 0


def _settled(samples: Sequence[Sample]) -> Sequence[Sample]:
    """All but the first third of a life."""
    return samples[len(samples) // 3 :]


def slope(samples: Sequence[Sample]) -> float:
    """KiB an hour: the median of the slopes between all pairs, which no single sample sways."""
    pairs = [(a, b) for a in samples for b in samples if a.at < b.at]
    return median((b.memory - a.memory) / (b.at - a.at) * 3600 for a, b in pairs)


def _recoveries(city: City) -> Iterator[Row]:
    """How long a session read takes after each trouble, beside what it takes as a rule."""
    journal = city.journal
    usual = median(took for _, took in journal.probes)
    yield "milliseconds of a session read, as a rule", round(usual * 1000, 1), True
    slow: dict[str, float] = {}
    for window in journal.windows:
        if journal.ended < (window.ended or journal.ended) + _ENOUGH:
            continue
        took = _after(window, journal.probes)
        slow[window.name] = max(slow.get(window.name, 0), median(took) if took else float("inf"))
    for name, seconds in slow.items():
        yield f"… after: {name}", round(seconds * 1000, 1), seconds <= max(SLOWEST, 5 * usual)


def _after(window: Window, probes: Sequence[tuple[float, float]]) -> list[float]:
    ended = window.ended or 0.0
    return [took for since, took in probes if ended + 2 <= since <= ended + 12]
