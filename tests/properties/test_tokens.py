"""Properties 29 to 31: named tokens and listed sessions."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI, Security
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.clock import HOUR, START
from tests.support.embedded import caller as caller_of
from tests.support.service import Caller, Service, bearer, fresh_email
from wicketgate.core.named_tokens import NAME_MAX
from wicketgate.fastapi import ApiUser, User, api_user, protect

DAY = 24 * HOUR
SCOPES = ("read", "write", "reports:read", "a.b_c-d", "0")

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=NAME_MAX // 3)
"""Names that are their own cleaned form, or at most three times as long."""


async def made(caller: Caller, session: str, **body: Any) -> tuple[str, str]:
    """A new token's id, and the token."""
    answer = await caller.post("/api/auth/api-tokens", json=body, headers=bearer(session))
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]["id"], answer.json()["api_token"]


# Feature: user-authentication, Property 29: For any named API token, once it was revoked or has expired, it should
# open nothing in any process, while every other token of its user stays good.
@given(
    name=NAMES,
    days=st.lists(st.integers(1, 5) | st.none(), min_size=1, max_size=4),
    passed=st.integers(0, 6 * DAY),
    revoked=st.sets(st.integers(0, 3)),
)
async def test_revoked_or_expired_tokens_are_dead(
    world: World, name: str, days: list[int | None], passed: int, revoked: set[int]
) -> None:
    """Of several tokens those are good that were neither revoked nor are over; the first one always is."""
    world.clock.now = START - START % 1000
    caller, login = await world.user()
    tokens = [await made(caller, login["token"], name=name, expires_in_days=lifetime) for lifetime in days]
    ended = [index for index in revoked if index < len(tokens)]

    for index in ended:
        body = {"id": tokens[index][0]}
        answer = await caller.post("/api/auth/api-tokens/revoke", json=body, headers=bearer(login["token"]))
        assert answer.status_code == 200
    world.clock.advance(passed)

    expected = [
        401 if index in ended or (lifetime is not None and passed >= lifetime * DAY) else 200
        for index, lifetime in enumerate(days)
    ]
    for process in (world, world.beside()):
        statuses = [(await process.caller().verify(token)).status_code for _, token in tokens]
        assert statuses == expected
        assert (await process.caller().verify(login["api_token"])).status_code == 200


def guarded(world: World) -> FastAPI:
    """An application beside the service, with a route for each scope and one for any token."""
    app = FastAPI()
    protect(app, world.app)
    for scope in SCOPES:
        app.get(f"/{scope}")(_asking_for(scope))
    app.get("/any")(_any)
    return app


def _asking_for(scope: str) -> Any:
    needed = Security(api_user, scopes=[scope])

    async def route(user: User = needed) -> str:
        return user.id

    return route


async def _any(user: ApiUser) -> str:
    return user.id


# Feature: user-authentication, Property 30: For any named API token and any protected resource, access should be
# granted only when the token has every scope that the resource asks for.
@given(scopes=st.lists(st.sampled_from(SCOPES), max_size=6))
async def test_a_token_does_no_more_than_its_scopes(world: World, scopes: list[str]) -> None:
    """Each route opens to the tokens that have its scope, and to the token that may do anything."""
    client = caller_of(guarded(world))
    caller, login = await world.user()
    _, token = await made(caller, login["token"], name="build", scopes=scopes)

    by_name = {scope: await client.get(f"/{scope}", headers=bearer(token)) for scope in (*SCOPES, "any")}
    by_first = [await client.get(f"/{scope}", headers=bearer(login["api_token"])) for scope in SCOPES]

    expected = {scope: 200 if scope in (*scopes, "any") else 403 for scope in (*SCOPES, "any")}
    assert {scope: answer.status_code for scope, answer in by_name.items()} == expected
    assert {answer.status_code for answer in by_first} == {200}
    assert {answer.json() for answer in by_first} == {login["user"]["id"]}
    said = (await caller.verify(token)).json()["token"]["scopes"]
    assert said == list(dict.fromkeys(scopes))


@pytest.fixture
async def listing(world: World) -> Service:
    """The same service, where sessions are listed."""
    return world.beside(session_list=True)


# Feature: user-authentication, Property 31: For any session on a user's list, ending it should end that session in
# every process at once and no other.
@given(count=st.integers(1, 5), data=st.data())
async def test_ending_a_listed_session_ends_that_one(
    world: World, listing: Service, count: int, data: st.DataObject
) -> None:
    """Each session on the list is one that lives, and the one that was ended does not."""
    address = fresh_email()
    await listing.caller().sign_up(address)
    tokens = [(await listing.caller().log_in(address)).json()["token"] for _ in range(count)]
    ids = [await _own_id(listing, token) for token in tokens]
    by, which = (data.draw(st.integers(0, count - 1)) for _ in range(2))

    body = {"id": ids[which]}
    answer = await listing.caller().post("/api/auth/sessions/end", json=body, headers=bearer(tokens[by]))

    assert answer.status_code == 200
    expected = [401 if index == which else 200 for index in range(count)]
    for process in (listing, world):
        assert [(await process.caller().profile(token)).status_code for token in tokens] == expected
    for index, token in enumerate(tokens):
        if index != which:
            assert await _ids(listing, token) == {*ids} - {ids[which]}


async def _listed(service: Service, token: str) -> list[dict[str, Any]]:
    answer = await service.caller().get("/api/auth/sessions", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    sessions: list[dict[str, Any]] = answer.json()["sessions"]
    return sessions


async def _ids(service: Service, token: str) -> set[str]:
    return {session["id"] for session in await _listed(service, token)}


async def _own_id(service: Service, token: str) -> str:
    (own,) = [session["id"] for session in await _listed(service, token) if session["current"]]
    return str(own)
