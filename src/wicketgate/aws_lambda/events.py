"""An event of Lambda becomes a request of ASGI, and what was answered becomes the function's result.

Function URLs and HTTP APIs send events of one format, 2.0 ("Working with AWS Lambda proxy integrations for HTTP
APIs" in the API Gateway Developer Guide), but fill it differently; where they do stands beside the line.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import quote, unquote

import msgspec
from starlette.types import Message, Scope

from wicketgate.core.errors import InvalidInput, Problem, WicketgateError

Event = Mapping[str, Any]
Result = dict[str, Any]
Headers = list[tuple[bytes, bytes]]

_TEXT: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
_SCHEDULES: Final = ("aws.events", "aws.scheduler")
# What a path may hold as it is (RFC 3986, 3.3).
_PLAIN: Final = "/:@!$&'()*+,;=~"


class UnknownEvent(WicketgateError):
    """The event is not one of a web request in payload format 2.0."""


class _Http(msgspec.Struct, rename="camel"):
    method: str
    source_ip: str


class _Context(msgspec.Struct, rename="camel"):
    http: _Http
    domain_name: str = ""
    stage: str = ""
    request_id: str = ""


class _WebRequest(msgspec.Struct, rename="camel"):
    """What is read of an event. Whoever may invoke the function can send anything."""

    version: Literal["2.0"]
    request_context: _Context
    raw_path: str | None = None
    raw_query_string: str = ""
    headers: dict[str, str] | None = None
    cookies: list[str] | None = None
    body: str | None = None
    is_base64_encoded: bool = False


def scope_of(event: Event) -> Scope:
    """The event as ASGI's scope. Raises UnknownEvent."""
    request = _read(event)
    context = request.request_context
    by_url = ".lambda-url." in context.domain_name
    root, path, raw_path = _paths(request.raw_path or "/", context.stage, by_url=by_url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        # Both kinds of endpoint speak https only.
        "scheme": "https",
        "server": (context.domain_name, 443),
        "client": (context.http.source_ip, 0),
        "method": context.http.method,
        "root_path": root,
        "path": path,
        "raw_path": raw_path,
        "query_string": request.raw_query_string.encode("utf-8", "surrogatepass"),
        "headers": _headers(request, by_url=by_url),
        "state": {},
    }


def asks_for_jobs(event: Event) -> bool:
    """Whether an event is a schedule's: `{"wicketgate": "outbox"}`, or what EventBridge sends of its own accord.

    No visitor can send one: what comes from the web stands within an event of a web request.
    """
    if not isinstance(event, Mapping) or "requestContext" in event:
        return False
    of_a_schedule = event.get("detail-type") == "Scheduled Event"
    return event.get("wicketgate") == "outbox" or (of_a_schedule and event.get("source") in _SCHEDULES)


def body_of(event: Event) -> bytes:
    """The body of the request. Raises InvalidInput when it is not in base64 though it says so, and UnknownEvent."""
    request = _read(event)
    body = request.body or ""
    if not request.is_base64_encoded:
        return body.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError:
        raise InvalidInput(Problem("The request body must be valid base64")) from None


def _read(event: Event) -> _WebRequest:
    try:
        return msgspec.convert(event, _WebRequest)
    except (msgspec.ValidationError, UnicodeError):
        raise UnknownEvent(
            "only events of a function URL or an HTTP API in payload format 2.0, and of a schedule, are served"
        ) from None


def _paths(raw: str, stage: str, *, by_url: bool) -> tuple[str, str, bytes]:
    """Where we are mounted, the path, and the path as it was sent.

    An HTTP API has decoded the path, a function URL has not. Decoding twice would make one path of `%2561` and `a`,
    of which something in front may have looked at the first. A stage other than `$default` stands in the path.
    """
    path = unquote(raw) if by_url else raw
    sent = raw if by_url else quote(raw, safe=_PLAIN, errors="surrogatepass")
    root = f"/{stage}"
    if stage in ("", "$default") or not f"{path}/".startswith(f"{root}/"):
        root = ""
    elif path == root:
        path, sent = f"{path}/", f"{sent}/"
    return root, path, sent.encode("utf-8", "surrogatepass")


def _headers(request: _WebRequest, *, by_url: bool) -> Headers:
    cookies = request.cookies
    headers: Headers = []
    for name, value in (request.headers or {}).items():
        lower = name.lower()
        # A function URL leaves of X-Forwarded-For what stands furthest left, which is what the client chose to send.
        if lower == "x-request-id" or (lower == "x-forwarded-for" and by_url):
            continue
        # A function URL sends cookies twice.
        if lower == "cookie" and cookies:
            continue
        headers.append((lower.encode("utf-8", "surrogatepass"), _value(value)))
    if cookies:
        headers.append((b"cookie", _value("; ".join(cookies))))
    # The id under which AWS logs the request. API Gateway's end in "=", which the service takes for no id.
    headers.append((b"x-request-id", _value(request.request_context.request_id.rstrip("="))))
    return headers


def _value(text: str) -> bytes:
    """A header's bytes, which are Latin-1 where they can be."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


class Answer:
    """Collects what the service sends; `result` is what Lambda wants to have returned."""

    __slots__ = ("_body", "_headers", "_method", "_status")

    def __init__(self, method: str) -> None:
        self._method = method
        self._status = 500  # until there is an answer
        self._headers: Headers = []
        self._body = b""

    async def send(self, message: Message) -> None:
        """Takes one message of ASGI."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    def result(self) -> Result:
        """The answer as an event of payload format 2.0: cookies apart, other repeated headers joined by commas."""
        headers: dict[str, str] = {}
        cookies: list[str] = []
        for name, value in self._headers:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            if key == "set-cookie":
                cookies.append(text)
            elif key != "content-length":  # AWS counts for itself; ours would be wrong for HEAD
                headers[key] = f"{headers[key]}, {text}" if key in headers else text
        body, encoded = self._sendable(headers)
        result: Result = {"statusCode": self._status, "headers": headers, "body": body, "isBase64Encoded": encoded}
        if cookies:
            result["cookies"] = cookies
        return result

    def _sendable(self, headers: Mapping[str, str]) -> tuple[str, bool]:
        """The body as text, or what is not text in base64: a result is JSON."""
        body = b"" if self._method == "HEAD" else self._body
        if "content-encoding" not in headers and headers.get("content-type", "text/").startswith(_TEXT):
            try:
                return body.decode(), False
            except UnicodeDecodeError:
                pass
        return base64.b64encode(body).decode(), bool(body)
