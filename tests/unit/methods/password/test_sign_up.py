"""Signing up with a password."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.unit.fakes import ADA, NOW_MS, add, spend
from tests.unit.methods.password.house import FAILURES, HERE, LOGINS, SIGNUPS, House
from wicketgate.core import fields
from wicketgate.core.clock import iso
from wicketgate.core.errors import ClaimTaken, HashingBusy, InvalidInput, Problem, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.quality import PasswordQuality
from wicketgate.core.users import email_claim
from wicketgate.methods.password.flow import HASH, NewAccount, PasswordRules

ACCOUNT = NewAccount("ada@example.com", "correct horse", "Ada Lovelace")


async def test_a_new_account_is_kept() -> None:
    """A sign-up stores the user with a hash and never the password, and hands out the API token."""
    house = House()

    new = await house.flow.sign_up(ACCOUNT, HERE)

    assert await house.store.find(email_claim("ada@example.com")) == new.record
    assert (new.record.email, new.record.name, new.record.plan) == ("ada@example.com", "Ada Lovelace", "free")
    assert new.record.created_at == new.record.last_modified == iso(NOW_MS)
    assert new.record.private == {HASH: "5:correct horse"}
    assert UUID(new.record.id).version == 4
    assert new.api_token == f"{new.record.id}/1"
    assert house.events.events == [SecurityEvent("signup", new.record.id, HERE)]


async def test_without_a_name_the_address_gives_one() -> None:
    """Someone without a name is called by the part before `@`."""
    house = House()

    new = await house.flow.sign_up(NewAccount("ada.l@example.com", "correct horse"), HERE)

    assert new.record.name == "ada.l"


async def test_a_taken_address_is_refused_without_a_reason() -> None:
    """The answer names neither the address nor a field, and the one who has it keeps it."""
    house = House()
    await add(house.store)

    with pytest.raises(InvalidInput) as caught:
        await house.flow.sign_up(ACCOUNT, HERE)

    assert caught.value.problems == (Problem("Unable to create an account with these details"),)
    assert await house.store.find(email_claim("ada@example.com")) == ADA
    assert house.events.events == [SecurityEvent("signup_refused", None, HERE)]


async def test_time_does_not_tell_a_taken_address() -> None:
    """The password is hashed for a taken address too."""
    house = House()
    await add(house.store)

    with pytest.raises(InvalidInput):
        await house.flow.sign_up(ACCOUNT, HERE)

    assert house.hasher.hashed == ["correct horse"]


async def test_a_spent_limit_refuses_before_any_work() -> None:
    """Once a source has used its sign-ups nothing is hashed or stored, until the window has moved on."""
    house = House()
    await spend(house.store, SIGNUPS, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.sign_up(ACCOUNT, HERE)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("signup", 60_000)
    assert house.hasher.hashed == []
    assert house.events.events == [SecurityEvent("limit_hit", None, HERE, "signup")]
    house.clock.now_ms += 60_000
    assert await house.flow.sign_up(ACCOUNT, HERE)


async def test_sources_do_not_share_a_limit() -> None:
    """What one source has used up is still there for another."""
    house = House()
    await spend(house.store, SIGNUPS, HERE)

    new = await house.flow.sign_up(ACCOUNT, "198.51.100.1")

    assert new.record.email == "ada@example.com"


async def test_taken_and_free_addresses_count_alike() -> None:
    """Every sign-up counts for the limit, so that nobody can try addresses without end."""
    house = House()
    await add(house.store)

    for _ in range(2):
        with pytest.raises(InvalidInput):
            await house.flow.sign_up(ACCOUNT, HERE)
    with pytest.raises(TooManyRequests):
        await house.flow.sign_up(NewAccount("eve@example.com", "correct horse"), HERE)

    assert house.events.names == ["signup_refused", "signup_refused", "limit_hit"]


async def test_no_account_comes_of_a_full_queue() -> None:
    """When hashing is refused, nothing is stored and the refusal is passed on."""
    house = House()
    house.hasher.refusal = HashingBusy("password hashing")

    with pytest.raises(HashingBusy):
        await house.flow.sign_up(ACCOUNT, HERE)

    assert await house.store.find(email_claim("ada@example.com")) is None
    assert house.events.events == []


async def test_the_operator_creates_without_a_limit() -> None:
    """Creating for someone else asks no limit, tells nobody, and says plainly that an address is taken."""
    house = House()

    for number in range(5):
        await house.flow.create(NewAccount(f"user{number}@example.com", "correct horse"))

    assert house.events.events == []
    with pytest.raises(ClaimTaken):
        await house.flow.create(NewAccount("user0@example.com", "correct horse"))


def test_the_fields_of_a_sign_up_have_rules() -> None:
    """A sign-up cleans address and name, and asks of a new password what is configured."""
    rules = PasswordRules(SIGNUPS, LOGINS, FAILURES, quality=PasswordQuality(letter_and_digit=True))
    strict = House(rules).flow.signup_rules
    lenient = House().flow.signup_rules
    given = {"email": " Ada@Example.com ", "password": "correct horse", "name": " Ada "}

    cleaned = fields.check(lenient, given)

    assert cleaned == {"email": "ada@example.com", "password": "correct horse", "name": "Ada"}
    with pytest.raises(InvalidInput) as caught:
        fields.check(strict, given)
    assert dict(caught.value.by_field) == {"password": "Password must contain at least one letter and one number"}


def test_the_fields_of_a_login_have_none_but_presence() -> None:
    """A login cleans the address and takes any password as it is."""
    cleaned = fields.check(House().flow.login_rules, {"email": " Ada@Example.com ", "password": " x "})

    assert cleaned == {"email": "ada@example.com", "password": " x "}
