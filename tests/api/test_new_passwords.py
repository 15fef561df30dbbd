"""Passwords that may not be chosen: at sign-up and on the command line, and never at a login."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from tests.support.service import EMAIL, PASSWORD, Service
from wicketgate.core.quality import BREACHED, TOO_CLOSE, TOO_COMMON

LEAKED = "hunter2 hunter2"


@dataclass
class Ranges:
    """A range service that knows one password, and what it was asked."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """The rest of one digest, whatever is asked."""
        self.asked.append(request.match_info["prefix"])
        return web.Response(text=hashlib.sha1(LEAKED.encode()).hexdigest()[5:] + ":7\r\n")


@pytest.fixture
async def ranges() -> AsyncIterator[Ranges]:
    """A range service on this machine."""
    made = Ranges()
    app = web.Application()
    app.router.add_get("/range/{prefix}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    made.url = f"http://{host}:{port}/range/"
    yield made
    await runner.cleanup()


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("password1", TOO_COMMON),
        ("PassWord1", TOO_COMMON),
        ("12345678", TOO_COMMON),
        ("iloveyou", TOO_COMMON),
        ("xyxyxyxy", TOO_COMMON),
        (EMAIL, TOO_CLOSE),
        ("Ada@Example.COM1", TOO_CLOSE),
        ("Wicketgate", TOO_CLOSE),
        ("wicketgate1", TOO_CLOSE),
    ],
)
async def test_what_everybody_tries_is_refused(service: Service, password: str, message: str) -> None:
    """A sign-up with such a password says so in plain words, beside the field, and makes no account."""
    answer = await service.caller().sign_up(EMAIL, password)

    assert (answer.status_code, answer.json()["field"], answer.json()["error"]) == (400, "password", message)
    assert (await service.caller().log_in(EMAIL, password)).status_code == 401


async def test_all_problems_are_told_at_once(service: Service) -> None:
    """A common password is a problem of its field like any other."""
    answer = await service.caller().sign_up("no address", "password1")

    assert answer.json()["errors"] == {"email": "Enter a valid email address", "password": TOO_COMMON}


@pytest.mark.parametrize("password", ["password1", EMAIL])
async def test_a_refused_password_is_no_sign_up(password: str) -> None:
    """Whoever is told to think of another one has not spent a sign-up."""
    service = Service(signup_limit_max_requests=1)
    await service.caller().sign_up(EMAIL, password)

    answer = await service.caller().sign_up(EMAIL, PASSWORD)

    assert answer.status_code == 201


@pytest.mark.parametrize("password", ["password1", EMAIL])
async def test_the_rule_can_be_turned_off(password: str) -> None:
    """With the rule off every password of the right length may be chosen."""
    service = Service(password_refuse_common=False)

    assert (await service.caller().sign_up(EMAIL, password)).status_code == 201


@pytest.mark.parametrize("password", ["password1", EMAIL, LEAKED])
async def test_an_old_password_still_opens_its_account(ranges: Ranges, password: str) -> None:
    """A login asks neither the list nor anybody elsewhere: a password from before the rule is as good as ever."""
    before = Service(password_refuse_common=False)
    await before.caller().sign_up(EMAIL, password)

    after = before.beside(password_refuse_common=True, password_breach_check=True, password_breach_url=ranges.url)

    assert (await after.caller().log_in(EMAIL, password)).status_code == 200
    assert (await after.caller().log_in(EMAIL, "another one")).status_code == 401
    assert ranges.asked == []


async def test_a_leaked_password_is_refused(ranges: Ranges) -> None:
    """With the breach check a password from a breach is refused in words of its own, and another is taken."""
    service = Service(password_breach_check=True, password_breach_url=ranges.url)

    refused = await service.caller().sign_up(EMAIL, LEAKED)
    taken = await service.caller().sign_up(EMAIL, PASSWORD)

    assert (refused.status_code, refused.json()["errors"]) == (400, {"password": BREACHED})
    assert taken.status_code == 201
    assert len(ranges.asked) == 2


async def test_nobody_is_asked_once_the_limit_is_spent(ranges: Ranges) -> None:
    """Whoever is over the limit, or sends what is invalid, makes us ask nobody."""
    service = Service(password_breach_check=True, password_breach_url=ranges.url, signup_limit_max_requests=1)
    await service.caller().sign_up(EMAIL, LEAKED)

    answers = [
        await service.caller().sign_up(EMAIL, LEAKED),
        await service.caller().sign_up("no address", LEAKED),
        await service.caller().sign_up(EMAIL, "password1"),
    ]

    assert [answer.status_code for answer in answers] == [429, 400, 400]
    assert len(ranges.asked) == 1


async def test_a_breach_check_that_fails_keeps_nobody_out() -> None:
    """Where nobody answers, people sign up as before, and the log says that nobody was asked."""
    service = Service(password_breach_check=True, password_breach_url="http://127.0.0.1:9/range/")

    answer = await service.caller().sign_up(EMAIL, LEAKED)

    assert answer.status_code == 201
    (line,) = service.events("breach_check_failed")
    assert line["level"] == "warning"
    assert hashlib.sha1(LEAKED.encode()).hexdigest()[:5] not in str(line).lower()


async def test_a_taken_address_asks_as_a_new_one(ranges: Ranges) -> None:
    """Whether the address is taken shows neither in the answer to a leaked password nor in what is asked."""
    service = Service(password_breach_check=True, password_breach_url=ranges.url)
    await service.caller().sign_up(EMAIL, PASSWORD)

    taken, new = await asyncio.gather(
        service.caller().sign_up(EMAIL, LEAKED), service.caller().sign_up("grace@example.com", LEAKED)
    )

    assert taken.json() == new.json()
    assert taken.status_code == new.status_code == 400
