"""Counting for Prometheus: the log's lines, the store's calls, the queue of passwords."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from threading import Lock
from types import TracebackType

from prometheus_client import REGISTRY, Histogram
from starlette.types import ASGIApp

from wicketgate.core.errors import HashingBusy
from wicketgate.core.ports import PasswordHasher, Store
from wicketgate.logs import Line, Write
from wicketgate.watching.hasher import WatchedHasher
from wicketgate.watching.instruments import Instruments, Labelled
from wicketgate.watching.outcome import OK, outcome
from wicketgate.watching.store import WatchedStore
from wicketgate.watching.watch import CountUnits

UNKNOWN_ROUTE = "unknown"
"""One label for every path that is none of ours: a scanner must not make a metric of each path it tries."""


@cache
def shared_instruments() -> Instruments:
    """The process's own, in the library's default registry, where an application that embeds us shows them too."""
    return Instruments(REGISTRY)


class Metrics:
    """The way to watch that `METRICS` turns on."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments

    def count_units(self) -> CountUnits:
        """Counts the units of each call to DynamoDB."""
        units = self._instruments.dynamodb_units

        def count(kind: str, action: str, consumed: float) -> None:
            units(kind, action).inc(consumed)

        return count

    def over_log(self, write: Write) -> Write:
        """Counts each line, then writes it."""
        count = LineCounter(self._instruments)

        def counted(line: Line) -> None:
            count(line)
            write(line)

        return counted

    def over_store(self, store: Store) -> Store:
        """Times each call."""
        seconds = self._instruments.store_seconds
        return WatchedStore(store, lambda operation: Timed(operation, seconds))

    def over_hasher(self, hasher: PasswordHasher, threads: int) -> PasswordHasher:
        """Times each hash, and counts who waits."""
        return WatchedHasher(hasher, HashQueue(self._instruments, threads).call)

    def over_app(self, app: ASGIApp) -> ASGIApp:
        """The service as it is: its log says all there is to count."""
        return app


class LineCounter:
    """Counts what the log says happened."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._events: dict[str, Callable[[], None]] = {
            "signup": instruments.sign_ups(OK).inc,
            "signup_refused": instruments.sign_ups("refused").inc,
            "login": instruments.logins(OK).inc,
            "login_failed": instruments.logins("failed").inc,
            "logout": instruments.logouts.inc,
            "email_changed": instruments.address_changes.inc,
            "api_token_rotated": instruments.api_token_rotations.inc,
        }

    def __call__(self, line: Line) -> None:
        event = line["event"]
        if event == "request":
            self._request(line)
        elif event in self._events:
            self._events[event]()
        elif event == "limit_hit":
            self._instruments.limits_hit(line["detail"]).inc()
        elif event == "fault":
            self._instruments.faults(line["kind"]).inc()
        else:
            self._instruments.other_events(event).inc()

    def _request(self, line: Line) -> None:
        method, route = line["method"], line["route"] or UNKNOWN_ROUTE
        self._instruments.requests(method, route, line["status"]).inc()
        self._instruments.request_seconds(method, route).observe(line["ms"] / 1000)


class Timed:
    """Times one call, by its outcome."""

    __slots__ = ("_began", "_operation", "_seconds")

    def __init__(self, operation: str, seconds: Labelled[Histogram]) -> None:
        self._operation = operation
        self._seconds = seconds

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = time.perf_counter() - self._began
        self._seconds(self._operation, OK if error is None else outcome(error)).observe(took)


class HashQueue:
    """Who is being hashed and who waits: of `n` calls, as many as there are threads run."""

    def __init__(self, instruments: Instruments, threads: int) -> None:
        self._instruments = instruments
        self._threads = threads
        self._lock = Lock()
        self._running = 0
        self._waiting = 0

    def call(self, operation: str) -> HashCall:
        """What goes around one hash."""
        return HashCall(self, Timed(operation, self._instruments.hash_seconds))

    def refused(self) -> None:
        """One call found no place."""
        self._instruments.hashes_refused.inc()

    def change(self, by: int) -> None:
        """So many more calls. Levels are moved rather than set: a process may have another service's queue, too."""
        with self._lock:
            calls = self._running + self._waiting + by
            running = min(calls, self._threads)
            self._instruments.hashes_running.inc(running - self._running)
            self._instruments.hashes_waiting.inc(calls - running - self._waiting)
            self._running, self._waiting = running, calls - running


class HashCall:
    """One hash, in the queue and on the clock."""

    __slots__ = ("_queue", "_timed")

    def __init__(self, queue: HashQueue, timed: Timed) -> None:
        self._queue = queue
        self._timed = timed

    def __enter__(self) -> None:
        self._queue.change(1)
        self._timed.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.change(-1)
        if isinstance(error, HashingBusy):
            self._queue.refused()  # in no time at all, which would hide how long the others wait
        else:
            self._timed.__exit__(kind, error, trace)
