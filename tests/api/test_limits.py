"""How often something may be tried, by whom, and when again."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.support.clock import MINUTE
from tests.support.service import EMAIL, PASSWORD, Service, fresh_email, fresh_source

WINDOW = 15 * MINUTE
SPENT = {"success": False, "error": "Too many requests, please try again later"}


async def test_five_logins_a_source(service: Service) -> None:
    """The sixth login of 15 minutes is refused, the right password too; the answer says for how long."""
    _, login = await service.user()
    source = service.caller(fresh_source())

    answers = [await source.log_in(login["user"]["email"], "wrong one") for _ in range(5)]
    service.clock.advance(1)
    refused = await source.log_in(login["user"]["email"])

    assert [answer.status_code for answer in answers] == [401] * 5
    assert refused.status_code == 429
    assert refused.json() == SPENT
    assert refused.headers["retry-after"] == "900"
    assert "set-cookie" not in refused.headers


async def test_successes_count_too(service: Service) -> None:
    """An attempt is an attempt whatever its outcome."""
    await service.caller().sign_up()

    statuses = [(await service.caller().log_in()).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]


async def test_whoever_obeys_retry_after_is_let_in(service: Service) -> None:
    """`Retry-After` is exact when the wait is whole seconds, and never too short."""
    source = service.caller()
    for _ in range(5):
        await source.log_in()
        service.clock.advance(1234)
    wait = int((await source.log_in()).headers["retry-after"])

    service.clock.advance((wait - 1) * 1000)
    early = await source.log_in()
    service.clock.advance(1000)
    in_time = await source.log_in()

    assert (early.status_code, in_time.status_code) == (429, 401)


async def test_refused_attempts_do_not_prolong_the_wait(service: Service) -> None:
    """Who goes on trying waits no longer than who does not."""
    source = service.caller()
    for _ in range(5):
        await source.log_in()
    for _ in range(14):
        service.clock.advance(MINUTE)
        assert (await source.log_in()).status_code == 429

    service.clock.advance(MINUTE)
    answer = await source.log_in()

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body", [{}, {"email": "nobody", "password": "x"}, {"email": EMAIL, "password": ""}, {"email": EMAIL}, []]
)
async def test_invalid_bodies_are_no_attempts(service: Service, body: object) -> None:
    """What fails validation is not looked at, so it does not count."""
    source = service.caller()

    statuses = [(await source.post("/api/auth/login", json=body)).status_code for _ in range(20)]

    assert set(statuses) == {400}
    assert (await source.log_in()).status_code == 401


async def test_exact_with_fifty_at_once(service: Service) -> None:
    """Of fifty logins at one moment five are looked at."""
    await service.caller().sign_up()

    answers = await asyncio.gather(*(service.caller().log_in() for _ in range(50)))

    assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 45}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
async def test_what_a_source_is(service: Service, one: str, other: str, same: bool) -> None:
    """An IPv4 address however written, or an IPv6 /64."""
    for _ in range(5):
        await service.caller(one).log_in()

    answer = await service.caller(other).log_in()

    assert answer.status_code == (429 if same else 401)


PROXIES = ("192.0.2.0/24", "2001:db8:ffff::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("192.0.2.1", "203.0.113.5", "203.0.113.5"),
        ("192.0.2.1", "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        ("192.0.2.1", "1.1.1.1, 203.0.113.5, 192.0.2.9", "203.0.113.5"),
        ("192.0.2.1", "203.0.113.5:4711", "203.0.113.5"),
        ("192.0.2.1", "[2001:db8:5::1]:4711", "2001:db8:5::1"),
        ("2001:db8:ffff::1", "203.0.113.5", "203.0.113.5"),
        ("192.0.2.1", "garbage", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5, garbage", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.5,", "192.0.2.1"),
        ("192.0.2.1", "", "192.0.2.1"),
        ("198.51.100.1", "203.0.113.5", "198.51.100.1"),
    ],
)
async def test_forwarded_for(peer: str, forwarded: str, source: str) -> None:
    """`X-Forwarded-For` counts from trusted proxies, from the right, as far as it can be read."""
    service = Service(trusted_proxies=PROXIES)
    through = service.caller(peer, headers={"X-Forwarded-For": forwarded})
    for _ in range(5):
        await through.log_in()

    direct = await service.caller(source).log_in()
    elsewhere = await service.caller("203.0.113.99").log_in()

    assert direct.status_code == 429
    assert elsewhere.status_code == 401


async def test_forwarded_for_in_two_headers() -> None:
    """Two headers are one list."""
    service = Service(trusted_proxies=PROXIES)
    headers = [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.5")]
    for _ in range(5):
        await service.caller("192.0.2.1").post(
            "/api/auth/login", json={"email": EMAIL, "password": "x"}, headers=headers
        )

    answer = await service.caller("203.0.113.5").log_in()

    assert answer.status_code == 429


async def test_nobody_is_trusted_by_default(service: Service) -> None:
    """A client that makes up another address for each attempt is still one source."""
    statuses = [
        (
            await service.caller(
                headers={"X-Forwarded-For": fresh_source(), "Forwarded": f"for={fresh_source()}"}
            ).log_in()
        ).status_code
        for _ in range(6)
    ]

    assert statuses == [401] * 5 + [429]


async def test_sign_ups_of_a_source() -> None:
    """Valid sign-ups count, taken addresses too; invalid ones do not, and nor do logins."""
    service = Service(signup_limit_max_requests=3)
    source = service.caller()
    await source.log_in()
    for _ in range(10):
        assert (await source.sign_up("nobody")).status_code == 400

    statuses = [(await source.sign_up(email)).status_code for email in (EMAIL, EMAIL, fresh_email(), fresh_email())]

    assert statuses == [201, 400, 201, 429]
    assert (await service.caller(fresh_source()).sign_up(fresh_email())).status_code == 201


async def test_twenty_sign_ups_a_source_by_default(service: Service) -> None:
    """A classroom can sign up; a list cannot be tried."""
    statuses = [(await service.caller().sign_up(fresh_email())).status_code for _ in range(21)]

    assert statuses == [201] * 20 + [429]


async def test_trying_addresses_by_update_counts_as_signing_up() -> None:
    """A taken address asked for by a change of profile is as much of an answer as a refused sign-up."""
    service = Service(signup_limit_max_requests=3)
    await service.user(EMAIL)
    caller, _ = await service.user()
    source = service.caller(fresh_source())
    source.cookies = caller.cookies

    statuses = [(await source.update({"email": EMAIL})).status_code for _ in range(4)]

    assert statuses == [400] * 3 + [429]
    assert (await source.update({"name": "New"})).status_code == 200
    assert (await source.sign_up(fresh_email())).status_code == 429


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
async def test_failures_of_an_account(known: bool) -> None:
    """From however many sources: once spent, the right password is refused too, known account or not."""
    service = Service(account_limit_max_failures=3)
    if known:
        await service.caller().sign_up()

    wrong = [(await service.caller(fresh_source()).log_in(EMAIL, "wrong one")).status_code for _ in range(4)]
    right = await service.caller(fresh_source()).log_in(EMAIL, PASSWORD)
    service.clock.advance(WINDOW)
    later = await service.caller(fresh_source()).log_in(EMAIL, PASSWORD)

    assert wrong == [401] * 3 + [429]
    assert right.status_code == 429
    assert right.json() == SPENT
    assert later.status_code == (200 if known else 401)


async def test_successes_neither_count_nor_reset() -> None:
    """A right password in between changes nothing for the failures."""
    service = Service(account_limit_max_failures=3)
    await service.caller().sign_up()
    passwords = ["wrong", PASSWORD, "wrong", PASSWORD, PASSWORD, "wrong", PASSWORD]

    statuses = [(await service.caller(fresh_source()).log_in(EMAIL, password)).status_code for password in passwords]

    assert statuses == [401, 200, 401, 200, 200, 401, 429]


async def test_fifty_failures_an_account_by_default(service: Service) -> None:
    """Far above what a forgetful person needs."""
    await service.caller().sign_up()

    statuses = [(await service.caller(fresh_source()).log_in(EMAIL, "wrong one")).status_code for _ in range(51)]

    assert statuses == [401] * 50 + [429]


async def test_account_failures_exact_at_once() -> None:
    """Of fifty wrong passwords at one moment as many are told to be wrong as the limit says."""
    service = Service(account_limit_max_failures=7)
    await service.caller().sign_up()

    answers = await asyncio.gather(*(service.caller(fresh_source()).log_in(EMAIL, "wrong") for _ in range(50)))

    assert Counter(answer.status_code for answer in answers) == {401: 7, 429: 43}


async def test_zero_turns_a_limit_off() -> None:
    """Each limit can be turned off by itself."""
    service = Service(rate_limit_max_requests=0, signup_limit_max_requests=0, account_limit_max_failures=0)
    caller = service.caller()

    sign_ups = {(await caller.sign_up(fresh_email())).status_code for _ in range(25)}
    logins = {(await caller.log_in()).status_code for _ in range(60)}

    assert (sign_ups, logins) == ({201}, {401})


async def test_the_window_is_a_setting() -> None:
    """`RATE_LIMIT_WINDOW_MS` and `RATE_LIMIT_MAX_REQUESTS` are the login limit."""
    service = Service(rate_limit_max_requests=2, rate_limit_window_ms=10_000)

    first = [(await service.caller().log_in()).status_code for _ in range(3)]
    service.clock.advance(9_999)
    second = await service.caller().log_in()
    service.clock.advance(1)
    third = await service.caller().log_in()

    assert first == [401, 401, 429]
    assert (second.status_code, second.headers["retry-after"]) == (429, "1")
    assert third.status_code == 401
