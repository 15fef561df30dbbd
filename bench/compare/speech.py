"""How each peer is spoken to: what to send, what a good answer is, and what a session is shown by."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and the status of its good answer."""

    method: str
    path: str
    expected: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    cookies: str


@dataclass(frozen=True, slots=True)
class Speech:
    """The calls of one peer. `shown` turns the answer to a login into the headers of a session."""

    sign_up: Callable[[str, str], Ask]
    log_in: Callable[[str, str], Ask]
    shown: Callable[[Answer], dict[str, str]]
    read: Ask
    log_out: Ask
    alive: Callable[[Answer], bool] = lambda answer: answer.status == 200


def _account(path: str, expected: int) -> Callable[[str, str], Ask]:
    def ask(email: str, password: str) -> Ask:
        body = json.dumps({"email": email, "password": password, "name": "Ada"}).encode()
        return Ask("POST", path, expected, body, {"Content-Type": "application/json"})

    return ask


def _credentials(path: str) -> Callable[[str, str], Ask]:
    def ask(email: str, password: str) -> Ask:
        body = json.dumps({"email": email, "password": password}).encode()
        return Ask("POST", path, 200, body, {"Content-Type": "application/json"})

    return ask


def _form(email: str, password: str) -> Ask:
    body = urlencode({"username": email, "password": password}).encode()
    return Ask("POST", "/auth/login", 204, body, {"Content-Type": "application/x-www-form-urlencoded"})


def _cookies(answer: Answer) -> dict[str, str]:
    return {"Cookie": answer.cookies}


def _session_token(answer: Answer) -> dict[str, str]:
    return {"X-Session-Token": json.loads(answer.body)["meta"]["session_token"]}


WICKETGATE = Speech(
    sign_up=_account("/api/auth/signup", 201),
    log_in=_credentials("/api/auth/login"),
    shown=_cookies,
    read=Ask("GET", "/api/profile", 200),
    log_out=Ask("POST", "/api/auth/logout", 200),
)
NEXT_DESIGN = Speech(
    sign_up=_account("/api/auth/signup", 201),
    log_in=_credentials("/api/auth/login"),
    shown=_cookies,
    read=Ask("GET", "/api/profile", 200),
    log_out=Ask("POST", "/api/auth/logout", 200),
)
BETTER_AUTH = Speech(
    sign_up=_account("/api/auth/sign-up/email", 200),
    log_in=_credentials("/api/auth/sign-in/email"),
    shown=_cookies,
    read=Ask("GET", "/api/auth/get-session", 200),
    log_out=Ask("POST", "/api/auth/sign-out", 200, b"{}", {"Content-Type": "application/json"}),
    alive=lambda answer: answer.status == 200 and answer.body.strip() != b"null",
)
FASTAPI_USERS = Speech(
    sign_up=_account("/auth/register", 201),
    log_in=_form,
    shown=_cookies,
    read=Ask("GET", "/users/me", 200),
    log_out=Ask("POST", "/auth/logout", 204),
)
ALLAUTH = Speech(
    sign_up=_account("/_allauth/app/v1/auth/signup", 200),
    log_in=_credentials("/_allauth/app/v1/auth/login"),
    shown=_session_token,
    read=Ask("GET", "/_allauth/app/v1/auth/session", 200),
    log_out=Ask("DELETE", "/_allauth/app/v1/auth/session", 401),
)
