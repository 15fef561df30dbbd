"""Asking someone who is signed in for their password once more."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add, spend
from tests.unit.methods.password.house import FAILURES, HERE, VISIT, House
from wicketgate.core.errors import InvalidCredentials, InvalidInput, Problem, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import account_source
from wicketgate.core.users import email_claim

ACCOUNT_SOURCE = account_source(email_claim(ADA.email).key)


async def test_the_right_password_passes() -> None:
    """Nothing is counted and nobody is told."""
    house = House()
    await add(house.store)

    await house.flow.prove(ADA, "correct horse", VISIT)

    assert house.hasher.verified == [ADA.private["passwordHash"]]
    assert house.events.events == []


@pytest.mark.parametrize("field", ["password", "current_password"])
async def test_a_wrong_one_is_a_problem_of_its_field(field: str) -> None:
    """The refusal names the field that was asked for, and the failure is told."""
    house = House()
    await add(house.store)

    with pytest.raises(InvalidInput) as caught:
        await house.flow.prove(ADA, "wrong", VISIT, field)

    assert caught.value.problems == (Problem("This is not your password", field),)
    assert house.events.events == [SecurityEvent("login_failed", ADA.id, HERE, "confirmation")]


async def test_without_a_password_none_is_right() -> None:
    """Someone who signs in by other means cannot be asked for one."""
    house = House()
    record = await add(house.store, private={})

    with pytest.raises(InvalidInput):
        await house.flow.prove(record, "correct horse", VISIT)

    assert house.hasher.verified == [None]


async def test_failures_are_those_of_the_account() -> None:
    """Guesses here and at the login are counted together; then the right password is not looked at, in neither."""
    house = House()
    await add(house.store)
    with pytest.raises(InvalidInput):
        await house.flow.prove(ADA, "wrong", VISIT)
    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, "wrong", VISIT)
    looked_at = len(house.hasher.verified)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.prove(ADA, "correct horse", VISIT)
    with pytest.raises(TooManyRequests):
        await house.flow.log_in(ADA.email, "correct horse", VISIT)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("account", 60_000)
    assert len(house.hasher.verified) == looked_at
    assert house.events.events[-2:] == [SecurityEvent("limit_hit", ADA.id, HERE, "account")] * 2


async def test_failures_at_once_are_no_more_than_the_limit() -> None:
    """A failure that no longer fits, because others failed meanwhile, is told of the limit."""
    house = House()
    await add(house.store)
    house.hasher.meanwhile = lambda: spend(house.store, FAILURES, ACCOUNT_SOURCE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.prove(ADA, "wrong", VISIT)

    assert caught.value.limit == "account"
    assert house.events.names == ["login_failed", "limit_hit"]
