"""Events as AWS sends them, and a visitor who sends some."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

Event = dict[str, Any]
Result = Mapping[str, Any]

URL_HOST = "abc123.lambda-url.eu-central-1.on.aws"
API_HOST = "abc123.execute-api.eu-central-1.amazonaws.com"
SOURCE = "203.0.113.7"
URL_REQUEST_ID = "8d7b2c1e-5a0f-4b52-9a2c-0c7f2f6f3f11"
API_REQUEST_ID = "JKJaXmPLvHcESHA="


def by_url(path: str = "/", **changes: Any) -> Event:
    """The event of a function URL."""
    return _event(path, URL_HOST, URL_REQUEST_ID, **changes)


def by_api(path: str = "/", **changes: Any) -> Event:
    """The event of an HTTP API."""
    return _event(path, API_HOST, API_REQUEST_ID, **changes)


BOTH: tuple[Callable[..., Event], ...] = (by_url, by_api)


def _event(
    path: str,
    host: str,
    request_id: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    stage: str = "$default",
    source: str = SOURCE,
    **more: Any,
) -> Event:
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": host, "x-forwarded-proto": "https", "x-forwarded-for": source, **(headers or {})},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": host.partition(".")[0],
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source, "userAgent": "test"},
            "requestId": request_id,
            "routeKey": "$default",
            "stage": stage,
            "time": "12/Mar/2030:19:03:58 +0000",
            "timeEpoch": 1899745438390,
        },
        "isBase64Encoded": False,
        **more,
    }


def body_of(result: Result) -> bytes:
    """The bytes that AWS would send on."""
    body: str = result["body"]
    return base64.b64decode(body) if result["isBase64Encoded"] else body.encode()


class Visitor:
    """A browser as seen from behind AWS: it keeps cookies, and proves with them that it is no other site."""

    def __init__(self, invoke: Callable[[Event], Result], kind: Callable[..., Event] = by_url) -> None:
        self._invoke = invoke
        self._kind = kind
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Result:
        """The answer to one request."""
        more: dict[str, Any] = {}
        known = {"sec-fetch-site": "same-origin", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if body is not None:
            more["body"] = json.dumps(body)
            known["content-type"] = "application/json"
        if self.cookies:
            more["cookies"] = [f"{name}={value}" for name, value in self.cookies.items()]
        if "__Host-csrf_token" in self.cookies:
            known["x-csrf-token"] = self.cookies["__Host-csrf_token"]
        result = self._invoke(self._kind(path, method=method, headers=known, **more))
        for cookie in result.get("cookies", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return result


def lives_a_life(visitor: Visitor, address: str) -> None:
    """Signs up, logs in, changes the profile, hands out an API token, logs out, and is out."""
    account = {"email": address, "password": "correct horse battery"}
    signed_up = visitor.send("POST", "/api/auth/signup", account)
    assert signed_up["statusCode"] == 201, signed_up
    logged_in = visitor.send("POST", "/api/auth/login", account)
    assert logged_in["statusCode"] == 200, logged_in
    names = [cookie.partition("=")[0] for cookie in logged_in["cookies"]]
    assert names == ["__Host-auth_token", "__Host-csrf_token", "__Host-device"]
    assert visitor.send("GET", "/api/profile")["statusCode"] == 200
    changed = visitor.send("PUT", "/api/profile/update", {"name": "Адá 🌍"})
    assert json.loads(changed["body"])["user"]["name"] == "Адá 🌍"
    api_token = json.loads(logged_in["body"])["api_token"]
    verified = visitor.send("GET", "/api/auth/verify", authorization=f"Bearer {api_token}")
    assert verified["statusCode"] == 200, verified
    assert visitor.send("POST", "/api/auth/logout")["statusCode"] == 200
    assert visitor.send("GET", "/api/profile")["statusCode"] == 401
