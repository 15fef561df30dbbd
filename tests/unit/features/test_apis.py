"""The routes of what a signed-in user can do."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from tests.unit.fakes import ADA, EventList
from tests.unit.features.api_tokens.house import token_flow
from tests.unit.features.profile.house import House
from tests.unit.web.kit import call, sent
from wicketgate.core.errors import NotAuthenticated
from wicketgate.features.api_tokens.api import ApiTokenApi
from wicketgate.features.profile.api import ProfileApi, UpdateProfileRequest
from wicketgate.features.session.api import SessionApi
from wicketgate.features.session.flow import SessionFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access

COOKIES = SessionCookies(production=False, max_age=60)
PUBLIC = {
    "id": ADA.id,
    "email": ADA.email,
    "name": ADA.name,
    "plan": "free",
    "createdAt": ADA.created_at,
    "lastModified": ADA.last_modified,
}


async def test_a_profile_shows_its_user() -> None:
    """The profile is the session's user without anything secret, and asks the store nothing more."""
    house = House()
    session = await house.ada()
    await house.store.delete(ADA.id)

    answer = await sent(await ProfileApi(house.flow, house.sessions, COOKIES).show(call(session=session)))

    assert (answer.status, answer.json) == (200, {"success": True, "user": PUBLIC})


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (UpdateProfileRequest(), {}),
        (UpdateProfileRequest(name="Ada King"), {"name": "Ada King"}),
        (UpdateProfileRequest(bio="I write."), {"bio": "I write."}),
        (UpdateProfileRequest(bio=None), {}),
        (UpdateProfileRequest(UNSET, "new@example.com", UNSET), {"email": "new@example.com"}),
    ],
)
async def test_an_update_answers_with_the_user_after_it(body: UpdateProfileRequest, shown: dict[str, Any]) -> None:
    """Only the fields of the body change, and a bio shows while there is one."""
    house = House()
    session = await house.ada()

    answer = await sent(await ProfileApi(house.flow, house.sessions, COOKIES).update(call(body, session)))

    assert answer.status == 200
    user = answer.json["user"]
    assert user == PUBLIC | shown | {"lastModified": user["lastModified"]}


async def test_a_logout_clears_the_cookies() -> None:
    """The session is dead and both cookies are gone."""
    house = House()
    session = await house.ada()
    api = SessionApi(SessionFlow(house.sessions, EventList()), COOKIES)

    answer = await sent(await api.log_out(call(session=session)))

    assert (answer.status, answer.json) == (200, {"success": True})
    assert ["Max-Age=0" in cookie for cookie in answer.all("set-cookie")] == [True, True]
    with pytest.raises(NotAuthenticated):
        await house.sessions.check(session.claims.token_id)


async def test_a_logout_without_a_session_clears_them_too() -> None:
    """Someone whose session is long dead gets rid of the cookies."""
    house = House()
    api = SessionApi(SessionFlow(house.sessions, EventList()), COOKIES)

    answer = await sent(await api.log_out(call()))

    assert answer.status == 200
    assert len(answer.all("set-cookie")) == 2


async def test_verify_answers_whose_token_it_is() -> None:
    """Another service learns the user, and the log too."""
    house = House()
    await house.ada()
    api = ApiTokenApi(token_flow(house.store))
    asked = call(api_token="ada-id/1")

    answer = await sent(await api.verify(asked))

    assert (answer.status, answer.json) == (200, {"success": True, "user": PUBLIC})
    assert asked.request.exchange.user_id == ADA.id


async def test_the_token_of_today_is_shown() -> None:
    """Someone with a session sees the token that counts now."""
    house = House()
    session = await house.ada()
    api = ApiTokenApi(token_flow(house.store))

    answer = await sent(await api.show(call(session=session)))

    assert (answer.status, answer.json) == (200, {"success": True, "api_token": "ada-id/1"})


async def test_rotation_answers_with_the_new_token() -> None:
    """The answer is the token that counts from now on."""
    house = House()
    session = await house.ada()
    api = ApiTokenApi(token_flow(house.store))

    answer = await sent(await api.rotate(call(session=session)))

    assert (answer.status, answer.json) == (200, {"success": True, "api_token": "ada-id/2"})


def test_each_route_says_who_may_call() -> None:
    """Profile and rotation need a session, logout takes one, and only verify takes an API token."""
    house = House()
    listed = (
        *ProfileApi(house.flow, house.sessions, COOKIES).endpoints(),
        *SessionApi(SessionFlow(house.sessions, EventList()), COOKIES).endpoints(),
        *ApiTokenApi(token_flow(house.store)).endpoints(),
    )

    access = {(endpoint.method, endpoint.path): endpoint.access for endpoint in listed}

    assert access == {
        ("GET", "/api/profile"): Access.SESSION,
        ("PUT", "/api/profile/update"): Access.SESSION,
        ("POST", "/api/auth/logout"): Access.OPTIONAL_SESSION,
        ("GET", "/api/auth/verify"): Access.API_TOKEN,
        ("GET", "/api/auth/api-token"): Access.SESSION,
        ("POST", "/api/auth/api-token/rotate"): Access.SESSION,
    }
