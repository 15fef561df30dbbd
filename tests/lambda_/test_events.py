"""Events become requests, and answers become results."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.lambda_.events import API_HOST, BOTH, SOURCE, URL_HOST, Event, body_of, by_api, by_url
from wicketgate.aws_lambda.events import Answer, UnknownEvent, scope_of
from wicketgate.aws_lambda.events import body_of as request_body

Headers = list[tuple[bytes, bytes]]


def header(event: Event, name: bytes) -> list[bytes]:
    """The values of a header of the request."""
    return [value for known, value in scope_of(event)["headers"] if known == name]


async def result_of(headers: Headers, *bodies: bytes, status: int = 200, method: str = "GET") -> dict[str, Any]:
    """The result of an answer that the service sends in as many parts."""
    answer = Answer(method)
    await answer.send({"type": "http.response.start", "status": status, "headers": headers})
    for body in bodies:
        await answer.send({"type": "http.response.body", "body": body, "more_body": body is not bodies[-1]})
    return answer.result()


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_request_is_what_was_sent(kind: Callable[..., Event], method: str) -> None:
    """Method, path, query, scheme and the client's address come from the event."""
    event = kind("/api/profile", method=method, rawQueryString="a=1&a=2&b=%C3%A9&c")

    scope = scope_of(event)

    assert (scope["type"], scope["method"], scope["path"]) == ("http", method, "/api/profile")
    assert scope["raw_path"] == b"/api/profile"
    assert scope["query_string"] == b"a=1&a=2&b=%C3%A9&c"
    assert scope["scheme"] == "https"
    assert scope["client"] == (SOURCE, 0)
    assert scope["root_path"] == ""


@pytest.mark.parametrize(
    ("event", "path", "raw_path"),
    [
        (by_url("/caf%C3%A9"), "/café", b"/caf%C3%A9"),
        (by_api("/café"), "/café", b"/caf%C3%A9"),
        (by_url("/a%2Fb%20c"), "/a/b c", b"/a%2Fb%20c"),
        (by_api("/a/b c"), "/a/b c", b"/a/b%20c"),
        (by_url("/%2561"), "/%61", b"/%2561"),
        (by_api("/%61"), "/%61", b"/%2561"),
        (by_api("/a?b#c"), "/a?b#c", b"/a%3Fb%23c"),
        (by_url("/%F0%9F%8C%8D"), "/🌍", b"/%F0%9F%8C%8D"),
        (by_url("/%ff"), "/\ufffd", b"/%ff"),
        (by_url("//evil.example"), "//evil.example", b"//evil.example"),
        (by_url(""), "/", b"/"),
        (by_api("/"), "/", b"/"),
    ],
)  # fmt: skip
def test_a_path_is_decoded_once(event: Event, path: str, raw_path: bytes) -> None:
    """A function URL's path still is to be decoded, an HTTP API's is decoded already."""
    scope = scope_of(event)

    assert (scope["path"], scope["raw_path"]) == (path, raw_path)


@pytest.mark.parametrize(
    ("stage", "sent", "root", "path"),
    [
        ("$default", "/login", "", "/login"),
        ("prod", "/prod/login", "/prod", "/prod/login"),
        ("prod", "/prod/", "/prod", "/prod/"),
        ("prod", "/prod", "/prod", "/prod/"),
        ("prod", "/login", "", "/login"),
        ("prod", "/production", "", "/production"),
        ("", "/login", "", "/login"),
    ],
)
def test_a_stage_is_where_we_are_mounted(stage: str, sent: str, root: str, path: str) -> None:
    """A stage with a name stands in the path, and is no part of it for the service."""
    scope = scope_of(by_api(sent, stage=stage))

    assert (scope["root_path"], scope["path"]) == (root, path)


@pytest.mark.parametrize("kind", BOTH)
def test_headers_arrive(kind: Callable[..., Event]) -> None:
    """Names are in lower case, values joined by AWS stay joined, and what is not Latin-1 is UTF-8."""
    event = kind("/", headers={"Accept": "text/html,*/*", "x-name": "José", "x-odd": "Ж", "x-empty": ""})

    assert header(event, b"accept") == [b"text/html,*/*"]
    assert header(event, b"x-name") == ["José".encode("latin-1")]
    assert header(event, b"x-odd") == ["Ж".encode()]
    assert header(event, b"x-empty") == [b""]
    assert header(event, b"host") == [(URL_HOST if kind is by_url else API_HOST).encode()]


def test_lone_surrogates_arrive() -> None:
    """What no text can hold, but JSON can, is no fault of ours."""
    event = by_url("/\ud800", headers={"x-odd": "\ud800", "\udfff": "x"}, body="\ud800", rawQueryString="\ud800")

    assert scope_of(event)["query_string"] == b"\xed\xa0\x80"
    assert request_body(event) == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    ("cookies", "headers", "arrived"),
    [
        (["a=1", "b=2"], {}, [b"a=1; b=2"]),
        (["a=1", "b=2"], {"cookie": "a=1; b=2"}, [b"a=1; b=2"]),
        (["a=1", "b=2"], {"Cookie": "c=3"}, [b"a=1; b=2"]),
        ([], {"cookie": "a=1"}, [b"a=1"]),
        (None, {"cookie": "a=1"}, [b"a=1"]),
        ([], {}, []),
    ],
)
def test_cookies_arrive_once(cookies: list[str] | None, headers: dict[str, str], arrived: list[bytes]) -> None:
    """The event's own list counts; a function URL sends the header beside it."""
    event = by_url("/", headers=headers, cookies=cookies)

    found = header(event, b"cookie")

    assert found == arrived


def test_only_an_api_is_believed_about_proxies() -> None:
    """A function URL leaves of `X-Forwarded-For` only what the client itself may have made up."""
    forged = {"x-forwarded-for": "198.51.100.1"}
    whole = {"x-forwarded-for": "198.51.100.1, 203.0.113.9, 130.176.0.1"}

    assert header(by_url("/", headers=forged), b"x-forwarded-for") == []
    assert header(by_api("/", headers=whole), b"x-forwarded-for") == [whole["x-forwarded-for"].encode()]


@pytest.mark.parametrize(
    ("event", "request_id"),
    [
        (by_url("/"), b"8d7b2c1e-5a0f-4b52-9a2c-0c7f2f6f3f11"),
        (by_api("/"), b"JKJaXmPLvHcESHA"),
        (by_api("/", headers={"x-request-id": "chosen-by-the-client"}), b"JKJaXmPLvHcESHA"),
    ],
)
def test_the_id_is_that_of_aws(event: Event, request_id: bytes) -> None:
    """A request goes by the id under which AWS logs it, whatever the client calls it."""
    found = header(event, b"x-request-id")

    assert found == [request_id]


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, b""),
        ({"body": None}, b""),
        ({"body": ""}, b""),
        ({"body": '{"name": "Адá"}'}, '{"name": "Адá"}'.encode()),
        ({"body": base64.b64encode(b"\x00\xff{}").decode(), "isBase64Encoded": True}, b"\x00\xff{}"),
        ({"body": "", "isBase64Encoded": True}, b""),
    ],
)
def test_a_body_arrives(fields: dict[str, Any], body: bytes) -> None:
    """Text is UTF-8, and what AWS took for binary is unpacked."""
    event = {**by_url("/", method="POST"), **fields}

    found = request_body(event)

    assert found == body


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"key1": "value1"},
        [],
        None,
        "ping",
        {"version": "2.0"},
        {"version": "2.0", "requestContext": None},
        {"version": "2.0", "requestContext": {"routeKey": "$connect"}},
        {"version": "1.0", "httpMethod": "GET", "path": "/", "requestContext": {"identity": {"sourceIp": "::1"}}},
        {"Records": [{"eventSource": "aws:sqs", "body": "x"}]},
    ],
)
def test_another_event_is_refused(event: Any) -> None:
    """An event that is no web request in format 2.0 is an error that says so."""
    with pytest.raises(UnknownEvent, match=r"payload format 2\.0"):
        scope_of(event)


@pytest.mark.parametrize(
    "content_type",
    [
        b"application/json",
        b"application/json; charset=utf-8",
        b"text/html; charset=utf-8",
        b"text/css; charset=utf-8",
        b"text/javascript; charset=utf-8",
        b"image/svg+xml",
    ],
)
async def test_text_is_sent_as_it_is(content_type: bytes) -> None:
    """Text needs no base64, which would make it a third longer."""
    result = await result_of([(b"content-type", content_type)], "Адá 🌍".encode())

    assert (result["body"], result["isBase64Encoded"]) == ("Адá 🌍", False)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-type", b"image/png")],
        [(b"content-type", b"font/woff2")],
        [(b"content-type", b"text/css; charset=utf-8"), (b"content-encoding", b"gzip")],
        [(b"content-type", b"text/plain")],
    ],
)
async def test_bytes_are_packed(headers: Headers) -> None:
    """What is no text, or is packed, or only says that it is text, arrives byte for byte."""
    body = bytes(range(256))

    result = await result_of(headers, body)

    assert result["isBase64Encoded"] is True
    assert body_of(result) == body


async def test_headers_are_sent() -> None:
    """Cookies go apart, one each; other repeated headers are joined; lengths are left to AWS."""
    headers: Headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"2"),
        (b"set-cookie", b"a=1; Path=/; Expires=Thu, 01 Jan 2032 00:00:00 GMT"),
        (b"Set-Cookie", b"b=2; Path=/"),
        (b"vary", b"Origin"),
        (b"vary", b"Accept-Encoding"),
        (b"x-name", "José".encode("latin-1")),
    ]

    result = await result_of(headers, b"{", b"}", status=201)

    assert result == {
        "statusCode": 201,
        "headers": {"content-type": "application/json", "vary": "Origin, Accept-Encoding", "x-name": "José"},
        "cookies": ["a=1; Path=/; Expires=Thu, 01 Jan 2032 00:00:00 GMT", "b=2; Path=/"],
        "body": "{}",
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize("headers", [[], [(b"content-type", b"image/png")], [(b"content-encoding", b"gzip")]])
async def test_nothing_is_sent_as_nothing(headers: Headers) -> None:
    """An empty body is an empty text."""
    result = await result_of(headers, b"", status=204)

    assert (result["statusCode"], result["body"], result["isBase64Encoded"]) == (204, "", False)
    assert "cookies" not in result


async def test_the_answer_to_head_has_no_body() -> None:
    """HEAD gets the headers of GET alone (RFC 9110, 9.3.2)."""
    result = await result_of([(b"content-type", b"text/css")], b"body {}", method="HEAD")

    assert result["body"] == ""
    assert result["headers"] == {"content-type": "text/css"}


def test_no_answer_is_a_fault() -> None:
    """A service that sends nothing at all has failed."""
    result = Answer("GET").result()

    assert result["statusCode"] == 500
