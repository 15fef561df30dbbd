"""Logging in with a password."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add, spend
from tests.unit.methods.password.house import FAILURES, HERE, LOGINS, SIGNUPS, House
from wicketgate.core.errors import InvalidCredentials, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.users import email_claim
from wicketgate.core.visits import Visit
from wicketgate.methods.password.flow import PasswordRules

ACCOUNT_SOURCE = account_source(email_claim(ADA.email).key)


async def test_the_right_password_opens_a_session() -> None:
    """Whoever knows the password gets a session that holds, and the API token."""
    house = House()
    await add(house.store)

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert signed_in.record == ADA
    assert (await house.sessions.check(signed_in.session.token)).record == ADA
    assert signed_in.api_token == "ada-id/1"
    assert house.events.events == [SecurityEvent("login", ADA.id, HERE)]


async def test_a_wrong_password_is_refused() -> None:
    """A wrong password gives no reason, and the log learns whose account it was."""
    house = House()
    await add(house.store)

    with pytest.raises(InvalidCredentials) as caught:
        await house.flow.log_in(ADA.email, "wrong", Visit(HERE))

    assert str(caught.value) == ""
    assert house.events.events == [SecurityEvent("login_failed", ADA.id, HERE)]


async def test_an_unknown_address_takes_the_same_work() -> None:
    """For an unknown address a password is verified all the same, against nothing, and the answer is the same."""
    house = House()

    with pytest.raises(InvalidCredentials) as caught:
        await house.flow.log_in("nobody@example.com", "correct horse", Visit(HERE))

    assert str(caught.value) == ""
    assert house.hasher.verified == [None]
    assert house.events.events == [SecurityEvent("login_failed", None, HERE)]


async def test_a_user_without_a_password_is_as_unknown() -> None:
    """Someone who signs in by other means has no password that would be right."""
    house = House()
    await add(house.store, private={})

    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert house.hasher.verified == [None]


async def test_attempts_count_whatever_their_outcome() -> None:
    """Right and wrong passwords spend one limit; then nothing is looked at until the window has moved on."""
    house = House()
    await add(house.store)
    await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))
    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, "wrong", Visit(HERE))
    await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))
    looked_at = len(house.hasher.verified)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert (caught.value.limit, caught.value.retry_after_ms) == ("login", 60_000)
    assert len(house.hasher.verified) == looked_at == 3
    assert house.events.events[-1] == SecurityEvent("limit_hit", None, HERE, "login")
    house.clock.now_ms += 60_000
    assert await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))


async def test_a_refused_attempt_does_not_prolong_the_wait() -> None:
    """Someone who keeps trying is let in when the window has moved on, and not later."""
    house = House()
    await add(house.store)
    await spend(house.store, LOGINS, HERE, house.clock())

    for _ in range(5):
        house.clock.now_ms += 11_000
        with pytest.raises(TooManyRequests):
            await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))
    house.clock.now_ms += 5_000

    assert await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))


async def test_an_account_has_a_limit_on_failures() -> None:
    """Once an account's failures are spent the right password is refused too, from any source, unlooked at."""
    house = House()
    await add(house.store)
    for number in range(FAILURES.most):
        with pytest.raises(InvalidCredentials):
            await house.flow.log_in(ADA.email, "wrong", Visit(f"198.51.100.{number}"))
    looked_at = len(house.hasher.verified)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert (caught.value.limit, caught.value.retry_after_ms) == ("account", 60_000)
    assert len(house.hasher.verified) == looked_at
    assert house.events.events[-1] == SecurityEvent("limit_hit", ADA.id, HERE, "account")


async def test_the_accounts_limit_does_not_tell_who_exists() -> None:
    """An address without an account runs into the same limit at the same attempt."""
    house = House()
    found: list[type[Exception]] = []

    for number in range(FAILURES.most + 1):
        try:
            await house.flow.log_in("nobody@example.com", "wrong", Visit(f"198.51.100.{number}"))
        except (InvalidCredentials, TooManyRequests) as error:
            found.append(type(error))

    assert found == [InvalidCredentials, InvalidCredentials, TooManyRequests]
    assert house.events.events[-1].user_id is None


async def test_a_success_does_not_reset_the_failures() -> None:
    """Failures are counted over the window, whatever lies between them."""
    house = House()
    await add(house.store)
    for number, password in enumerate(("wrong", "correct horse", "wrong")):
        try:
            await house.flow.log_in(ADA.email, password, Visit(f"198.51.100.{number}"))
        except InvalidCredentials:
            continue

    with pytest.raises(TooManyRequests):
        await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))


async def test_failures_at_once_are_no_more_than_the_limit() -> None:
    """An attempt whose failure no longer fits, because others failed meanwhile, is told of the limit."""
    house = House()
    await add(house.store)

    house.hasher.meanwhile = lambda: spend(house.store, FAILURES, ACCOUNT_SOURCE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.log_in(ADA.email, "wrong", Visit(HERE))

    assert caught.value.limit == "account"
    assert house.events.names == ["login_failed", "limit_hit"]


async def test_a_limit_of_zero_is_off() -> None:
    """Without limits nobody is ever asked to wait."""
    house = House(PasswordRules(SIGNUPS, Limit("login", 0, 60_000), Limit("account", 0, 60_000)))
    await add(house.store)

    for _ in range(20):
        with pytest.raises(InvalidCredentials):
            await house.flow.log_in(ADA.email, "wrong", Visit(HERE))

    assert await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))
