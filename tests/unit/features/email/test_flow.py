"""Confirming an address, making a new one count, and taking it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.unit.fakes import ADA, spend
from tests.unit.features.email.house import EVE, HERE, LINKS, MAILS, NEW, House
from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput, Problem, Stale, StoreUnavailable, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.one_time import CHANGE, UNDO, VERIFY, InvalidLink, attribute
from wicketgate.core.users import VERIFIED_EMAIL, UserRecord, verified

PURPOSES = [(VERIFY, ADA.email), (CHANGE, NEW), (UNDO, NEW)]


def use(house: House, purpose: str) -> Callable[[str, str], Awaitable[UserRecord]]:
    """The flow's method for a purpose."""
    return {VERIFY: house.flow.verify, CHANGE: house.flow.confirm, UNDO: house.flow.undo}[purpose]


async def test_verifying_confirms_the_address() -> None:
    """The address is the confirmed one, the link is used up, and nothing else has changed."""
    house = House()
    record = await house.ada(confirmed=False)
    token = await house.linked(VERIFY, ADA.email)

    after = await house.flow.verify(token, HERE)

    assert (verified(record), verified(after)) == (False, True)
    assert after.private == {**ADA.private, VERIFIED_EMAIL: ADA.email}
    assert after.last_modified == ADA.last_modified
    assert house.events.events == [SecurityEvent("email_verified", ADA.id, HERE)]


async def test_a_link_for_another_address_confirms_nothing() -> None:
    """A link that was made for the address of before is not good for the one of today."""
    house = House()
    await house.ada(confirmed=False)
    token = await house.linked(VERIFY, NEW)

    with pytest.raises(InvalidLink):
        await house.flow.verify(token, HERE)

    assert not verified(await house.now())


async def test_confirming_moves() -> None:
    """The new address counts and is confirmed, the link is used up, and it is an event."""
    house = House()
    await house.ada()
    token = await house.linked(CHANGE, NEW)

    after = await house.flow.confirm(token, HERE)

    assert (after.email, verified(after)) == (NEW, True)
    assert attribute(CHANGE) not in after.private
    assert house.events.events == [SecurityEvent("email_changed", ADA.id, HERE)]


async def test_undoing_offers_a_new_password() -> None:
    """Who takes an address back gets a link to choose another password."""
    house = House()
    await house.ada()
    await house.move(NEW)
    token = await house.way_back()

    after = await house.flow.undo(token, HERE)

    assert after.email == ADA.email
    owed = {"email": ADA.email, "source": HERE, "owed_to": ADA.id}
    assert house.jobs.added[-1] == ("reset_password", owed)
    assert house.events.events == [SecurityEvent("email_change_undone", ADA.id, HERE)]


@pytest.mark.parametrize(("purpose", "payload"), PURPOSES[1:])
async def test_a_taken_address_is_refused(purpose: str, payload: str) -> None:
    """Somebody else's address is refused with its field, and no event is told."""
    house = House()
    await house.ada()
    token = await house.linked(purpose, EVE)

    with pytest.raises(InvalidInput) as caught:
        await use(house, purpose)(token, HERE)

    assert caught.value.problems == (Problem("Unable to use this email address", "email"),)
    assert house.events.events == []
    assert (await house.now()).email == ADA.email


@pytest.mark.parametrize(("purpose", "payload"), PURPOSES)
async def test_a_change_meanwhile_is_looked_at_again(purpose: str, payload: str) -> None:
    """A link is tried again when the user changed, and found used when that was it."""
    house = House()
    await house.ada(confirmed=False)
    token = await house.linked(purpose, payload)

    async def stale() -> None:
        raise Stale

    house.store.meanwhile = [stale] * 3
    after = await use(house, purpose)(token, HERE)
    with pytest.raises(InvalidLink):
        await use(house, purpose)(token, HERE)

    assert after == await house.now()


@pytest.mark.parametrize(("purpose", "payload"), PURPOSES)
async def test_a_race_is_given_up_at_last(purpose: str, payload: str) -> None:
    """A user that changes under every attempt is told to come back."""
    house = House()
    await house.ada(confirmed=False)
    token = await house.linked(purpose, payload)

    async def stale() -> None:
        raise Stale

    house.store.meanwhile = [stale] * 10

    with pytest.raises(StoreUnavailable):
        await use(house, purpose)(token, HERE)

    assert len(house.store.edits) == 4


@pytest.mark.parametrize(("purpose", "payload"), PURPOSES)
async def test_a_user_deleted_meanwhile_has_no_links(purpose: str, payload: str) -> None:
    """A link whose user is gone when it is used is no link."""
    house = House()
    await house.ada(confirmed=False)
    token = await house.linked(purpose, payload)
    house.store.meanwhile = [lambda: house.store.delete(ADA.id)]

    with pytest.raises(InvalidLink):
        await use(house, purpose)(token, HERE)

    assert house.events.events == []


@pytest.mark.parametrize(("purpose", "payload"), PURPOSES)
async def test_links_are_tried_within_a_limit(purpose: str, payload: str) -> None:
    """When the limit is spent even a good link is refused, and is still good afterwards."""
    house = House()
    await house.ada(confirmed=False)
    token = await house.linked(purpose, payload)
    await spend(house.store, LINKS, HERE)

    with pytest.raises(TooManyRequests):
        await use(house, purpose)(token, HERE)

    assert house.events.events == [SecurityEvent("limit_hit", None, HERE, "link")]
    assert (await house.links.find(purpose, token)).payload == payload


async def test_asking_again_only_leaves_a_job() -> None:
    """Nobody is looked up before the answer."""
    house = House()

    await house.flow.resend(ADA.email, HERE)

    assert house.jobs.added == [("resend_email", {"email": ADA.email})]


async def test_asking_again_is_limited() -> None:
    """A source that has had mail enough is refused."""
    house = House()
    await spend(house.store, MAILS, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.resend(ADA.email, HERE)

    assert caught.value.limit == "mail"
    assert house.jobs.added == []


@pytest.mark.parametrize(
    ("rules", "given", "cleaned"),
    [
        ("link_rules", {"token": "a.b"}, {"token": "a.b"}),
        ("resend_rules", {"email": " Ada@Example.com"}, {"email": "ada@example.com"}),
    ],
)
def test_the_fields_have_rules(rules: str, given: dict[str, Any], cleaned: dict[str, Any]) -> None:
    """An address is cleaned as everywhere, and a token stays as it is."""
    assert fields.check(getattr(House().flow, rules), given) == cleaned


@pytest.mark.parametrize("token", ["", " ", "\ud800"])
def test_a_token_must_be_text(token: str) -> None:
    """Nothing, and what cannot be text, is refused with its field."""
    with pytest.raises(InvalidInput) as caught:
        fields.check(House().flow.link_rules, {"token": token})

    assert caught.value.problems[0].field == "token"
