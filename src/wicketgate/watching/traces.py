"""Spans for OpenTelemetry: requests, calls to the store, hashing.

Only the API is used. Without an SDK, which whoever runs the service sets up, nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, TracerProvider
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wicketgate.core.ports import PasswordHasher, Store
from wicketgate.logs import Write
from wicketgate.watching.hasher import WatchedHasher
from wicketgate.watching.outcome import ANSWERS, outcome
from wicketgate.watching.store import WatchedStore
from wicketgate.watching.watch import Around
from wicketgate.web.http import Exchange
from wicketgate.web.middleware.log import method_of


class Traces:
    """The way to watch that `TRACES` turns on."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        """Without a provider it is the process's own, even one that is set later."""
        self._tracer = trace.get_tracer("wicketgate", tracer_provider=provider)

    def count_units(self) -> None:
        """Traces count nothing."""

    def over_log(self, write: Write) -> Write:
        """The log as it is."""
        return write

    def over_store(self, store: Store) -> Store:
        """A span for each call."""
        return WatchedStore(store, _spans(self._tracer, "store", SpanKind.CLIENT))

    def over_hasher(self, hasher: PasswordHasher, threads: int) -> PasswordHasher:
        """A span for each hash, waiting included."""
        return WatchedHasher(hasher, _spans(self._tracer, "password", SpanKind.INTERNAL))

    def over_app(self, app: ASGIApp) -> ASGIApp:
        """A span for each request."""
        return TracedRequests(app, self._tracer)


def _spans(tracer: Tracer, subject: str, kind: SpanKind) -> Around:
    """Spans named `store get` and the like."""

    def around(operation: str) -> CallSpan:
        # An error's message may quote what a person typed, so the library may not record it.
        return CallSpan(
            tracer.start_as_current_span(
                f"{subject} {operation}", kind=kind, record_exception=False, set_status_on_exception=False
            )
        )

    return around


class CallSpan:
    """A span around one call, with its outcome when it raises. A class: a generator costs twice as much."""

    __slots__ = ("_context", "_span")

    def __init__(self, context: AbstractContextManager[Span]) -> None:
        self._context = context

    def __enter__(self) -> None:
        self._span = self._context.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            _note(self._span, error)
        self._context.__exit__(kind, error, trace)


def _note(span: Span, error: BaseException) -> None:
    ended = outcome(error)
    span.set_attribute("wicketgate.outcome", ended)
    if ended not in ANSWERS:
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(Status(StatusCode.ERROR))


class TracedRequests:
    """A span for each request, named by its route, with the attributes of OpenTelemetry's conventions for HTTP.

    It continues the trace that `traceparent` names (or whatever `OTEL_PROPAGATORS` says instead), unless the
    application around the service has a span of its own already.
    """

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._span(scope) as span:
            if not span.is_recording():
                await self._app(scope, receive, send)
                return
            try:
                await self._app(scope, receive, watched)
            finally:
                _describe(span, scope, status)

    def _span(self, scope: Scope) -> AbstractContextManager[Span]:
        within = trace.get_current_span().get_span_context().is_valid
        return self._tracer.start_as_current_span(
            method_of(scope),
            context=None if within else _brought(scope),
            kind=SpanKind.INTERNAL if within else SpanKind.SERVER,
            record_exception=False,
            set_status_on_exception=False,
        )


def _describe(span: Span, scope: Scope, status: int) -> None:
    method, exchange = method_of(scope), scope["wicketgate.exchange"]
    assert isinstance(exchange, Exchange)
    span.set_attribute("http.request.method", method)
    span.set_attribute("wicketgate.request_id", exchange.id)
    if exchange.route is not None:
        span.update_name(f"{method} {exchange.route}")
        span.set_attribute("http.route", exchange.route)
    if status:
        span.set_attribute("http.response.status_code", status)
    if exchange.fault is not None:
        span.set_attribute("error.type", type(exchange.fault).__name__)
    if status >= 500 or exchange.fault is not None:
        span.set_status(Status(StatusCode.ERROR))


def _brought(scope: Scope) -> Context:
    return propagate.extract(scope["headers"], getter=_HEADERS)


class _Headers(Getter[Sequence[tuple[bytes, bytes]]]):
    """Reads headers as ASGI has them."""

    def get(self, carrier: Sequence[tuple[bytes, bytes]], key: str) -> list[str] | None:
        name = key.lower().encode()
        return [value.decode("latin-1") for other, value in carrier if other == name] or None

    def keys(self, carrier: Sequence[tuple[bytes, bytes]]) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


_HEADERS = _Headers()
