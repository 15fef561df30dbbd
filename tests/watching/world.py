"""A service whose metrics and spans lie in this process, apart from those of every other."""

from __future__ import annotations

from typing import Any

import httpx
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from tests.support.clock import ManualClock
from tests.support.service import EMAIL, PASSWORD, bearer, some_settings
from wicketgate import Wicketgate
from wicketgate.core.ports import Store
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore
from wicketgate.watching.instruments import Instruments
from wicketgate.watching.metrics import Metrics
from wicketgate.watching.traces import Traces
from wicketgate.watching.watch import Watches

__all__ = ["EMAIL", "PASSWORD", "Watched", "bearer"]


class Watched:
    """A service, what it counted, its spans and its log."""

    def __init__(self, store: Store | None = None, **changes: Any) -> None:
        self.registry = CollectorRegistry()
        self.exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.lines: list[Line] = []
        self.app = Wicketgate(
            some_settings(**changes),
            store=store or MemoryStore(),
            clock=ManualClock(),
            write_log=self.lines.append,
            watches=Watches(Metrics(Instruments(self.registry)), Traces(provider)),
        )

    def caller(self) -> httpx.AsyncClient:
        """A client of the service."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://service.example", trust_env=False
        )

    async def ask(self, method: str, path: str, token: str | None = None, **given: Any) -> httpx.Response:
        """The answer to one request, with whatever token instead of cookies."""
        headers = {**given.pop("headers", {}), **(bearer(token) if token else {})}
        async with self.caller() as caller:
            return await caller.request(method, path, headers=headers, **given)

    async def sign_up(self, **more: Any) -> httpx.Response:
        """The answer to a sign-up."""
        return await self.ask("POST", "/api/auth/signup", json={"email": EMAIL, "password": PASSWORD, **more})

    async def log_in(self, password: str = PASSWORD) -> httpx.Response:
        """The answer to a login."""
        return await self.ask("POST", "/api/auth/login", json={"email": EMAIL, "password": password})

    def value(self, name: str, **labels: str) -> float:
        """A sample's value, 0 while there is none."""
        return self.registry.get_sample_value(name, labels) or 0.0

    def samples(self, name: str) -> dict[tuple[str, ...], float]:
        """All values of a sample by those of its labels, in the order of the labels' names."""
        found = (sample for metric in self.registry.collect() for sample in metric.samples if sample.name == name)
        return {tuple(value for _, value in sorted(one.labels.items())): one.value for one in found}

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, in that order."""
        return list(self.exporter.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        """The one span of this name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found
