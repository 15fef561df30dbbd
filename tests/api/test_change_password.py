"""Changing a password."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.service import EMAIL, PASSWORD, Service, bearer, fresh_source

NEW = "another horse battery"
PATH = "/api/auth/password/change"


async def test_the_new_password_counts(service: Service) -> None:
    """200 with a new session; from now on the new password opens the account and the old one does not."""
    caller, login = await service.user(EMAIL)

    answer = await caller.change_password(PASSWORD, NEW)
    await service.settle()

    body = answer.json()
    assert answer.status_code == 200
    assert (set(body), body["success"]) == ({"success", "message", "token"}, True)
    assert body["token"] != login["token"]
    assert (await service.caller(fresh_source()).log_in(EMAIL, PASSWORD)).status_code == 401
    assert (await service.caller(fresh_source()).log_in(EMAIL, NEW)).status_code == 200
    assert service.post.last(EMAIL).template == "password_changed"


async def test_the_browser_stays_logged_in(service: Service) -> None:
    """The answer brings the cookies of the new session, with which the page goes on and changes things."""
    caller, _ = await service.user(EMAIL)

    answer = await caller.change_password(PASSWORD, NEW)

    names = [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")]
    assert names[:2] == ["auth_token", "csrf_token"]
    assert (await caller.profile()).status_code == 200
    assert (await caller.update({"name": "Ada King"})).status_code == 200
    assert (await caller.profile(answer.json()["token"])).status_code == 200


async def test_every_other_session_ends(service: Service) -> None:
    """Sessions elsewhere are dead at once, and so is the one that made the change, but for its successor."""
    caller, login = await service.user(EMAIL)
    elsewhere = service.caller(fresh_source())
    await elsewhere.log_in()

    await caller.change_password(PASSWORD, NEW)

    assert (await elsewhere.profile()).status_code == 401
    assert (await service.caller().profile(login["token"])).status_code == 401
    assert (await service.caller().verify(login["api_token"])).status_code == 200


async def test_by_token(service: Service) -> None:
    """A program with a session's token may change the password, too."""
    _, login = await service.user(EMAIL)

    answer = await service.caller().change_password(PASSWORD, NEW, login["token"])

    assert answer.status_code == 200
    assert (await service.caller().profile(answer.json()["token"])).status_code == 200


async def test_a_wrong_password_is_told(service: Service) -> None:
    """400 with the field; nothing has changed and the session goes on."""
    caller, _ = await service.user(EMAIL)

    answer = await caller.change_password("wrong", NEW)

    text = "This is not your password"
    assert answer.status_code == 400
    assert answer.json() == {
        "success": False,
        "error": text,
        "field": "current_password",
        "errors": {"current_password": text},
    }
    assert (await caller.profile()).status_code == 200
    assert (await service.caller(fresh_source()).log_in()).status_code == 200


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"current_password": "Current password is required", "password": "Password is required"}),
        (
            {"current_password": "", "password": ""},
            {"current_password": "Current password is required", "password": "Password is required"},
        ),
        (
            {"current_password": 7, "password": "short"},
            {
                "current_password": "Current password must be text",
                "password": "Password must be at least 8 characters",
            },
        ),
        (
            {"current_password": PASSWORD, "password": PASSWORD},
            {"password": "This is already your password; choose another one"},
        ),
    ],
)
async def test_what_is_invalid_is_told(service: Service, body: Any, errors: dict[str, str]) -> None:
    """400 with every field's problem."""
    _, login = await service.user(EMAIL)

    answer = await service.caller().post(PATH, json=body, headers=bearer(login["token"]))

    assert (answer.status_code, answer.json()["errors"]) == (400, errors)


@pytest.mark.parametrize("password", ["password1", "ada@example.com"])
async def test_a_bad_password_is_refused(service: Service, password: str) -> None:
    """The rules are those of a sign-up."""
    caller, _ = await service.user(EMAIL)

    answer = await caller.change_password(PASSWORD, password)

    assert (answer.status_code, answer.json()["field"]) == (400, "password")


async def test_guesses_count_for_the_account() -> None:
    """With a stolen session a password cannot be guessed for longer than at the login, and the two count together."""
    service = Service(account_limit_max_failures=3)
    caller, _ = await service.user(EMAIL)
    await service.caller(fresh_source()).log_in(EMAIL, "wrong")
    for _ in range(2):
        assert (await caller.change_password("wrong", NEW)).status_code == 400

    guessed = await caller.change_password(PASSWORD, NEW)
    login = await service.caller(fresh_source()).log_in()

    assert (guessed.status_code, login.status_code) == (429, 429)


async def test_only_who_is_logged_in(service: Service) -> None:
    """401 without a session, 403 for a cookie without its CSRF token, whatever the body holds."""
    caller, login = await service.user(EMAIL)

    nobody = await service.caller().post(PATH, json={})
    api_token = await service.caller().post(PATH, json={}, headers=bearer(login["api_token"]))
    forged = await caller.post(PATH, json={"current_password": PASSWORD, "password": NEW})

    assert (nobody.status_code, api_token.status_code, forged.status_code) == (401, 401, 403)
    assert (await service.caller(fresh_source()).log_in()).status_code == 200


async def test_without_mail(service: Service) -> None:
    """Changing a password needs no mail."""
    service = Service(mail=False)
    caller, _ = await service.user(EMAIL)

    assert (await caller.change_password(PASSWORD, NEW)).status_code == 200


async def test_from_python(service: Service) -> None:
    """What the route does can be called from Python; so can what an operator does."""
    _, login = await service.user(EMAIL)
    session = await service.app.sessions.check(login["token"])

    changed = await service.app.password_changes.replace(session.record, NEW)
    await service.settle()

    assert changed is not None
    assert changed.session_version == session.record.session_version + 1
    assert (await service.caller(fresh_source()).log_in(EMAIL, NEW)).status_code == 200
    assert service.post.last(EMAIL).template == "password_changed"
