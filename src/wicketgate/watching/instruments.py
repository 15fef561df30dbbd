"""Every metric there is. No label holds anything that a person typed or that names one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_QUICK: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

Metric = TypeVar("Metric", Counter, Histogram)
Labelled = Callable[..., Metric]
"""A metric's child by the values of its labels."""


class Instruments:
    """The metrics, in one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        requests = ("method", "route", "status")
        self.requests = self._counts("requests", "Answered requests; status 0 is a client that left", requests)
        self.request_seconds = self._times("request_seconds", "Time to answer", requests[:2], _QUICK)
        self.hashes_waiting = self._level("hashes_waiting", "Passwords that wait to be hashed")
        self.hashes_running = self._level("hashes_running", "Passwords that are being hashed")
        self.hashes_refused = self._count("hashes_refused", "Passwords turned away by a full queue")
        calls = ("operation", "outcome")
        self.hash_seconds = self._times("hash_seconds", "Time to hash a password, waiting included", calls, _SLOW)
        self.store_seconds = self._times("store_seconds", "Time of calls to the store", calls, _QUICK)
        self.dynamodb_units = self._counts("dynamodb_units", "Request units consumed", ("kind", "action"))
        self.sign_ups = self._counts("sign_ups", "Sign-ups by outcome", ("outcome",))
        self.logins = self._counts("logins", "Logins by outcome; refused ones are in limits_hit", ("outcome",))
        self.logouts = self._count("logouts", "Sessions that were ended by a logout")
        self.address_changes = self._count("address_changes", "Users who changed their email address")
        self.api_token_rotations = self._count("api_token_rotations", "API tokens that were replaced")
        self.limits_hit = self._counts("limits_hit", "Attempts refused because a limit is spent", ("limit",))
        self.faults = self._counts("faults", "Answers 500 and 503 by what was raised", ("kind",))
        self.other_events = self._counts("other_events", "Lines of the log that no other metric counts", ("event",))
        build = Gauge(
            "wicketgate_build_info", "The version", ("version",), registry=registry, multiprocess_mode="livemax"
        )
        build.labels(version("wicketgate")).set(1)

    def _count(self, name: str, text: str) -> Counter:
        return Counter(f"wicketgate_{name}", text, registry=self._registry)

    def _counts(self, name: str, text: str, labels: Sequence[str]) -> Labelled[Counter]:
        # Finding a child in the library takes longer than counting; the cache is as small as the labels are few.
        return cache(Counter(f"wicketgate_{name}", text, labels, registry=self._registry).labels)

    def _times(self, name: str, text: str, labels: Sequence[str], buckets: Sequence[float]) -> Labelled[Histogram]:
        return cache(Histogram(f"wicketgate_{name}", text, labels, registry=self._registry, buckets=buckets).labels)

    def _level(self, name: str, text: str) -> Gauge:
        return Gauge(f"wicketgate_{name}", text, registry=self._registry, multiprocess_mode="livesum")
