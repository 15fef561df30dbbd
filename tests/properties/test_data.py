"""Properties 12 to 17: what is kept, how often one may try, and what is told."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

import bcrypt
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support import strategies as people
from tests.support.clock import MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import PASSWORD, Service, bearer, fresh_email, fresh_source, unique
from wicketgate.core.clock import iso


def contract_input(password: str) -> bytes:
    """The bytes that bcrypt gets by the contract's rule, so that hashes can be checked without our code."""
    encoded = unicodedata.normalize("NFKC", password).encode()
    if len(encoded) > 72 or 0 in encoded:
        return b"\xff" + base64.b64encode(hashlib.sha256(encoded).digest())
    return encoded


# Feature: user-authentication, Property 12: For any user creation or password update, the password should be hashed
# using bcrypt before storage, and the plain text password should never be stored in DynamoDB.
@given(password=people.PASSWORDS)
async def test_passwords_always_hashed(world: World, password: str) -> None:
    """The store holds a bcrypt hash of exactly this password and nowhere the password itself."""
    digits = any(password in part for part in (iso(world.clock.now), "user@example.com Ada Lovelace"))
    assume(not digits)
    cheap, dear = world.beside(bcrypt_cost=4), world.beside(bcrypt_cost=5)
    address = fresh_email()
    signed_up = await cheap.caller().sign_up(address, password, name="Ada Lovelace")
    user_id = signed_up.json()["user"]["id"]

    created = (await world.depths.user(user_id))["passwordHash"]
    renewed_by = await dear.caller().log_in(address, password)
    renewed = (await world.depths.user(user_id))["passwordHash"]

    assert renewed_by.status_code == 200
    assert (created[:7], renewed[:7]) == ("$2b$04$", "$2b$05$")
    assert all(
        len(stored) == 60 and bcrypt.checkpw(contract_input(password), stored.encode())
        for stored in (created, renewed)
    )
    raw = repr(await world.depths.user(user_id))
    for form in (password, unicodedata.normalize("NFKC", password)):
        assert form not in raw
        assert json.dumps(form)[1:-1] not in raw
        assert form.encode().hex() not in raw


# Feature: user-authentication, Property 13: For any user data query, the system should use the userId as the
# primary key for DynamoDB lookups.
@given(address=people.addresses(), plan=st.text("abcdefgh", min_size=1, max_size=12))
async def test_user_queries_use_primary_key(world: World, address: str, plan: str) -> None:
    """What every call tells of a user is what lies under their id in the store, and nothing else."""
    _, login = await world.user(unique(address))
    user_id = login["user"]["id"]
    session, api_token = login["token"], login["api_token"]

    await world.depths.set_plan(user_id, plan)

    caller = world.caller()
    answers = [
        await caller.profile(session),
        await caller.verify(api_token),
        await caller.log_in(login["user"]["email"]),
        await caller.update({"name": "New"}, session),
    ]
    assert (await world.depths.user(user_id))["userId"] == user_id
    assert world.depths.searches() == 0
    assert [(answer.json()["user"]["id"], answer.json()["user"]["plan"]) for answer in answers] == [
        (user_id, plan)
    ] * 4


ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


# Feature: user-authentication, Property 14: For any user record in DynamoDB, it should contain both createdAt and
# lastModified timestamps in ISO 8601 format.
@given(
    created=st.integers(0, 4_000_000_000_000),
    steps=st.lists(
        st.tuples(st.sampled_from(["update", "log in", "log out", "rotate"]), st.integers(0, 86_000)), max_size=4
    ),
)
async def test_user_records_include_timestamps(world: World, created: int, steps: list[tuple[str, int]]) -> None:
    """Both times are in the record from its first moment and through everything that happens to it."""
    world.clock.now = created
    caller, login = await world.user()
    user_id = login["user"]["id"]
    modified = created

    for step, seconds in steps:
        world.clock.advance(seconds * 1000)
        token = (await caller.log_in(login["user"]["email"])).json()["token"]
        if step == "update":
            await caller.update({"bio": str(seconds)}, token)
            modified = world.clock.now
        elif step == "log out":
            await caller.log_out(token)
        elif step == "rotate":
            await caller.rotate(token)

    raw = await world.depths.user(user_id)
    assert ISO.fullmatch(raw["createdAt"])
    assert ISO.fullmatch(raw["lastModified"])
    assert milliseconds(raw["createdAt"]) == created
    assert milliseconds(raw["lastModified"]) == modified


def milliseconds(text: str) -> int:
    """The time in an ISO 8601 text, read by the standard library."""
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return round(since.total_seconds() * 1000)


WINDOW = 15 * MINUTE
PAUSES = (
    st.integers(0, 5000)
    | st.integers(0, WINDOW)
    | st.sampled_from([WINDOW - 1, WINDOW, WINDOW + 1, WINDOW // 5, WINDOW // 4, 1, 0])
)
ATTEMPTS = st.lists(
    st.tuples(PAUSES, st.integers(0, 5), st.sampled_from(["right", "wrong", "wrong", "invalid"])),
    min_size=6,
    max_size=16,
)


def neighbours() -> list[tuple[str, int]]:
    """Client addresses nobody else has, each with the number of the source that it is."""
    v4, other, number = fresh_source(), fresh_source(), int(unique("").strip("u."))
    v6 = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}"
    return [
        (v4, 0),
        (f"::ffff:{v4}", 0),
        (other, 1),
        (f"{v6}::1", 2),
        (f"{v6}:ffff::2", 2),
        (f"2001:db9:{number >> 16:x}:{number & 0xFFFF:x}::1", 3),
    ]


# Feature: user-authentication, Property 15: For any sequence of login attempts from the same source exceeding the
# rate limit (5 requests per 15 minutes), subsequent requests should be rejected with a rate limit error.
@given(attempts=ATTEMPTS)
async def test_rate_limiting_prevents_brute_force(world: World, attempts: list[tuple[int, int, str]]) -> None:
    """An attempt is looked at if and only if fewer than five of its source were in the 15 minutes before it."""
    service = world.beside(rate_limit_max_requests=5)
    address = fresh_email()
    await service.caller().sign_up(address)
    clients = neighbours()
    looked_at: dict[int, list[int]] = {}

    for pause, client, kind in attempts:
        service.clock.advance(pause)
        host, source = clients[client]
        answer = await service.caller(host).log_in(
            address, {"right": PASSWORD, "wrong": "not it", "invalid": ""}[kind]
        )

        now, log = service.clock.now, looked_at.setdefault(source, [])
        recent = [moment for moment in log if moment > now - WINDOW]
        if kind == "invalid":
            assert answer.status_code == 400
        elif len(recent) < 5:
            assert answer.status_code == (200 if kind == "right" else 401)
            log.append(now)
        else:
            assert answer.status_code == 429
            assert answer.json() == {"success": False, "error": "Too many requests, please try again later"}
            assert int(answer.headers["retry-after"]) == -(-(recent[0] + WINDOW - now) // 1000)


# Feature: user-authentication, Property 16: For any user input (email, name, bio, password), the system should
# sanitize the input to prevent injection attacks before processing or storage.
@given(address=people.addresses(), name=people.NAMES, bio=people.BIOS, password=people.PASSWORDS, data=st.data())
async def test_user_inputs_sanitized(
    world: World, address: str, name: str, bio: str, password: str, data: st.DataObject
) -> None:
    """What is kept is the cleaned text and nothing of it is lost, escaped or run; the password is kept as typed."""
    address = unique(address)
    typed = data.draw(people.as_typed(address))
    _, login = await world.user(address, password, name=name)

    answer = await world.caller().update({"name": name, "bio": bio, "email": typed}, login["token"])

    user = answer.json()["user"]
    assert user["email"] == people.normal_form(people.clean(address))
    assert user["name"] == people.clean(name)
    assert user.get("bio", "") == people.clean(bio, "\n")
    raw = await world.depths.user(user["id"])
    for value, allowed in ((raw["email"], ""), (raw["name"], ""), (raw.get("bio") or "", "\n")):
        assert unicodedata.is_normalized("NFC", value)
        assert value == value.strip()
        assert all(letter in allowed or unicodedata.category(letter) != "Cc" for letter in value)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", value)
    twice = await world.caller().update(
        {name: value for name, value in user.items() if name in ("name", "bio", "email")}, login["token"]
    )
    assert {**twice.json()["user"], "lastModified": user["lastModified"]} == user
    assert (await world.caller().log_in(address, password)).status_code == 200
    if password != password.strip():
        assert (await world.caller().log_in(address, password.strip() or "-")).status_code == 401


LEAKS = re.compile(
    r"dynamo|sqlite|apsw|bcrypt|msgspec|starlette|uvicorn|aiohttp|python|traceback|exception|\.py\b|/src|users-|"
    r"\btable\b|\bdatabase\b|\bindex\b|exist|taken|already|registered|unknown user|no such user|in use|\bhash|\$2b\$",
    re.IGNORECASE,
)
REQUESTS = st.tuples(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    st.sampled_from(
        [
            "/api/auth/signup",
            "/api/auth/login",
            "/api/auth/logout",
            "/api/auth/verify",
            "/api/auth/api-token/rotate",
            "/api/profile",
            "/api/profile/update",
            "/readyz",
            "/",
            "/api/../etc/passwd",
            "/users-dev",
        ]
    ),
    people.JSON_VALUES
    | st.fixed_dictionaries({}, optional=dict.fromkeys(("email", "password", "name", "bio"), people.JSON_VALUES)),
    st.sampled_from(["nobody", "session", "api token", "cookie alone", "cross-site", "not json"]),
)


# Feature: user-authentication, Property 17: For any error response, the message should not contain sensitive
# details such as whether a user exists, database structure, or internal system information.
@given(
    address=people.addresses(),
    password=people.PASSWORDS,
    requested=REQUESTS,
    fault=st.sampled_from(FaultyStore.METHODS),
)
async def test_errors_leak_no_information(
    world: World, address: str, password: str, requested: tuple[str, str, Any, str], fault: str
) -> None:
    """Known and unknown addresses are answered alike, and no error tells what we are made of, even when we break."""
    known, unknown = unique(address), unique(address)
    _, login = await world.user(known)
    assume(password != PASSWORD)

    alike = [await world.caller().log_in(who, password) for who in (known, unknown)]
    taken = await world.caller().sign_up(known, password)
    errors = [*alike, taken, await ask(world, login, requested)]
    world.faulty.failing = {fault}
    errors += [await ask(world.broken, login, requested), await world.broken.caller(fresh_source()).log_in(known)]

    assert [(answer.status_code, answer.text, told(answer)) for answer in alike[:1]] == [
        (answer.status_code, answer.text, told(answer)) for answer in alike[1:]
    ]
    assert taken.json() == {"success": False, "error": "Unable to create an account with these details"}
    for answer in errors:
        if answer.status_code >= 400:
            told_text = " ".join([answer.json()["error"], *answer.json().get("errors", {}).values()])
            assert not LEAKS.search(told_text), answer.text
            assert login["user"]["id"] not in answer.text
            assert not LEAKS.search(repr(told(answer)))
        if answer.status_code >= 500:
            assert answer.json() == {"success": False, "error": "An error occurred, please try again"}


def told(answer: Any) -> dict[str, str]:
    """The headers, without what differs from request to request."""
    return {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}


async def ask(service: Service, login: Any, requested: tuple[str, str, Any, str]) -> Any:
    """The answer to one of the requests that go wrong in one way or another."""
    method, path, body, manner = requested
    headers = {
        "nobody": {},
        "session": bearer(login["token"]),
        "api token": bearer(login["api_token"]),
        "cookie alone": {"Cookie": f"auth_token={login['token']}"},
        "cross-site": {"Sec-Fetch-Site": "cross-site"},
        "not json": {"Content-Type": "text/plain"},
    }[manner]
    content = json.dumps(body).encode("utf-8", "replace")
    return await service.caller(fresh_source()).request(
        method, path, content=content, headers={"Content-Type": "application/json", **headers}
    )
