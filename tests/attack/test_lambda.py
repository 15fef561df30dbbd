"""Events that are not what AWS sends, as whoever may invoke the function can make them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.lambda_.events import BOTH, Event, by_api, by_url
from tests.support.service import some_settings
from wicketgate import Wicketgate
from wicketgate.aws_lambda.events import UnknownEvent
from wicketgate.aws_lambda.function import Function
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore

BODY = b'{"email":"ada@example.com","password":"wrong one"}'
JSON = {"content-type": "application/json"}
FIELDS = [
    *("version", "rawPath", "rawQueryString", "headers", "cookies", "body", "isBase64Encoded", "requestContext"),
    *("requestContext.http", "requestContext.http.method", "requestContext.http.sourceIp"),
    *("requestContext.domainName", "requestContext.stage", "requestContext.requestId", "headers.host"),
]
VALUES: list[Any] = [
    None,
    1,
    True,
    -1.5,
    "",
    "\x00",
    "\ud800",
    "x" * 1_000_000,
    [],
    [None],
    ["a", 1],
    {},
    {"a": None},
]


@pytest.fixture(scope="module")
def function() -> Iterator[Function]:
    """The service as a function in production."""
    lines: list[Line] = []
    settings = some_settings(environment="production", rate_limit_max_requests=0, account_limit_max_failures=0)
    made = Function(Wicketgate(settings, store=MemoryStore(), write_log=lines.append))
    yield made
    made.close()


def login(kind: Callable[..., Event], **changes: Any) -> Event:
    """A login that is in order but for the changes."""
    return kind("/api/auth/login", **{"method": "POST", "headers": JSON, "body": BODY.decode(), **changes})


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_another_type_is_no_fault(function: Function, kind: Callable[..., Event], field: str) -> None:
    """The event is refused as a whole, or answered as the request that it is; nothing breaks in the middle."""
    *way, last = field.split(".")
    for value in VALUES:
        event = deepcopy(login(kind, cookies=["a=b"]))
        place = event
        for name in way:
            place = place[name]
        for change in (lambda: place.__setitem__(last, value), lambda: place.pop(last)):  # noqa: B023
            change()
            try:
                status = function(event)["statusCode"]
            except UnknownEvent:
                continue
            assert status < 500, (field, value)


@pytest.mark.parametrize(
    "body", ["{}", "=", "a", "a===", "Zm9v\nZm9v", "Zm9v Zm9v", "Zm9_", "é", "\ud800", BODY.decode(), "Zg==Zg=="]
)
def test_what_only_says_it_is_base64(function: Function, body: str) -> None:
    """What is not the base64 that it claims to be is refused, not read as far as it goes."""
    result = function(login(by_url, body=body, isBase64Encoded=True))

    assert (result["statusCode"], json.loads(result["body"])["success"]) == (400, False)


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        (base64.b64encode(BODY).decode(), {}, 400),
        (base64.b64encode(BODY).decode(), {"isBase64Encoded": True}, 401),
        (base64.b64encode(b" " * 70_000).decode(), {"isBase64Encoded": True}, 413),
        (" " * 6_000_000, {}, 413),
        (BODY.decode(), {"headers": {**JSON, "content-length": "5"}}, 401),
        (BODY.decode(), {"headers": {**JSON, "content-length": "70000"}}, 413),
        (BODY.decode(), {"headers": {**JSON, "content-length": "-1"}}, 401),
        (BODY.decode(), {"headers": {**JSON, "transfer-encoding": "chunked"}}, 401),
        (BODY.decode(), {"headers": {**JSON, "Content-Type": "text/plain"}}, 415),
        ("[" * 60_000, {}, 400),
    ],
)
def test_a_body_is_what_arrived(function: Function, body: str, more: dict[str, Any], status: int) -> None:
    """Its length is counted, whatever is said of it, and two types are no JSON."""
    assert function(login(by_url, body=body, **more))["statusCode"] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example,https://service.example"}, 403),
        ({"sec-fetch-site": "same-origin", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"x-forwarded-proto": "http", "x_forwarded_proto": "http"}, 200),
        ({f"x-{number}": "1" for number in range(5_000)}, 200),
        ({"cookie": "; ".join(f"a{number}=1" for number in range(5_000))}, 200),
        ({"x-long": "x" * 1_000_000}, 200),
    ],
)
def test_headers_that_are_many_or_twice(function: Function, headers: dict[str, str], status: int) -> None:
    """Two are read as one list, many as many; the scheme is AWS's, whatever a header says."""
    assert function(by_api("/api/auth/logout", method="POST", headers=headers))["statusCode"] == status


@pytest.mark.parametrize("cookies", [["auth_token"], ["=", ";", "a;b=c"], ["a=b"] * 10_000, ["\r\nSet-Cookie: a=b"]])
def test_cookies_that_are_none(function: Function, cookies: list[str]) -> None:
    """Whatever stands in the list of cookies, nobody is logged in by it, and nothing of it comes back."""
    result = function(by_api("/api/profile", cookies=cookies))

    assert result["statusCode"] == 401
    assert "Set-Cookie" not in json.dumps(result)
