"""A session's cookie beside `Authorization` is ignored, and stays what it was unless it is of the same session."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.service import PASSWORD, Caller, Service, bearer, fresh_source

CALLS: dict[str, dict[str, Any] | None] = {
    "/api/auth/logout": None,
    "/api/auth/logout-everywhere": None,
    "/api/account/delete": {"password": PASSWORD},
    "/api/auth/password/change": {"current_password": PASSWORD, "password": "another horse battery"},
    "/api/auth/sessions/end": {},
}
"""Each call whose answer clears or replaces the cookies of the session that makes it, and its body."""


@pytest.fixture
def service() -> Service:
    """A service that lists sessions."""
    return Service(session_list=True)


async def ending(caller: Caller, path: str, token: str) -> httpx.Response:
    """The answer to a call that ends the session of this token, with whatever cookies the caller has."""
    body = CALLS[path]
    if path == "/api/auth/sessions/end":
        shown = (await caller.get("/api/auth/sessions", headers=bearer(token))).json()["sessions"]
        body = {"id": next(session["id"] for session in shown if session["current"])}
    return await caller.post(path, json=body, headers=bearer(token))


@pytest.mark.parametrize("path", CALLS)
async def test_the_cookie_of_another_session_is_not_touched(service: Service, path: str) -> None:
    """What ends Bob's session says nothing of Ada's cookies, and her session goes on."""
    ada, _ = await service.user()
    _, bob = await service.user()

    answer = await ending(ada, path, bob["token"])

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert (await ada.profile()).status_code == 200
    assert (await service.caller().profile(bob["token"])).status_code == 401


@pytest.mark.parametrize("path", CALLS)
async def test_the_cookie_of_the_same_session_goes_with_it(service: Service, path: str) -> None:
    """A page that sends its own login's token leaves no dead cookie in the browser; a new password replaces it."""
    ada, login = await service.user()

    answer = await ending(ada, path, login["token"])

    assert answer.status_code == 200
    kept = [cookie.value for cookie in ada.cookies.jar if cookie.name == "auth_token"]
    assert kept == ([answer.json()["token"]] if "token" in answer.json() else [])


@pytest.mark.parametrize("path", CALLS)
async def test_without_a_cookie_the_answer_is_as_ever(service: Service, path: str) -> None:
    """A session by `Authorization` alone has its cookies set and cleared, too."""
    _, login = await service.user()

    answer = await ending(service.caller(fresh_source()), path, login["token"])

    assert answer.status_code == 200
    assert len(answer.headers.get_list("set-cookie")) == 2


async def test_a_dead_token_in_both_places_is_cleared(service: Service) -> None:
    """A logout looks at the token once, wherever it stands; the browser need not keep one that is dead."""
    ada, login = await service.user()
    await service.caller().log_out(login["token"])

    answer = await ada.log_out(login["token"])

    assert answer.status_code == 200
    assert len(answer.headers.get_list("set-cookie")) == 2
    assert not ada.cookies
