"""The spans of a request, and what is not in them."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import Message, Receive, Scope, Send

from tests.support.faulty import FaultyStore
from tests.watching.world import EMAIL, PASSWORD, Watched
from wicketgate.core.errors import StoreUnavailable
from wicketgate.stores.memory import MemoryStore
from wicketgate.watching.traces import Traces
from wicketgate.web.http import Exchange

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


async def test_a_login_is_a_tree_of_spans() -> None:
    """The request's span holds those of the store's calls and of the hash, in the order in which they happen."""
    watched = Watched()
    await watched.sign_up()
    watched.exporter.clear()

    await watched.log_in()

    names = [span.name for span in watched.spans]
    assert names == ["store take", "store find_guarded", "password verify", "POST /api/auth/login"]
    *inner, request = watched.spans
    assert {span.parent.span_id for span in inner if span.parent} == {request.context.span_id}
    assert request.parent is None
    assert request.kind is SpanKind.SERVER
    assert request.status.status_code is StatusCode.UNSET


async def test_a_request_says_what_became_of_it() -> None:
    """Method, route and status as OpenTelemetry names them, and the id under which the log has the request."""
    watched = Watched()

    await watched.ask("GET", "/api/profile")

    span = watched.span("GET /api/profile")
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/api/profile",
        "http.response.status_code": 401,
        "wicketgate.request_id": watched.lines[0]["id"],
    }


async def test_an_unknown_path_is_not_named() -> None:
    """A path that is none of ours is in no span."""
    watched = Watched()

    await watched.ask("MADE-UP", "/secret-path")

    (span,) = watched.spans
    assert span.name == "OTHER"
    assert "secret-path" not in span.to_json()


async def test_a_trace_from_outside_goes_on() -> None:
    """`traceparent` makes the request's span a child of the caller's (W3C Trace Context)."""
    watched = Watched()

    await watched.ask("GET", "/healthz", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})

    span = watched.span("GET /healthz")
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == PARENT


@pytest.mark.parametrize("brought", ["", "nonsense", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{PARENT}", "é" * 55])
async def test_a_bad_traceparent_begins_a_trace(brought: str) -> None:
    """What is no `traceparent` changes nothing."""
    watched = Watched()

    answer = await watched.ask("GET", "/healthz", headers={b"traceparent": brought.encode()})

    assert answer.status_code == 200
    assert watched.span("GET /healthz").parent is None


async def test_a_trace_that_is_not_sampled_is_not_recorded() -> None:
    """The caller's flag decides, and the answer is the same."""
    watched = Watched()

    answer = await watched.ask("GET", "/healthz", headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})

    assert answer.status_code == 200
    assert watched.spans == []


async def test_inside_another_span_it_is_a_part_of_that() -> None:
    """In an application that traces itself the request is a step of the application's own span."""
    watched = Watched()
    context = trace.SpanContext(int(TRACE, 16), int(PARENT, 16), False, trace.TraceFlags(trace.TraceFlags.SAMPLED))

    with trace.use_span(trace.NonRecordingSpan(context)):
        await watched.ask("GET", "/healthz", headers={"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"})

    span = watched.span("GET /healthz")
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.kind is SpanKind.INTERNAL


async def unavailable(method: str) -> None:
    """A store that is out of reach and quotes what it was asked."""
    raise StoreUnavailable(f"no answer about {EMAIL}")


async def test_a_fault_marks_its_spans_and_tells_no_message() -> None:
    """The call's and the request's spans are errors with the kind of error; its message may name a person."""
    watched = Watched(FaultyStore(MemoryStore(), "find_guarded", outcome=unavailable))

    await watched.log_in()

    for name in ("store find_guarded", "POST /api/auth/login"):
        span = watched.span(name)
        assert span.status.status_code is StatusCode.ERROR
        assert (span.attributes or {})["error.type"] == "StoreUnavailable"
    assert not any(span.events for span in watched.spans)
    assert EMAIL not in "".join(span.to_json() for span in watched.spans)


async def test_a_taken_address_is_no_error() -> None:
    """The store's answer that an address is taken has its outcome, and no error."""
    watched = Watched()
    await watched.sign_up()
    watched.exporter.clear()

    await watched.sign_up()

    span = watched.span("store create")
    assert dict(span.attributes or {}) == {"wicketgate.outcome": "taken"}
    assert span.status.status_code is StatusCode.UNSET


async def test_a_call_that_is_given_up_ends_its_span() -> None:
    """Who leaves while the store is silent leaves a span that was cancelled."""
    begun = asyncio.Event()

    async def silent(method: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    watched = Watched(FaultyStore(MemoryStore(), "ping", outcome=silent))
    asking = asyncio.ensure_future(watched.ask("GET", "/readyz"))
    await begun.wait()

    asking.cancel()
    await asyncio.wait([asking])

    assert dict(watched.span("store ping").attributes or {}) == {"wicketgate.outcome": "cancelled"}
    assert watched.span("GET /readyz").end_time is not None


async def test_nothing_that_a_person_typed_is_in_a_span() -> None:
    """Neither addresses, passwords, tokens nor user ids are recorded."""
    watched = Watched()
    signed_up = (await watched.sign_up()).json()
    said = (await watched.log_in()).json()
    await watched.ask("GET", f"/api/profile?email={EMAIL}", said["token"])

    shown = "".join(span.to_json() for span in watched.spans)

    assert "store get" in shown
    typed = (EMAIL, PASSWORD, said["token"], said["api_token"], signed_up["user"]["id"])
    assert [word for word in typed if word in shown] == []


async def test_without_an_sdk_nothing_happens() -> None:
    """With the API alone requests are answered as ever."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["wicketgate.exchange"] = Exchange("request-1")
        sent: list[Message] = [
            {"type": "http.response.start", "status": 204, "headers": []},
            {"type": "http.response.body"},
        ]
        for message in sent:
            await send(message)

    traced = Traces(trace.NoOpTracerProvider()).over_app(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=traced), base_url="http://here") as caller:
        answer = await caller.get("/")

    assert answer.status_code == 204
