"""The whole service: a request of any bytes gets an answer that is short, whole and no fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote

from starlette.types import Message, Scope

from tests.fuzz.kit import Reads, Target
from tests.support.service import EMAIL, HTTPS, PASSWORD, Service
from wicketgate.aws_lambda.events import Answer, body_of, scope_of

HOST = b"service.example"
LONGEST_ANSWER = 8_000
"""Of an answer in JSON; files and the document are as long as they are."""

Request = tuple[str, str, bytes, list[tuple[bytes, bytes]], bytes]


def split(data: bytes) -> Request:
    """Method, path, query, headers and body of bytes that look like HTTP/1.1; what is missing is empty."""
    top, _, body = data.partition(b"\n\n")
    first, *lines = top.split(b"\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    pairs = (line.partition(b":") for line in lines)
    headers = [(name.strip(b" ").lower(), value.strip(b" ")) for name, _, value in pairs]
    # As a server hands them on: names are words, and no line ends in the middle.
    sound = [(name, value) for name, value in headers if name.isascii() and name and b"\r" not in value + name]
    return method.decode("latin-1"), unquote(path.decode("latin-1")), query, sound, body


def scope(request: Request) -> Scope:
    """The request as uvicorn hands it on."""
    method, path, query, headers, _ = request
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": query,
        "headers": [(b"host", HOST), *headers],
        "scheme": "https",
        "client": ("203.0.113.7", 4711),
    }


async def asked(app: Any, scope: Scope, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """What the application answers."""
    coming = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop() if coming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    return start["status"], start["headers"], b"".join(part.get("body", b"") for part in rest)


def check(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """What holds for every answer."""
    said = dict(headers)
    assert 200 <= status < 500, (status, body)
    assert not any(set(name + value) & set(b"\r\n\0") for name, value in headers)
    assert len(said.get(b"location", b"")) < 8_000
    if status >= 400:
        assert json.loads(body)["success"] is False
    if said.get(b"content-type") == b"application/json" and b"openapi" not in body[:20]:
        assert len(body) < LONGEST_ANSWER
        assert b"$2b$" not in body


@contextmanager
def whole(**settings: Any) -> Iterator[Reads]:
    """The service with one user, everything turned on and no limit."""
    off = dict.fromkeys(("rate_limit_max_requests", "signup_limit_max_requests", "account_limit_max_failures"), 0)
    service = Service(**{**EVERYTHING, **off, **settings})

    def read(data: bytes) -> None:
        request = split(data.replace(b"SESSION", session).replace(b"APITOKEN", api_token).replace(b"CSRF", csrf))
        check(*runner.run(asked(service.app, scope(request), request[-1])))
        assert not [line for line in service.lines if line.get("level") == "error"]
        service.lines.clear()

    with asyncio.Runner() as runner:
        login = runner.run(_user(service))
        session, api_token, csrf = (login[name].encode() for name in ("token", "api_token", "csrf"))
        yield read
        runner.run(service.app.outbox.stop(0))


EVERYTHING: dict[str, Any] = {
    "session_list": True,
    "email_verification": "optional",
    "allowed_origins": ("https://admin.example",),
    "trusted_proxies": ("203.0.113.0/24",),
}
PRODUCTION: dict[str, Any] = {
    "environment": "production",
    "public_url": HTTPS,
    "mail_limit_max_requests": 0,
    "link_limit_max_requests": 0,
}


async def _user(service: Service) -> dict[str, str]:
    caller = service.caller(base_url=HTTPS)
    await caller.sign_up(EMAIL, PASSWORD)
    answer = await caller.log_in(EMAIL, PASSWORD)
    assert answer.status_code == 200
    await service.settle()
    return {**answer.json(), "csrf": caller.proof(None)["X-CSRF-Token"]}


@contextmanager
def by_lambda() -> Iterator[Reads]:
    """The same through an event of AWS, in the parts that a client decides."""
    service = Service(**EVERYTHING, **PRODUCTION)
    with asyncio.Runner() as runner:

        def read(data: bytes) -> None:
            method, path, query, headers, body = split(data)
            for by_url in (True, False):
                event = json.loads(json.dumps(event_of(method, path, query, headers, body, by_url=by_url)))
                answer = Answer(method)
                status, said, sent = runner.run(asked(service.app, scope_of(event), body_of(event)))
                runner.run(answer.send({"type": "http.response.start", "status": status, "headers": said}))
                runner.run(answer.send({"type": "http.response.body", "body": sent}))
                check(status, said, sent)
                json.dumps(answer.result())

        yield read
        runner.run(service.app.outbox.stop(0))


def event_of(
    method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes, *, by_url: bool
) -> dict[str, Any]:
    """An event of a function URL, or of an HTTP API, in payload format 2.0."""
    domain = "abc.lambda-url.us-east-1.on.aws" if by_url else "abc.execute-api.us-east-1.amazonaws.com"
    texts = {name.decode("latin-1"): value.decode("utf-8", "replace") for name, value in headers}
    return {
        "version": "2.0",
        # A function URL leaves the path as it was sent, an HTTP API decodes it.
        "rawPath": quote(path) if by_url else path,
        "rawQueryString": query.decode("utf-8", "replace"),
        "cookies": [cookie for cookie in texts.pop("cookie", "").split(";") if cookie],
        "headers": {"host": domain, **texts},
        "requestContext": {
            "domainName": domain,
            "http": {"method": method, "path": path, "sourceIp": "203.0.113.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "body": body.decode("utf-8", "replace"),
        "isBase64Encoded": False,
    }


JSON = b"Content-Type: application/json\n"
COOKIES = b"Cookie: __Host-auth_token=SESSION; __Host-csrf_token=CSRF; auth_token=SESSION\nX-CSRF-Token: CSRF\n"
BEARER = b"Authorization: Bearer SESSION\n"
SEEDS = (
    b"GET /api/profile\n" + COOKIES,
    b"GET /api/auth/verify\nAuthorization: Bearer APITOKEN\n",
    b"POST /api/auth/login\n" + JSON + b'\n{"email":"ada@example.com","password":"wrong"}',
    b"POST /api/auth/signup\n" + JSON + b'\n{"email":"ada@example.com","password":"a horse battery","name":"A"}',
    b"PUT /api/profile/update\n" + JSON + COOKIES + b'Sec-Fetch-Site: same-origin\n\n{"name":"Ada","bio":"a\\nb"}',
    b"POST /api/auth/api-tokens\n"
    + JSON
    + BEARER
    + b'\n{"name":"CI","scopes":["a:b"],"expires_in_days":3,"limit":5}',
    b"POST /api/auth/api-tokens/revoke\n" + JSON + BEARER + b'\n{"id":"abcdefghijkl"}',
    b"POST /api/auth/sessions/end\n" + JSON + BEARER + b'\n{"id":"nope"}',
    b"POST /api/auth/password/reset\n" + JSON + b'\n{"token":"abc.def","password":"a horse battery"}',
    b"POST /api/auth/email/verify\n" + JSON + b'\n{"token":"abc.def"}',
    b"GET /api/auth/activity\n" + BEARER,
    b"OPTIONS /api/profile\nOrigin: https://admin.example\nAccess-Control-Request-Method: PUT\n",
    b"GET /login?next=%2Fprofile%3Fa%3D1\n" + COOKIES,
    b"GET /login?next=//evil.example&next=/x\nAccept-Encoding: gzip;q=0.5, *\nRange: bytes=0-5,-1\n",
    b'HEAD /favicon.svg\nIf-None-Match: W/"x", *\nAccept: text/html;q=0.1,*/*\nIf-Range: x\n',
    b"GET /assets/../../etc/passwd\nX-Forwarded-For: 1.2.3.4, 203.0.113.9\nX-Forwarded-Proto: http\n",
    b"GET /openapi.json\nX-Request-Id: 0123456789abcdef\nForwarded: for=1.2.3.4\nContent-Length: 99999\n",
    b"POST /api/auth/logout\n" + COOKIES + b"Origin: null\nUser-Agent: Mozilla/5.0 (X11; Linux) Firefox/1\n",
)
TARGETS = {
    "service": Target(SEEDS, whole, 500),
    "service in production": Target(SEEDS, lambda: whole(**PRODUCTION), 300),
    "lambda": Target(SEEDS, by_lambda, 200),
}
