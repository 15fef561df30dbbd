"""One line a request, whatever becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.unit.web.kit import Answer, Wire, ask, scope
from wicketgate.logs import Line, Log
from wicketgate.web.http import Reply
from wicketgate.web.middleware.log import RequestLog


class Application:
    """An application that answers, fails, or does one after the other."""

    def __init__(self, *steps: Reply | Exception) -> None:
        self.steps = steps
        self.seen = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = scope["wicketgate.exchange"]
        self.seen, exchange.route, exchange.user_id = exchange.id, "/here", "ada-id"
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            await step.send(send)


def guarded(send: Send, request_id: str) -> Send:
    """Adds a header that says for which request it is."""

    async def with_header(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"].append((b"x-guarded", request_id.encode()))
        await send(message)

    return with_header


async def logged(application: Application, **given: Any) -> tuple[Answer, list[Line]]:
    """The answer and the lines written."""
    lines: list[Line] = []
    asked = scope(**given)
    del asked["wicketgate.exchange"]
    return await ask(RequestLog(application, Log(lines.append), guarded), asked), lines


async def test_an_answer_is_one_line() -> None:
    """The line has the request's id, method, route, status and user, and how long it took."""
    application = Application(Reply(204))

    answer, (line,) = await logged(application, method="PUT", path="/here", query_string=b"q=1")

    assert answer.status == 204
    assert {name: line[name] for name in ("event", "id", "method", "route", "status", "user")} == {
        "event": "request",
        "id": application.seen,
        "method": "PUT",
        "route": "/here",
        "status": 204,
        "user": "ada-id",
    }
    assert line["ms"] >= 0
    assert "q=1" not in str(line)


async def test_what_nobody_caught_is_a_fault() -> None:
    """An exception becomes a 500 that tells nothing, a line of the request and one of the fault."""
    answer, lines = await logged(Application(RuntimeError("secret")))

    assert answer.status == 500
    assert b"secret" not in answer.body
    assert answer.one("x-guarded") == lines[0]["id"]
    assert [line["event"] for line in lines] == ["request", "fault"]
    assert lines[0]["status"] == 500
    assert lines[1]["kind"] == "RuntimeError"
    assert "secret" not in str(lines)


async def test_a_fault_after_the_answer_sends_no_second_one() -> None:
    """A connection on which an answer has begun gets no other."""
    answer, lines = await logged(Application(Reply(200, b"ok"), RuntimeError("late")))

    assert (answer.status, answer.body) == (200, b"ok")
    assert [line["event"] for line in lines] == ["request", "fault"]


async def test_no_answer_is_a_line_too() -> None:
    """A client that left is logged with status 0."""
    _, (line,) = await logged(Application())

    assert line["status"] == 0


@pytest.mark.parametrize("brought", ["12345678", "abc-DEF_0.9", "x" * 64])
async def test_a_usable_id_is_kept(brought: str) -> None:
    """An id that a proxy gave joins its log with ours."""
    _, (line,) = await logged(Application(Reply(200)), headers={"x-request-id": brought})

    assert line["id"] == brought


@pytest.mark.parametrize(
    "brought", [None, "", "1234567", "x" * 65, "a b c d e f", "12345678\n", '","x":"12', "é" * 9]
)
async def test_any_other_id_is_replaced(brought: str | None) -> None:
    """An id that is none, too long, or could break a line is not repeated."""
    headers = {} if brought is None else {"x-request-id": brought}

    _, (line,) = await logged(Application(Reply(200)), headers=headers)

    assert re.fullmatch("[0-9a-f]{16}", line["id"])


async def test_a_send_that_fails_is_a_fault() -> None:
    """A connection that breaks while we answer is logged and ends there."""

    class Broken(Wire):
        """A wire that breaks once the answer has begun."""

        async def send(self, message: Any) -> None:
            await super().send(message)
            raise OSError("broken pipe")

    lines: list[Line] = []

    await ask(RequestLog(Application(Reply(200)), Log(lines.append), guarded), scope(), Broken())

    assert [line.get("kind") for line in lines] == [None, "OSError"]
