"""The answers to what goes well, letter for letter."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.support.clock import START
from tests.support.service import EMAIL, PASSWORD, Service, bearer
from wicketgate.core.clock import iso

NOW = iso(START)


def shown(**more: Any) -> dict[str, Any]:
    """The user as everybody gets to see one, but for the id."""
    return {"email": EMAIL, "name": "Ada", "plan": "free", "createdAt": NOW, "lastModified": NOW, **more}


def without_id(user: dict[str, Any]) -> dict[str, Any]:
    """The user without the id, which must be a UUID."""
    assert str(uuid.UUID(user["id"])) == user["id"]
    return {name: value for name, value in user.items() if name != "id"}


async def test_sign_up(service: Service) -> None:
    """201 with the account and its API token, and no session."""
    answer = await service.caller().sign_up(EMAIL, PASSWORD, name="Ada")

    body = answer.json()
    assert answer.status_code == 201
    assert set(body) == {"success", "message", "user", "api_token"}
    assert (body["success"], body["message"]) == (True, "Account created")
    assert without_id(body["user"]) == shown()
    assert re.fullmatch(r"wg_[A-Za-z0-9_-]{40,200}", body["api_token"])
    assert "set-cookie" not in answer.headers


async def test_name_defaults_to_the_local_part(service: Service) -> None:
    """Who gives no name is called like the part before the `@`."""
    answer = await service.caller().sign_up("Ada.Lovelace@Example.com")

    assert answer.json()["user"]["name"] == "ada.lovelace"


async def test_login(service: Service) -> None:
    """200 with the session's token, the user and the API token that sign-up returned, too."""
    caller = service.caller()
    signed_up = (await caller.sign_up(EMAIL, PASSWORD, name="Ada")).json()

    answer = await caller.log_in()

    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"success", "message", "token", "user", "api_token"}
    assert (body["success"], body["message"]) == (True, "Login successful")
    assert body["user"] == signed_up["user"]
    assert body["api_token"] == signed_up["api_token"]
    assert body["token"].count(".") == 2


async def test_profile(service: Service) -> None:
    """200 with the user and nothing else."""
    caller, login = await service.user(EMAIL, name="Ada")

    answer = await caller.profile()

    assert answer.status_code == 200
    assert answer.json() == {"success": True, "user": login["user"]}
    assert without_id(answer.json()["user"]) == shown()


async def test_update(service: Service) -> None:
    """200 with the user as it is from now on, with the time of the change."""
    caller, login = await service.user(EMAIL, name="Ada")
    service.clock.advance(61_001)

    answer = await caller.update({"name": "Ada King", "email": "King@Example.com", "bio": "Countess\nof Lovelace"})

    changed = {"name": "Ada King", "email": "king@example.com", "bio": "Countess\nof Lovelace"}
    assert answer.status_code == 200
    assert answer.json() == {
        "success": True,
        "user": {**login["user"], **changed, "lastModified": iso(START + 61_001)},
    }


async def test_the_old_address_is_free_again(service: Service) -> None:
    """After a change of address the new one logs in, and somebody else may have the old one."""
    caller, _ = await service.user(EMAIL)
    await caller.update({"email": "king@example.com"})

    old = await service.caller("203.0.113.8").log_in(EMAIL)
    new = await service.caller("203.0.113.8").log_in("king@example.com")
    taken_over = await service.caller().sign_up(EMAIL)

    assert (old.status_code, new.status_code, taken_over.status_code) == (401, 200, 201)


@pytest.mark.parametrize("empty", ["", None, " \n\t ", "\u202e\ufeff"])
async def test_an_empty_bio_removes_it(service: Service, empty: str | None) -> None:
    """A bio of nothing, in whatever form, is no bio, and is left out of the answer."""
    caller, _ = await service.user()
    await caller.update({"bio": "I write programs."})

    answer = await caller.update({"bio": empty})

    assert answer.status_code == 200
    assert "bio" not in answer.json()["user"]


async def test_an_empty_update_changes_nothing(service: Service) -> None:
    """200, and the time of the last change stays."""
    caller, login = await service.user()
    service.clock.advance(5000)

    answer = await caller.update({})

    assert answer.status_code == 200
    assert answer.json()["user"] == login["user"]


async def test_logout(service: Service) -> None:
    """200 and nothing to say; the cookies are cleared and the token is dead."""
    caller, login = await service.user()

    answer = await caller.log_out()

    assert answer.status_code == 200
    assert answer.json() == {"success": True}
    assert not caller.cookies
    assert (await caller.profile(login["token"])).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{}, bearer("no token of ours"), {"Authorization": "Bearer"}, {"Cookie": "auth_token=dead"}],
    ids=["none", "bad", "unreadable", "bad cookie"],
)
async def test_logout_without_a_session(service: Service, headers: dict[str, str]) -> None:
    """Whoever has no session is logged out already: 200, cookies cleared."""
    answer = await service.caller().post("/api/auth/logout", headers=headers)

    assert answer.status_code == 200
    assert answer.json() == {"success": True}
    assert len(answer.headers.get_list("set-cookie")) == 2


async def test_logout_twice(service: Service) -> None:
    """Ending a dead session is no error."""
    caller, login = await service.user()
    await caller.log_out(login["token"])

    again = await caller.log_out(login["token"])

    assert again.status_code == 200


async def test_verify(service: Service) -> None:
    """200 with the owner of an API token."""
    _, login = await service.user()

    answer = await service.caller().verify(login["api_token"])

    assert answer.status_code == 200
    assert answer.json() == {"success": True, "user": login["user"]}


async def test_rotate(service: Service) -> None:
    """200 with another API token; the old one is dead, the session is not."""
    caller, login = await service.user()

    answer = await caller.rotate()

    assert answer.status_code == 200
    assert set(answer.json()) == {"success", "api_token"}
    new = answer.json()["api_token"]
    assert new != login["api_token"]
    assert (await caller.verify(login["api_token"])).status_code == 401
    assert (await caller.verify(new)).json()["user"] == login["user"]
    assert (await caller.profile()).status_code == 200
    again = await service.caller().log_in(login["user"]["email"])
    assert again.json()["api_token"] == new


async def test_the_api_token_is_shown_again(service: Service) -> None:
    """The token that login returned is shown for as long as it counts, and then its successor."""
    caller, login = await service.user()

    before = await caller.get("/api/auth/api-token")
    rotated = await caller.rotate()
    after = await caller.get("/api/auth/api-token")

    assert (before.status_code, before.json()) == (200, {"success": True, "api_token": login["api_token"]})
    assert after.json() == rotated.json()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_health(service: Service, path: str) -> None:
    """200 and a word."""
    answer = await service.caller().get(path)

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs", "/docs.css", "/api/profile"])
async def test_head_is_get_without_a_body(service: Service, path: str) -> None:
    """HEAD has the status and the headers of GET."""
    caller, _ = await service.user()

    get, head = await caller.get(path), await caller.head(path)

    assert head.status_code == get.status_code == 200
    same = {name: value for name, value in get.headers.items() if name != "x-request-id"}
    assert {name: value for name, value in head.headers.items() if name != "x-request-id"} == same
