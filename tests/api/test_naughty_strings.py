"""Strings that have broken other programs, in every place where somebody may type."""

from __future__ import annotations

import json

from tests.support import strategies as people
from tests.support.service import PASSWORD, Service, bearer, fresh_email
from tests.support.vectors import NAUGHTY


def free() -> Service:
    """A service where everybody may try as often as they like."""
    return Service(
        rate_limit_max_requests=0,
        signup_limit_max_requests=0,
        account_limit_max_failures=0,
        mail_limit_max_requests=0,
    )


async def test_as_names() -> None:
    """At sign-up a name is kept cleaned, or refused for being empty or too long."""
    service = free()
    for text in NAUGHTY:
        answer = await service.caller().sign_up(fresh_email(), name=text)

        cleaned = people.clean(text)
        if 1 <= len(cleaned) <= 100:
            assert answer.json()["user"]["name"] == cleaned
        else:
            assert (answer.status_code, answer.json()["field"]) == (400, "name")


async def test_as_names_and_bios_of_a_profile() -> None:
    """What an update answers is what the profile shows afterwards, and updating to that changes nothing."""
    service = free()
    caller, _ = await service.user()
    for text in NAUGHTY:
        answer = await caller.update({"name": f"n {text}"[:100], "bio": text[:500]})

        user = answer.json()["user"]
        assert user["name"] == people.clean(f"n {text}"[:100])
        assert user.get("bio", "") == people.clean(text[:500], "\n")
        assert (await caller.profile()).json()["user"] == user
        again = await caller.update({"name": user["name"], "bio": user.get("bio")})
        assert again.json()["user"] == user


async def test_as_addresses() -> None:
    """Each is an address or is refused as none, at sign-up, login and update alike."""
    service = free()
    caller, _ = await service.user()
    for text in [*NAUGHTY, *(f"{text}@example.com" for text in NAUGHTY), *(f"a@{text}" for text in NAUGHTY)]:
        fits = people.is_address(people.clean(text))
        answers = [
            await service.caller().log_in(text),
            await service.caller().sign_up(text),
            await caller.update({"email": text}),
        ]

        statuses = [answer.status_code for answer in answers]
        assert statuses in ([401, 201, 400], [200, 400, 400]) if fits else statuses == [400, 400, 400], text
        assert all(answer.json().get("field") in ("email", None) for answer in answers)


async def test_as_passwords() -> None:
    """Each opens its account and no other one does."""
    service = free()
    for text in NAUGHTY:
        password = f"{text[:100]}-password"
        email = fresh_email()
        assert (await service.caller().sign_up(email, password)).status_code == 201, text

        assert (await service.caller().log_in(email, password)).status_code == 200
        assert (await service.caller().log_in(email, f"{text[:100]}-passworD")).status_code == 401


async def test_as_tokens_cookies_and_headers() -> None:
    """Nothing of it is a session, and nothing breaks."""
    service = free()
    for text in NAUGHTY:
        value = " ".join(text.split()).encode()
        headers = [
            {b"Authorization": b"Bearer " + value},
            {b"Authorization": value},
            {b"Cookie": b"auth_token=" + value},
            {b"Cookie": value},
            {b"X-Request-Id": value, b"Origin": value, b"X-Forwarded-For": value, b"Sec-Fetch-Site": value},
        ]
        for given in headers:
            assert (await service.caller().get("/api/profile", headers=given)).status_code == 401
        refused = await service.caller().post("/api/auth/login", json={}, headers=headers[-1])
        assert refused.status_code == 403


async def test_as_queries_and_fields() -> None:
    """A query means nothing; an unknown field is named in the answer as it was sent, as far as it is not long."""
    service = free()
    _, login = await service.user()
    known = {"email", "password", "name", "bio"}
    for text in NAUGHTY:
        asked = await service.caller().get("/api/profile", params={"q": text}, headers=bearer(login["token"]))
        named = await service.caller().post(
            "/api/auth/login",
            content=json.dumps({text: text, "email": fresh_email(), "password": PASSWORD}),
            headers={"Content-Type": "application/json"},
        )

        assert asked.status_code == 200
        assert named.status_code == 400
        name = text if len(text) <= 64 else f"{text[:64]}…"
        assert named.json()["errors"] == {name: "Unknown field"} or text in known
