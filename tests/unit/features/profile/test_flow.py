"""Changing a profile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.fakes import ADA, NOW_MS, add, spend
from tests.unit.features.profile.house import EVE, HERE, MAILS, NEW, SIGNUPS, House
from wicketgate.core import fields
from wicketgate.core.addresses import pending_email
from wicketgate.core.clock import iso
from wicketgate.core.errors import InvalidInput, NotAuthenticated, Problem, TooManyRequests
from wicketgate.core.events import SecurityEvent


@pytest.mark.parametrize(
    "change",
    [{"name": "Ada King"}, {"bio": "I write programs."}, {"name": "A", "bio": "b"}, {"name": "Ada"}],
)
async def test_a_change_is_kept(change: dict[str, str | None]) -> None:
    """What is named is changed with the time of it, and nothing else."""
    house = House()
    session = await house.ada()

    record = await house.flow.update(session, change, HERE)

    assert record == replace(ADA, **change, last_modified=iso(NOW_MS))  # type: ignore[arg-type]
    assert await house.now() == record
    assert house.events.events == []


async def test_a_bio_is_removed() -> None:
    """A bio of None is gone."""
    house = House()
    session = await house.ada()
    await house.flow.update(session, {"bio": "I write programs."}, HERE)

    record = await house.flow.update(session, {"bio": None}, HERE)

    assert record.bio is None


async def test_an_empty_change_changes_nothing() -> None:
    """Nothing is written, the time neither."""
    house = House()
    session = await house.ada()

    record = await house.flow.update(session, {}, HERE)

    assert record == ADA
    assert house.store.edits == []


async def test_the_same_address_is_no_move() -> None:
    """Giving one's own address again asks no limit and is no event."""
    house = House()
    session = await house.ada()
    await spend(house.store, SIGNUPS, HERE)

    record = await house.flow.update(session, {"email": ADA.email, "name": "Ada King"}, HERE)

    assert (record.email, record.name) == (ADA.email, "Ada King")
    assert house.events.events == []


async def test_a_new_address_leads_to_the_user() -> None:
    """After a move the new address leads to the user, and the old one is free."""
    house = House()
    session = await house.ada()

    record = await house.flow.update(session, {"email": NEW, "name": "Ada King"}, HERE)

    assert (record.email, record.name) == (NEW, "Ada King")
    assert (await house.owner(NEW), await house.owner(ADA.email)) == (ADA.id, None)
    assert house.events.events == [SecurityEvent("email_changed", ADA.id, HERE)]


async def test_a_taken_address_is_refused() -> None:
    """Someone else's address is refused with its field, and nothing has changed, the name neither."""
    house = House()
    session = await house.ada()

    with pytest.raises(InvalidInput) as caught:
        await house.flow.update(session, {"email": EVE, "name": "Ada King"}, HERE)

    assert caught.value.problems == (Problem("Unable to use this email address", "email"),)
    assert await house.now() == ADA
    assert await house.owner(EVE) == "eve-id"
    assert house.events.events == []


async def test_taken_addresses_count_as_sign_ups() -> None:
    """Trying addresses spends the limit on sign-ups, after which free ones are refused too and nothing is written."""
    house = House()
    session = await house.ada()
    for _ in range(SIGNUPS.most):
        with pytest.raises(InvalidInput):
            await house.flow.update(session, {"email": EVE}, HERE)
    tried = len(house.store.edits)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.update(session, {"email": NEW}, HERE)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("signup", 60_000)
    assert len(house.store.edits) == tried
    assert house.events.events == [SecurityEvent("limit_hit", ADA.id, HERE, "signup")]


async def test_a_move_to_a_free_address_spends_nothing() -> None:
    """Only taken addresses count."""
    house = House()
    session = await house.ada()

    await house.flow.update(session, {"email": NEW}, HERE)

    assert await house.store.peek(SIGNUPS._replace(most=1), HERE, house.clock()) == 0


@pytest.mark.parametrize("address", [NEW, EVE])
async def test_a_move_that_is_told_counts_as_a_mail(address: str) -> None:
    """Once its source has had enough sent, the account stays where it is, whether or not the new address is free."""
    house = House(tells=True)
    session = await house.ada()
    await spend(house.store, MAILS, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.update(session, {"email": address, "name": "Ada King"}, HERE)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("mail", 60_000)
    assert await house.now() == ADA
    assert house.events.events == [SecurityEvent("limit_hit", ADA.id, HERE, "mail")]


async def test_a_move_that_nobody_is_told_of_is_no_mail() -> None:
    """Without a letter the limit is not asked."""
    house = House()
    session = await house.ada()
    await spend(house.store, MAILS, HERE)

    record = await house.flow.update(session, {"email": NEW}, HERE)

    assert record.email == NEW


async def test_a_spent_limit_leaves_other_fields_free() -> None:
    """A change without an address asks no limit."""
    house = House()
    session = await house.ada()
    await spend(house.store, SIGNUPS, HERE)

    record = await house.flow.update(session, {"name": "Ada King"}, HERE)

    assert record.name == "Ada King"


@pytest.mark.parametrize("change", [{"name": "Ada King"}, {"email": NEW}])
async def test_a_deleted_user_changes_nothing(change: dict[str, str | None]) -> None:
    """A user deleted after the session was checked is not brought back."""
    house = House()
    session = await house.ada()
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.flow.update(session, change, HERE)

    assert await house.store.get(ADA.id) is None
    assert house.events.events == []


def test_the_fields_of_a_change_have_rules() -> None:
    """Name, address and bio are cleaned, and a name cannot be removed."""
    rules = House().flow.rules

    cleaned = fields.check(rules, {"name": " Ada ", "email": " Ada@Example.com", "bio": ""})

    assert cleaned == {"name": "Ada", "email": "ada@example.com", "bio": None}
    with pytest.raises(InvalidInput):
        fields.check(rules, {"name": ""})


async def test_two_users_share_no_profile() -> None:
    """A change reaches the session's user alone."""
    house = House()
    session = await house.ada()
    bob = await add(house.store, id="bob-id", email="bob@example.com")

    await house.flow.update(session, {"name": "Ada King"}, HERE)

    assert await house.store.get("bob-id") == bob


async def test_a_new_address_waits_where_addresses_are_confirmed() -> None:
    """The address of today stays, the wish is an event, and the time of change is as it was."""
    house = House(confirms=True)
    session = await house.ada()

    record = await house.flow.update(session, {"email": NEW}, HERE)

    assert replace(record, private={}) == replace(ADA, private={})
    assert pending_email(record, NOW_MS) == NEW
    assert house.events.events == [SecurityEvent("email_change_asked", ADA.id, HERE)]
    assert await house.owner(NEW) is None


async def test_other_fields_change_while_an_address_waits() -> None:
    """What is sent along with a new address changes at once."""
    house = House(confirms=True)
    session = await house.ada()

    record = await house.flow.update(session, {"email": NEW, "bio": "I write."}, HERE)

    assert (record.email, record.bio, record.last_modified) == (ADA.email, "I write.", iso(NOW_MS))


async def test_wishes_spend_the_limit_on_mail() -> None:
    """Each wish for another address is a mail for the limit, free or taken."""
    house = House(confirms=True)
    session = await house.ada()
    for address in (NEW, EVE):
        await house.flow.update(session, {"email": address}, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.update(session, {"email": NEW}, HERE)

    assert caught.value.limit == "mail"
    assert len(house.jobs.added) == MAILS.most


async def test_a_deleted_user_asks_for_nothing() -> None:
    """A user who is gone gets no letter, and it is no event."""
    house = House(confirms=True)
    session = await house.ada()
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert (house.jobs.added, house.events.events) == ([], [])


async def test_the_old_address_is_told_of_a_move_at_once() -> None:
    """Where addresses are not confirmed the old one is told as soon as the new one counts."""
    house = House(tells=True)
    session = await house.ada()

    await house.flow.update(session, {"email": NEW}, HERE)

    ((kind, data),) = house.jobs.added
    assert (kind, data["user"], data["email"]) == ("email_changed", ADA.id, ADA.email)
    assert await house.owner(ADA.email) is None
