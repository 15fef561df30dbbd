"""The routes of signing up and logging in."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from tests.unit.fakes import ADA, add
from tests.unit.methods.password.house import House
from tests.unit.web.kit import call, sent
from wicketgate.core.errors import InvalidCredentials
from wicketgate.core.users import email_claim
from wicketgate.methods.password.api import LoginRequest, PasswordApi, SignupRequest
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.views import user_view

COOKIES = SessionCookies(production=False, max_age=60)


async def test_a_sign_up_answers_with_the_account() -> None:
    """201 with user and API token, no session and no cookie; the log learns who it was."""
    house = House()
    asked = call(SignupRequest("ada@example.com", "correct horse", "Ada Lovelace"))

    answer = await sent(await PasswordApi(house.flow, COOKIES).sign_up(asked))

    user = await house.store.find(email_claim("ada@example.com"))
    assert user is not None
    assert answer.status == 201
    assert set(answer.json) == {"success", "message", "user", "api_token"}
    assert answer.json["success"] is True
    assert answer.json["api_token"] == f"{user.id}/1"
    assert answer.json["user"] == {
        "id": user.id,
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "plan": "free",
        "createdAt": user.created_at,
        "lastModified": user.last_modified,
    }
    assert answer.all("set-cookie") == []
    assert asked.request.exchange.user_id == user.id


async def test_a_sign_up_without_a_name_takes_the_address() -> None:
    """An absent name is the part before `@`."""
    house = House()

    answer = await sent(
        await PasswordApi(house.flow, COOKIES).sign_up(call(SignupRequest("ada@example.com", "correct horse", UNSET)))
    )

    assert answer.json["user"]["name"] == "ada"


async def test_a_login_answers_with_the_session() -> None:
    """200 with token, user and API token, and both cookies of the same session."""
    house = House()
    await add(house.store)
    asked = call(LoginRequest(ADA.email, "correct horse"))

    answer = await sent(await PasswordApi(house.flow, COOKIES).log_in(asked))

    assert answer.status == 200
    assert set(answer.json) == {"success", "message", "token", "user", "api_token"}
    assert (answer.json["user"]["id"], answer.json["api_token"]) == (ADA.id, "ada-id/1")
    token = answer.json["token"]
    assert (await house.sessions.check(token)).record == ADA
    assert [cookie.partition(";")[0] for cookie in answer.all("set-cookie")] == [
        f"auth_token={token}",
        f"csrf_token=csrf of {token}",
    ]
    assert answer.one("cache-control") == "no-store"
    assert asked.request.exchange.user_id == ADA.id


async def test_a_failed_login_names_nobody() -> None:
    """The request's log line does not say whose account was tried."""
    house = House()
    await add(house.store)
    asked = call(LoginRequest(ADA.email, "wrong"))

    with pytest.raises(InvalidCredentials):
        await PasswordApi(house.flow, COOKIES).log_in(asked)

    assert asked.request.exchange.user_id is None


def test_the_manifest_lists_the_routes() -> None:
    """The method adds five routes, each limited, with rules for every field of its body."""
    added = House().method.endpoints(COOKIES, user_view, mail=True)

    assert [(endpoint.method, endpoint.path) for endpoint in added] == [
        ("POST", "/api/auth/signup"),
        ("POST", "/api/auth/login"),
        ("POST", "/api/auth/password/change"),
        ("POST", "/api/auth/password/forgot"),
        ("POST", "/api/auth/password/reset"),
    ]
    for endpoint in added:
        assert endpoint.limited
        assert endpoint.body is not None
        assert set(endpoint.rules) == set(endpoint.body.__struct_fields__)


def test_without_mail_nothing_is_recovered() -> None:
    """Where no mail can be sent there is no route that promises one."""
    added = House().method.endpoints(COOKIES, user_view, mail=False)

    assert [endpoint.path.rpartition("/")[2] for endpoint in added] == ["signup", "login", "change"]


def test_the_manifest_lists_the_jobs() -> None:
    """What the flows leave to be done has somebody who does it."""
    assert set(House().method.handlers) == {"sign_up", "reset_password"}
