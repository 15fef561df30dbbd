"""The answers to what goes wrong, and which of them comes first."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.service import EMAIL, PASSWORD, Service, bearer

JSON = {"Content-Type": "application/json"}
ROUTES = {
    "/api/auth/signup": "POST",
    "/api/auth/login": "POST",
    "/api/auth/logout": "POST",
    "/api/profile": "GET, HEAD",
    "/api/profile/update": "PUT",
    "/api/auth/verify": "GET, HEAD",
    "/api/auth/api-token": "GET, HEAD",
    "/api/auth/api-token/rotate": "POST",
    "/healthz": "GET, HEAD",
    "/readyz": "GET, HEAD",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


def failure(text: str) -> dict[str, Any]:
    """The body of an error that concerns no field."""
    return {"success": False, "error": text}


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/auth/login/", "/API/auth/login", "/api//profile", "/api/auth"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_unknown_path(service: Service, method: str, path: str) -> None:
    """404 as JSON, whatever the method and the credentials."""
    answer = await service.caller().request(method, path, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 404
    assert answer.json() == failure("Not found")


@pytest.mark.parametrize(("path", "allowed"), ROUTES.items())
async def test_wrong_method(service: Service, path: str, allowed: str) -> None:
    """405 with the methods that there are, for every other method."""
    wrong = [method for method in METHODS if method not in allowed.split(", ")]

    answers = [await service.caller().request(method, path) for method in wrong]

    assert {answer.status_code for answer in answers} == {405}
    assert {answer.headers["allow"] for answer in answers} == {allowed}
    assert answers[-1].json() == failure("Method not allowed")


INVALID_BODIES = {
    "empty": (b"", "The request body must be valid JSON"),
    "cut off": (b'{"email":', "The request body must be valid JSON"),
    "not UTF-8": (b'{"email": "\xff\xfe"}', "The request body must be valid JSON"),
    "key not UTF-8": (b'{"\xc3\x28": 1}', "The request body must be valid JSON"),
    "byte order mark": (b"\xef\xbb\xbf{}", "The request body must be valid JSON"),
    "UTF-16": ('{"email":"a@b.co"}'.encode("utf-16"), "The request body must be valid JSON"),
    "trailing": (b"{} {}", "The request body must be valid JSON"),
    "NaN": (b'{"email": NaN}', "The request body must be valid JSON"),
    "single quotes": (b"{'email': 'a@b.co'}", "The request body must be valid JSON"),
    "deep list": (b"[" * 30_000 + b"]" * 30_000, "The request body must be valid JSON"),
    "deep value": (b'{"email":' + b"[" * 30_000 + b"]" * 30_000 + b"}", "The request body must be valid JSON"),
    "lone surrogate": (
        rb'{"email": "\ud800@example.com", "password": "12345678"}',
        "The request body must be valid JSON",
    ),
    "list": (b"[]", "The request body must be a JSON object"),
    "null": (b"null", "The request body must be a JSON object"),
    "text": (b'"email"', "The request body must be a JSON object"),
    "number": (b"1e400", None),
}


@pytest.mark.parametrize("path", ["/api/auth/signup", "/api/auth/login", "/api/profile/update"])
@pytest.mark.parametrize("name", INVALID_BODIES)
async def test_invalid_json(service: Service, path: str, name: str) -> None:
    """400 for what is no JSON object, said in one sentence without a field."""
    content, error = INVALID_BODIES[name]
    _, login = await service.user()
    method = "PUT" if path.endswith("update") else "POST"

    answer = await service.caller().request(method, path, content=content, headers={**JSON, **bearer(login["token"])})

    assert answer.status_code == 400
    assert set(answer.json()) == {"success", "error"}
    assert error is None or answer.json()["error"] == error


FIELD_PROBLEMS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("/api/auth/signup", {}, {"email": "Email is required", "password": "Password is required"}),
    ("/api/auth/login", {}, {"email": "Email is required", "password": "Password is required"}),
    (
        "/api/auth/login",
        {"email": "", "password": ""},
        {"email": "Email is required", "password": "Password is required"},
    ),
    (
        "/api/auth/signup",
        {"email": 1, "password": ["12345678"], "name": None},
        {"email": "Email must be text", "password": "Password must be text", "name": "Name must be text"},
    ),
    (
        "/api/auth/signup",
        {"email": "ada", "password": "1234567", "name": " "},
        {
            "email": "Enter a valid email address",
            "password": "Password must be at least 8 characters",
            "name": "Name is required",
        },
    ),
    (
        "/api/auth/signup",
        {"email": f"{'a' * 252}@b.co", "password": "x" * 129, "name": "n" * 101},
        {
            "email": "Email must be at most 255 characters",
            "password": "Password must be at most 128 characters",
            "name": "Name must be at most 100 characters",
        },
    ),
    (
        "/api/auth/signup",
        {"email": EMAIL, "password": PASSWORD, "plan": "paid", "id": "x"},
        {"plan": "Unknown field", "id": "Unknown field"},
    ),
    (
        "/api/profile/update",
        {"name": "", "email": "ada@", "bio": "b" * 501},
        {
            "name": "Name is required",
            "email": "Enter a valid email address",
            "bio": "Bio must be at most 500 characters",
        },
    ),
    ("/api/profile/update", {"name": None, "bio": 3}, {"name": "Name must be text", "bio": "Bio must be text"}),
    ("/api/profile/update", {"password": "12345678"}, {"password": "Unknown field"}),
]


@pytest.mark.parametrize(("path", "body", "problems"), FIELD_PROBLEMS)
async def test_every_problem_is_told_at_once(
    service: Service, path: str, body: dict[str, Any], problems: dict[str, str]
) -> None:
    """400 with a message for each wrong field, the first of them in `error` and `field`."""
    _, login = await service.user()
    method = "PUT" if path.endswith("update") else "POST"

    answer = await service.caller().request(method, path, json=body, headers=bearer(login["token"]))

    told = answer.json()
    assert answer.status_code == 400
    assert told["errors"] == problems
    assert (told["field"], told["error"]) == next(iter(told["errors"].items()))
    assert set(told) == {"success", "error", "field", "errors"}


async def test_taken_address_at_sign_up(service: Service) -> None:
    """400 that names no field and does not say why, whatever the spelling of the address."""
    await service.user(EMAIL)

    answer = await service.caller().sign_up(f" {EMAIL.upper()}\t", "another password")

    assert answer.status_code == 400
    assert answer.json() == failure("Unable to create an account with these details")


async def test_taken_address_at_update(service: Service) -> None:
    """400 for the field, and nothing of the change is kept."""
    await service.user(EMAIL)
    caller, login = await service.user()

    answer = await caller.update({"email": EMAIL.upper(), "name": "New"})

    text = "Unable to use this email address"
    assert answer.status_code == 400
    assert answer.json() == {**failure(text), "field": "email", "errors": {"email": text}}
    assert (await caller.profile()).json()["user"] == login["user"]


UNREADABLE = [
    "",
    "Bearer",
    "Bearer ",
    "Basic YTpi",
    "Bearer a b",
    "Token abc",
    "bearer\tabc",
    "Bearer abc, Bearer def",
]


@pytest.mark.parametrize("authorization", UNREADABLE)
async def test_unreadable_authorization(service: Service, authorization: str) -> None:
    """401 even beside a good cookie: the cookie is ignored."""
    caller, _ = await service.user()

    answer = await caller.get("/api/profile", headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.json() == failure("Authentication required")


async def test_unreadable_authorization_does_not_pass_for_a_logout(service: Service) -> None:
    """Beside a good cookie it is 401 at the logout too, since the cookie's session would live on."""
    caller, login = await service.user()

    answer = await caller.post("/api/auth/logout", headers={"Authorization": "Basic YTpi"})

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert (await caller.profile(login["token"])).status_code == 200


async def test_a_logout_leaves_a_cookie_that_it_did_not_look_at(service: Service) -> None:
    """Beside a dead token the cookie is ignored: its session lives on, so the browser keeps it."""
    caller, login = await service.user()

    answer = await caller.post("/api/auth/logout", headers={"Authorization": "Bearer no-token-of-ours"})

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert (await caller.profile()).status_code == (await caller.profile(login["token"])).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
async def test_scheme_in_any_case(service: Service, scheme: str) -> None:
    """The scheme's name may be written in any case."""
    _, login = await service.user()

    answer = await service.caller().get("/api/profile", headers={"Authorization": f"{scheme} {login['token']}"})

    assert answer.status_code == 200


async def test_two_authorizations(service: Service) -> None:
    """Two `Authorization` headers are one that cannot be read."""
    _, login = await service.user()
    headers = [("Authorization", f"Bearer {login['token']}"), ("Authorization", f"Bearer {login['token']}")]

    answer = await service.caller().get("/api/profile", headers=headers)

    assert answer.status_code == 401


async def test_authorization_before_cookie(service: Service) -> None:
    """With both, the session is the header's."""
    caller, _ = await service.user()
    _, other = await service.user()

    answer = await caller.profile(other["token"])

    assert answer.json()["user"] == other["user"]


async def test_each_kind_of_token_has_its_own_routes(service: Service) -> None:
    """Only verify takes an API token, and it takes nothing else, a cookie neither."""
    caller, login = await service.user()

    answers = [
        await service.caller().profile(login["api_token"]),
        await service.caller().update({}, login["api_token"]),
        await service.caller().rotate(login["api_token"]),
        await service.caller().verify(login["token"]),
        await caller.get("/api/auth/verify"),
    ]

    assert [answer.status_code for answer in answers] == [401] * 5
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


LARGE = b'{"email":"' + b"a" * 65_536 + b'"}'
MAXIMUM = 64 * 1024


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/auth/login"),
        ("PUT", "/api/profile/update"),
        ("POST", "/api/auth/logout"),
        ("GET", "/api/profile"),
    ],
)
async def test_large_body(service: Service, method: str, path: str) -> None:
    """413 for a body that says it is over 64 KiB, also where no body is wanted."""
    answer = await service.caller().request(method, path, content=LARGE, headers=JSON)

    assert answer.status_code == 413
    assert answer.json() == failure("The request body is too large")


async def test_body_that_grows_too_large(service: Service) -> None:
    """413 as soon as a body without a length has passed 64 KiB; the rest is not read."""
    sent = 0

    async def chunks() -> Any:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b" " * 1024

    answer = await service.caller().post("/api/auth/login", content=chunks(), headers=JSON)

    assert answer.status_code == 413
    assert sent < 70


async def test_body_of_exactly_64_kib(service: Service) -> None:
    """64 KiB are not too large."""
    content = b'{"email":"' + b"a" * (MAXIMUM - 12) + b'"}'

    answer = await service.caller().post("/api/auth/login", content=content, headers=JSON)

    assert len(content) == MAXIMUM
    assert answer.status_code == 400


@pytest.mark.parametrize("length", ["9" * 30, "9" * 5000])
async def test_absurd_content_length(service: Service, length: str) -> None:
    """413 for a length beyond all numbers."""
    answer = await service.caller().post("/api/auth/login", content=b"{}", headers={**JSON, "Content-Length": length})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/json",
        "application/jsonx",
        "application/json, text/plain",
        "multipart/form-data; boundary=x",
    ],
)
async def test_other_media_types(service: Service, media_type: str | None) -> None:
    """415 for a body that does not say that it is JSON."""
    content = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    headers = {"Content-Type": media_type} if media_type is not None else {}

    answer = await service.caller().post("/api/auth/login", content=content, headers=headers)

    assert answer.status_code == 415
    assert answer.json() == failure("The request body must be application/json")


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8"],
)
async def test_json_media_types(service: Service, media_type: str) -> None:
    """The media type is compared as media types are."""
    answer = await service.caller().post("/api/auth/login", content=b"{}", headers={"Content-Type": media_type})

    assert answer.status_code == 400


def worst(*, good: tuple[str, ...] = ()) -> httpx.Request:
    """A request with everything wrong at once, but for what is named."""
    wrong = {
        "site": ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}),
        "size": ({}, {}),
        "type": ({"Content-Type": "text/plain"}, JSON),
        "session": ({"Cookie": "auth_token=bad"}, {}),
    }
    headers: dict[str, str] = {}
    for name, (bad, fine) in wrong.items():
        headers |= fine if name in good else bad
    content = b"{" if "size" in good else LARGE
    return httpx.Request("PUT", "http://service.example/api/profile/update", headers=headers, content=content)


@pytest.mark.parametrize(
    ("good", "status"),
    [
        ((), 403),
        (("site",), 413),
        (("site", "size"), 415),
        (("site", "size", "type"), 401),
    ],
)
async def test_order_of_answers(service: Service, good: tuple[str, ...], status: int) -> None:
    """Cross-site before size, size before type, type before session."""
    answer = await service.caller().send(worst(good=good))

    assert answer.status_code == status


async def test_order_of_the_last_answers(service: Service) -> None:
    """CSRF before what the body says; then that."""
    caller, _ = await service.user()
    csrf = caller.proof(None)

    answers = [
        await caller.put("/api/profile/update", content=b"{", headers=JSON),
        await caller.put("/api/profile/update", content=b"{", headers={**JSON, **csrf}),
    ]

    assert [answer.status_code for answer in answers] == [403, 400]


async def test_wrong_method_before_cross_site(service: Service) -> None:
    """405 is told to everybody."""
    answer = await service.caller().delete("/api/profile", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 405
