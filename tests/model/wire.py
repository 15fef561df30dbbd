"""What goes over the wire: a call as somebody makes it, and the answer as they see it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from tests.support.service import HTTP, Service

ROUTES = {
    "sign_up": ("POST", "/api/auth/signup", "anyone"),
    "log_in": ("POST", "/api/auth/login", "anyone"),
    "log_out": ("POST", "/api/auth/logout", "maybe"),
    "log_out_everywhere": ("POST", "/api/auth/logout-everywhere", "session"),
    "profile": ("GET", "/api/profile", "session"),
    "update": ("PUT", "/api/profile/update", "session"),
    "change_password": ("POST", "/api/auth/password/change", "session"),
    "forgot": ("POST", "/api/auth/password/forgot", "anyone"),
    "reset": ("POST", "/api/auth/password/reset", "anyone"),
    "verify_email": ("POST", "/api/auth/email/verify", "anyone"),
    "resend": ("POST", "/api/auth/email/resend", "anyone"),
    "confirm_change": ("POST", "/api/auth/email/change/confirm", "anyone"),
    "undo_change": ("POST", "/api/auth/email/change/undo", "anyone"),
    "delete": ("POST", "/api/account/delete", "session"),
    "sessions": ("GET", "/api/auth/sessions", "session"),
    "end_session": ("POST", "/api/auth/sessions/end", "session"),
    "activity": ("GET", "/api/auth/activity", "session"),
    "check_token": ("GET", "/api/auth/verify", "token"),
    "show_token": ("GET", "/api/auth/api-token", "session"),
    "rotate": ("POST", "/api/auth/api-token/rotate", "session"),
    "tokens": ("GET", "/api/auth/api-tokens", "session"),
    "create_token": ("POST", "/api/auth/api-tokens", "session"),
    "revoke_token": ("POST", "/api/auth/api-tokens/revoke", "session"),
}
"""Each call with its method, its path, and what it must show."""

SITES: dict[str, tuple[dict[str, str], bool]] = {
    "no browser": ({}, True),
    "our page": ({"Sec-Fetch-Site": "same-origin", "Origin": HTTP}, True),
    "the address bar": ({"Sec-Fetch-Site": "none"}, True),
    "our page in an old browser": ({"Origin": HTTP}, True),
    "another site": ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, False),
    "a sibling": ({"Sec-Fetch-Site": "same-site"}, False),
    "another site in an old browser": ({"Origin": "https://evil.example"}, False),
}
"""Where a call comes from: its headers, and whether it may change anything."""


@dataclass(frozen=True)
class Place:
    """Where somebody sits: the address, what the limits make of it, and the program with the name it is given."""

    address: str
    source: str
    network: str
    agent: str
    device: str

    def __repr__(self) -> str:
        return self.address


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PLACES = (
    Place("198.51.100.1", "198.51.100.1", "198.51.100.0/24", FIREFOX, "Firefox on Linux"),
    Place("198.51.100.2", "198.51.100.2", "198.51.100.0/24", "curl/8.9", "curl"),
    Place("192.0.2.7", "192.0.2.7", "192.0.2.0/24", "curl/8.9", "curl"),
    Place("2001:db8:1:2::1", "2001:db8:1:2::/64", "2001:db8:1::/48", FIREFOX, "Firefox on Linux"),
    Place("2001:db8:1:2:ffff::2", "2001:db8:1:2::/64", "2001:db8:1::/48", FIREFOX, "Firefox on Linux"),
)


@dataclass(frozen=True)
class Proof:
    """What a call shows of who makes it; None for a header that is not sent."""

    authorization: str | None = None
    cookie: str | None = None
    csrf: str | None = None

    def headers(self) -> dict[str, str]:
        """As they are sent."""
        given = {
            "Authorization": self.authorization,
            "Cookie": None if self.cookie is None else f"auth_token={self.cookie}",
            "X-CSRF-Token": self.csrf,
        }
        return {name: value for name, value in given.items() if value is not None}


NOBODY = Proof()


@dataclass(frozen=True, eq=False)
class Call:
    """One call. A `body` that is a text is sent as it is, None is none at all."""

    kind: str
    place: Place
    body: Any = None
    proof: Proof = NOBODY
    site: str = "no browser"

    @property
    def changes(self) -> bool:
        """Whether it is one that may change something."""
        return ROUTES[self.kind][0] != "GET"


@dataclass(frozen=True, eq=False)
class Answer:
    """An answer with what the model says something about."""

    status: int
    body: Any
    cookies: dict[str, str]
    retry_after: int | None
    headers: frozenset[str] = field(default_factory=frozenset, repr=False)


async def send(service: Service, call: Call) -> Answer:
    """Makes the call from its place. The answer is held against the OpenAPI document as well."""
    method, path, _ = ROUTES[call.kind]
    headers = {"User-Agent": call.place.agent, **call.proof.headers(), **SITES[call.site][0]}
    content = None
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        content = (call.body if isinstance(call.body, str) else json.dumps(call.body)).encode()
    answer = await service.caller(call.place.address).request(method, path, headers=headers, content=content)
    assert "$2b$" not in answer.text, "an answer holds a password hash"
    cookies = SimpleCookie("; ".join(value.partition(";")[0] for value in answer.headers.get_list("set-cookie")))
    retry_after = answer.headers.get("retry-after")
    return Answer(
        status=answer.status_code,
        body=answer.json(),
        cookies={name: morsel.value for name, morsel in cookies.items()},
        retry_after=None if retry_after is None else int(retry_after),
        headers=frozenset(answer.headers),
    )
