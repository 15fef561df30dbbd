"""Properties 1 to 6: who gets in, and for how long."""

from __future__ import annotations

import secrets
from typing import Any

import jwt
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support import strategies as people
from tests.support.clock import HOUR, START
from tests.support.service import JWT_SECRET, bearer, fresh_email, unique

DAY = 24 * HOUR
PROTECTED = (
    ("GET", "/api/profile", None),
    ("PUT", "/api/profile/update", {"name": "Mallory"}),
    ("POST", "/api/auth/api-token/rotate", None),
)


# Feature: user-authentication, Property 1: For any valid user credentials (email and password), when submitted to
# the login endpoint, the system should create a session token, store it securely on the client, and grant access
# to protected resources.
@given(address=people.addresses(), password=people.PASSWORDS, name=people.NAMES, data=st.data())
async def test_valid_credentials_create_sessions(
    world: World, address: str, password: str, name: str, data: st.DataObject
) -> None:
    """Whoever signed up gets a session, by cookie and by token, however the address is typed."""
    address = unique(address)
    caller = world.caller()
    signed_up = await caller.sign_up(address, password, name=name)
    typed = data.draw(people.as_typed(address))

    answer = await caller.log_in(typed, password)

    assert (signed_up.status_code, answer.status_code) == (201, 200)
    user = signed_up.json()["user"]
    assert answer.json()["user"] == user
    session, csrf = answer.headers.get_list("set-cookie")
    assert session.startswith(f"auth_token={answer.json()['token']};")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"} <= set(session.split("; "))
    assert "HttpOnly" not in csrf
    by_cookie = await caller.profile()
    by_token = await world.caller().profile(answer.json()["token"])
    assert by_cookie.json() == by_token.json() == {"success": True, "user": user}


# Feature: user-authentication, Property 2: For any invalid credentials (wrong email, wrong password, or both), the
# login attempt should be rejected with an error message that does not reveal which credential was incorrect.
@given(address=people.addresses(), password=people.PASSWORDS, data=st.data())
async def test_invalid_credentials_rejected(world: World, address: str, password: str, data: st.DataObject) -> None:
    """A wrong address, a wrong password and both get one and the same answer, and no cookie."""
    address = unique(address)
    assert (await world.caller().sign_up(address, password)).status_code == 201
    wrong = data.draw(people.wrong_passwords(password))
    attempts = [(address, wrong), (unique(address), password), (unique(address), wrong)]

    answers = [await world.caller().log_in(*attempt) for attempt in attempts]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.text for answer in answers} == {'{"success":false,"error":"Invalid credentials"}'}
    assert len({tuple(sorted(set(answer.headers) - {"x-request-id"})) for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)


# Feature: user-authentication, Property 3: For any authenticated session, when logout is initiated, the system
# should invalidate the session token, remove it from client storage, and prevent further access to protected
# resources using that token.
@given(ended=st.lists(st.sampled_from(["by cookie", "by token", "not"]), min_size=1, max_size=5))
async def test_logout_invalidates_sessions(world: World, ended: list[str]) -> None:
    """A session that was ended is dead in every process at once, and no other session is."""
    address = fresh_email()
    await world.caller().sign_up(address)
    other_process = world.beside()
    callers = [world.caller() for _ in ended]
    tokens = [(await caller.log_in(address)).json()["token"] for caller in callers]

    for caller, token, how in zip(callers, tokens, ended, strict=True):
        if how != "not":
            answer = await caller.log_out(token if how == "by token" else None)
            assert answer.json() == {"success": True}
            assert not caller.cookies

    expected = [200 if how == "not" else 401 for how in ended]
    for process in (world, other_process):
        for method, path, body in PROTECTED:
            answers = [
                await process.caller().request(method, path, json=body, headers=bearer(token)) for token in tokens
            ]
            assert [answer.status_code for answer in answers] == expected


# Feature: user-authentication, Property 4: For any token with an expiration timestamp in the past, attempts to
# access protected resources should be denied and require re-authentication.
@given(
    age=st.integers(0, 10 * DAY) | st.integers(-2000, 2000).map(lambda near: DAY + near),
    resource=st.sampled_from(PROTECTED),
)
async def test_expired_tokens_require_reauthentication(
    world: World, age: int, resource: tuple[str, str, Any]
) -> None:
    """A token opens everything until its last millisecond and nothing from then on, until the next login."""
    method, path, body = resource
    world.clock.now = START
    address = fresh_email()
    await world.caller().sign_up(address)
    token = (await world.caller().log_in(address)).json()["token"]
    expires = jwt.decode(token, options={"verify_signature": False})["exp"] * 1000
    world.clock.advance(age)

    answer = await world.caller().request(method, path, json=body, headers=bearer(token))

    if world.clock.now < expires:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 401
        assert answer.json() == {"success": False, "error": "Authentication required"}
        anew = (await world.caller().log_in(address)).json()["token"]
        again = await world.caller().request(method, path, json=body, headers=bearer(anew))
        assert again.status_code == 200


@st.composite
def forged(draw: st.DrawFn, token: str, api_token: str) -> str:
    """What somebody without the secret can make of a good token."""
    claims = jwt.decode(token, options={"verify_signature": False})
    header = jwt.get_unverified_header(token)
    parts = token.split(".")
    at = draw(st.integers(0, len(token) - 1))
    letter = draw(st.sampled_from("ABCxyz019-_.=+/ "))
    other_secret = draw(st.text(min_size=32, max_size=40))
    return draw(
        st.sampled_from(
            [
                token[:at] + letter + token[at + 1 :],
                token[:at] + letter + token[at:],
                token[:at],
                token[at:],
                token + letter,
                f"{token}.{parts[2]}",
                ".".join(reversed(parts)),
                f"{parts[0]}.{parts[1]}.",
                jwt.encode(claims, other_secret, "HS256", {"kid": header["kid"]}),
                jwt.encode({**claims, "exp": claims["exp"] + 1}, other_secret, "HS256", header),
                jwt.encode(claims, "", "none"),
                jwt.encode(claims, JWT_SECRET, "HS512", {"kid": header["kid"]}),
                jwt.encode(claims, JWT_SECRET, "HS256"),
                jwt.encode({**claims, "iss": "somebody else"}, JWT_SECRET, "HS256", {"kid": header["kid"]}),
                api_token,
                secrets.token_urlsafe(40),
                "null",
            ]
        )
    )


# Feature: user-authentication, Property 5: For any protected resource and any request, access should be granted
# only when a valid, non-expired token is present; otherwise, access should be denied and redirect to login.
@given(data=st.data(), resource=st.sampled_from(PROTECTED), by_cookie=st.booleans())
async def test_token_validation_protects_resources(
    world: World, data: st.DataObject, resource: tuple[str, str, Any], by_cookie: bool
) -> None:
    """Only the very token that was issued opens a resource; whatever was made of it does not."""
    method, path, body = resource
    _, login = await world.user()
    token = login["token"]
    made = data.draw(forged(token, login["api_token"]))
    headers = {"Cookie": f"auth_token={made}"} if by_cookie else bearer(made)
    intact = made.strip() == token

    refused = await world.caller().request(method, path, json=body, headers=headers)
    granted = await world.caller().request(method, path, json=body, headers=bearer(token))

    assert granted.status_code == 200
    if not intact:
        assert refused.status_code == 401
        assert refused.json() == {"success": False, "error": "Authentication required"}


# Feature: user-authentication, Property 6: For any generated authentication token, the expiration time should be
# set to exactly 24 hours from the time of creation.
@given(moment=st.integers(0, 4_000_000_000_000))
async def test_tokens_expire_after_24_hours(world: World, moment: int) -> None:
    """Whenever a token is made, it ends 24 hours later to the second, and so does its cookie."""
    world.clock.now = moment
    address = fresh_email()
    await world.caller().sign_up(address)

    answer = await world.caller().log_in(address)

    token = answer.json()["token"]
    claims = jwt.decode(token, JWT_SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False})
    assert claims["iat"] == moment // 1000
    assert claims["exp"] - claims["iat"] == 86_400
    assert all("Max-Age=86400" in cookie for cookie in answer.headers.get_list("set-cookie"))
