"""Logging out everywhere, and deleting an account."""

from __future__ import annotations

import asyncio

import httpx

from tests.support.service import EMAIL, HTTPS, PASSWORD, Caller, Service, bearer, fresh_source

EVERYWHERE = "/api/auth/logout-everywhere"
DELETE = "/api/account/delete"
WRONG = {
    "success": False,
    "error": "This is not your password",
    "field": "password",
    "errors": {"password": "This is not your password"},
}


async def delete(caller: Caller, password: str = PASSWORD, token: str | None = None) -> httpx.Response:
    """The answer to the wish to leave."""
    return await caller.post(DELETE, json={"password": password}, headers=caller.proof(token))


def cleared(answer: httpx.Response) -> list[bool]:
    """Whether each of the two cookies of a session is taken away."""
    cookies = answer.headers.get_list("set-cookie")
    return [
        any(f"{name}=;" in cookie and "Max-Age=0" in cookie for cookie in cookies)
        for name in ("auth_token", "csrf_token")
    ]


async def test_every_session_ends(service: Service) -> None:
    """The browser that asks, another one and a program are logged out, in every process; cookies are cleared."""
    caller, login = await service.user(EMAIL)
    other = await service.caller(fresh_source()).log_in(EMAIL)

    answer = await caller.post(EVERYWHERE, headers=caller.proof(None))

    assert (answer.status_code, answer.json(), cleared(answer)) == (200, {"success": True}, [True, True])
    for token in (login["token"], other.json()["token"]):
        assert (await service.caller().profile(token)).status_code == 401
        assert (await service.beside().caller().profile(token)).status_code == 401


async def test_others_stay_logged_in(service: Service) -> None:
    """Nobody else's session ends, and the user logs in again as before."""
    caller, _ = await service.user(EMAIL)
    grace, _ = await service.user("grace@example.com")

    await caller.post(EVERYWHERE, headers=caller.proof(None))

    assert (await grace.profile()).status_code == 200
    assert (await caller.log_in(EMAIL)).status_code == 200


async def test_api_tokens_outlive_the_sessions(service: Service) -> None:
    """A program's own token is no session."""
    caller, login = await service.user(EMAIL)

    await caller.post(EVERYWHERE, headers=caller.proof(None))

    assert (await caller.verify(login["api_token"])).status_code == 200


async def test_both_need_a_session(service: Service) -> None:
    """Without one, or without the CSRF token that goes with the cookie, nothing happens."""
    caller, login = await service.user(EMAIL)
    nobody = service.caller()

    answers = [
        await one.post(path, json={"password": PASSWORD}) for one in (nobody, caller) for path in (EVERYWHERE, DELETE)
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 403, 403]
    assert (await caller.profile(login["token"])).status_code == 200


async def test_ended_sessions_are_an_event(service: Service) -> None:
    """The log tells who logged out everywhere."""
    caller, login = await service.user(EMAIL)

    await caller.post(EVERYWHERE, headers=bearer(login["token"]))

    assert [line["user"] for line in service.events("sessions_ended")] == [login["user"]["id"]]


async def test_an_account_is_deleted(service: Service) -> None:
    """Cookies are cleared, sessions and tokens are dead, and login is what it is for an unknown address."""
    caller, login = await service.user(EMAIL)

    answer = await delete(caller)

    assert (answer.status_code, answer.json(), cleared(answer)) == (200, {"success": True}, [True, True])
    assert (await caller.profile(login["token"])).status_code == 401
    assert (await caller.verify(login["api_token"])).status_code == 401
    gone, unknown = [await service.caller(fresh_source()).log_in(one) for one in (EMAIL, "nobody@example.com")]
    assert (gone.status_code, gone.text) == (401, unknown.text)


async def test_the_address_is_free(service: Service) -> None:
    """Somebody can sign up with the address at once, and gets an account of their own."""
    caller, login = await service.user(EMAIL, name="Ada")
    await delete(caller)

    _, again = await service.user(EMAIL)

    assert again["user"]["id"] != login["user"]["id"]
    assert again["user"]["name"] == "ada"


async def test_a_wrong_password_deletes_nothing(service: Service) -> None:
    """It is 400 with its field, and account and session stay."""
    caller, _ = await service.user(EMAIL)

    answer = await delete(caller, "wrong horse battery")

    assert (answer.status_code, answer.json()) == (400, WRONG)
    assert "set-cookie" not in answer.headers
    assert (await caller.profile()).status_code == 200


async def test_wrong_passwords_are_limited() -> None:
    """They count as failures of the account: once spent, even the right password deletes nothing."""
    service = Service(account_limit_max_failures=2)
    caller, _ = await service.user(EMAIL)

    answers = [await delete(caller, "wrong horse battery") for _ in range(3)] + [await delete(caller)]

    assert [answer.status_code for answer in answers] == [400, 400, 429, 429]
    assert (await caller.profile()).status_code == 200


async def test_a_password_must_be_given(service: Service) -> None:
    """A body without one is refused before anything is checked."""
    caller, _ = await service.user(EMAIL)

    answers = [await caller.post(DELETE, json=body, headers=caller.proof(None)) for body in ({}, {"password": ""})]

    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == [(400, "Password is required")] * 2


async def test_the_owner_is_told(service: Service) -> None:
    """A last letter goes to the address."""
    caller, _ = await service.user(EMAIL)

    await delete(caller)
    await service.settle()

    letter = service.post.last(EMAIL)
    assert (letter.template, dict(letter.values)) == ("account_deleted", {})


async def test_without_mail_accounts_go_too() -> None:
    """Deleting needs no mail."""
    service = Service(mail=False)
    caller, _ = await service.user(EMAIL)

    answer = await delete(caller)
    await service.settle()

    assert answer.status_code == 200
    assert await service.store.jobs(10) == []


async def test_of_two_deletions_at_once_both_end_well(service: Service) -> None:
    """One deletes; the other finds the account deleted, or its session dead, and nothing is left."""
    caller, login = await service.user(EMAIL)

    answers = await asyncio.gather(*(delete(caller, token=login["token"]) for _ in range(3)))
    await service.settle()

    assert sorted({answer.status_code for answer in answers}) in ([200], [200, 400], [200, 401], [200, 400, 401])
    assert [answer.status_code for answer in answers].count(200) == 1
    assert len([letter for letter in service.post.letters if letter.template == "account_deleted"]) == 1


async def test_a_kept_address_is_free_as_well() -> None:
    """The address of before that was kept for the way back goes with the account."""
    service = Service(email_verification="optional")
    caller, _ = await service.user(EMAIL)
    await service.settle()
    await caller.post("/api/auth/email/verify", json={"token": service.post.token(EMAIL)})
    await caller.update({"email": "ada.king@example.com"})
    await service.settle()
    token = service.post.token("ada.king@example.com")
    await caller.post("/api/auth/email/change/confirm", json={"token": token})

    await delete(caller)

    answers = [await service.caller(fresh_source()).sign_up(one) for one in (EMAIL, "ada.king@example.com")]
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_cookies_of_production_are_cleared() -> None:
    """The cookies that are taken away are those that were set, prefix and all."""
    service = Service(environment="production", public_url=HTTPS)
    caller = service.caller(base_url=HTTPS)
    await caller.sign_up(EMAIL)
    await caller.log_in(EMAIL)

    answer = await delete(caller)

    names = {cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")}
    assert answer.status_code == 200
    assert names >= {"__Host-auth_token", "__Host-csrf_token"}
