"""Changing a profile while somebody else does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.unit.fakes import ADA, add, spend
from tests.unit.features.profile.house import HERE, MAILS, NEW, SIGNUPS, House
from wicketgate.core.addresses import pending_email
from wicketgate.core.errors import ClaimTaken, NotAuthenticated, Stale, StoreUnavailable, TooManyRequests
from wicketgate.core.one_time import CHANGE, attribute
from wicketgate.core.sessions import Authenticated
from wicketgate.core.users import Edit, UserRecord, email_claim

OTHER = "countess@example.com"


def moved(house: House, old: str, new: str) -> Callable[[], Awaitable[UserRecord | None]]:
    """A move of Ada from one address to another, as a second request would make it."""
    edit = Edit(fields={"email": new}, add_claims=(email_claim(new),), drop_claims=(email_claim(old),))
    return lambda: house.store.play(ADA.id, edit)


async def test_changes_to_different_fields_both_hold() -> None:
    """A name given while another request writes a bio takes nothing away."""
    house = House()
    session = await house.ada()
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(fields={"bio": "I write programs."}))]

    record = await house.flow.update(session, {"name": "Ada King"}, HERE)

    assert (record.name, record.bio) == ("Ada King", "I write programs.")


async def test_of_two_moves_the_later_holds() -> None:
    """A move that finds the user at yet another address starts from there and frees it."""
    house = House()
    session = await house.ada()
    house.store.meanwhile = [moved(house, ADA.email, OTHER)]

    record = await house.flow.update(session, {"email": NEW}, HERE)

    assert record.email == NEW
    assert (await house.owner(NEW), await house.owner(OTHER), await house.owner(ADA.email)) == (ADA.id, None, None)


async def test_a_move_that_starts_again_is_one_mail() -> None:
    """However often somebody else is faster, one change counts once for the limit of mail."""
    house = House(tells=True)
    session = await house.ada()
    house.store.meanwhile = [moved(house, ADA.email, OTHER), moved(house, OTHER, ADA.email)]

    record = await house.flow.update(session, {"email": NEW}, HERE)

    assert record.email == NEW
    assert await house.store.take(MAILS, HERE, house.clock()) == 0


async def test_two_moves_to_one_address_are_one() -> None:
    """Who sends the same move twice at once is not told that the address is taken, by themselves."""
    house = House()
    session = await house.ada()
    house.store.meanwhile = [moved(house, ADA.email, NEW)]

    record = await house.flow.update(session, {"email": NEW, "name": "Ada King"}, HERE)

    assert (record.email, record.name) == (NEW, "Ada King")
    assert await house.owner(NEW) == ADA.id


async def test_keeping_an_address_does_not_undo_a_move() -> None:
    """A form sent with the address of before, during a move, leaves user and claims at one address."""
    house = House()
    session = await house.ada()
    house.store.meanwhile = [moved(house, ADA.email, NEW)]

    await house.flow.update(session, {"email": ADA.email, "name": "Ada King"}, HERE)

    record = await house.now()
    assert record.name == "Ada King"
    assert await house.owner(record.email) == ADA.id
    assert [address for address in (ADA.email, NEW) if await house.owner(address)] == [record.email]


async def test_taking_a_wish_back_does_not_undo_a_newer_one() -> None:
    """Of two wishes at once the one that was taken back is the newest by then, and nothing waits."""
    house = House(confirms=True)
    session = await house.ada()
    first = await house.addresses.ask(session.record, NEW, {})
    assert first is not None
    house.store.meanwhile = [lambda: house.addresses.ask(first, OTHER, {}), lambda: house.now()]

    record = await house.flow.update(Authenticated(session.claims, first), {"email": ADA.email}, HERE)

    assert attribute(CHANGE) not in record.private
    assert record.email == ADA.email


async def test_a_wish_that_is_confirmed_while_it_is_taken_back() -> None:
    """Who asks for the address of before, just as the new one counts, asks for a change: nothing is lost."""
    house = House(confirms=True)
    session = await house.ada()
    first = await house.addresses.ask(session.record, NEW, {})
    assert first is not None
    house.store.meanwhile = [lambda: house.addresses.move(first, NEW, {})]

    record = await house.flow.update(Authenticated(session.claims, first), {"email": ADA.email}, HERE)

    assert (record.email, pending_email(record, house.clock())) == (NEW, ADA.email)
    assert await house.owner(NEW) == ADA.id


async def test_an_address_taken_meanwhile_is_refused() -> None:
    """Someone who signs up with the address at the same moment keeps it."""
    house = House()
    session = await house.ada()
    house.store.meanwhile = [lambda: add(house.store, id="bob-id", email=NEW)]

    with pytest.raises(Exception, match="Unable to use this email address"):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert await house.owner(NEW) == "bob-id"
    assert await house.now() == ADA


async def test_a_taken_address_while_the_limit_is_spent_is_a_refusal() -> None:
    """When others use up the limit meanwhile, the answer does not tell that the address is taken."""
    house = House()
    session = await house.ada()

    async def both() -> None:
        await add(house.store, id="bob-id", email=NEW)
        await spend(house.store, SIGNUPS, HERE)

    house.store.meanwhile = [both]

    with pytest.raises(TooManyRequests):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert house.events.names == ["limit_hit"]


async def test_a_session_that_ended_meanwhile_writes_nothing_more() -> None:
    """When a move has to start again and the session is dead by then, it is refused."""
    house = House()
    session = await house.ada()

    async def ended() -> None:
        await moved(house, ADA.email, OTHER)()
        await house.sessions.end_all(ADA.id)
        raise Stale

    house.store.meanwhile = [ended]

    with pytest.raises(NotAuthenticated):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert (await house.now()).email == OTHER


async def test_a_user_deleted_meanwhile_is_refused() -> None:
    """When a move has to start again and the user is gone by then, it is refused."""
    house = House()
    session = await house.ada()

    async def deleted() -> None:
        await house.store.delete(ADA.id)
        raise Stale

    house.store.meanwhile = [deleted]

    with pytest.raises(NotAuthenticated):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert await house.owner(NEW) is None


async def test_a_race_is_given_up_at_last() -> None:
    """A user that changes under every attempt is told to come back, after four of them."""
    house = House()
    session = await house.ada()

    async def stale() -> None:
        raise Stale

    house.store.meanwhile = [stale] * 10

    with pytest.raises(StoreUnavailable):
        await house.flow.update(session, {"email": NEW}, HERE)

    assert len(house.store.edits) == 4
    assert await house.now() == ADA


async def test_the_last_attempt_counts() -> None:
    """A user that holds still after three attempts is changed."""
    house = House()
    session = await house.ada()

    async def stale() -> None:
        raise Stale

    house.store.meanwhile = [stale] * 3

    record = await house.flow.update(session, {"email": NEW}, HERE)

    assert record.email == NEW


async def test_the_store_itself_refuses_two_owners() -> None:
    """The hand-made race is a real one: the claim that was taken cannot be added."""
    house = House()
    await house.ada()
    await add(house.store, id="bob-id", email=NEW)

    with pytest.raises(ClaimTaken):
        await moved(house, ADA.email, NEW)()
