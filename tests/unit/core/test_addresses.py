"""Which addresses lead to a user before and after each change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext

import pytest

from tests.unit.fakes import ADA, NOW_MS, add
from tests.unit.features.email.house import EVE, NEW, THIRD, House
from wicketgate.core.addresses import WEEK, added, freed, pending_email
from wicketgate.core.clock import iso
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.one_time import CHANGE, UNDO, attribute
from wicketgate.core.users import FORMER_EMAIL, VERIFIED_EMAIL, Edit, UserRecord, claims_of, email_claim, former_email

NOW = NOW_MS // 1000


async def leading(house: House, *addresses: str) -> list[str | None]:
    """Whom each address leads to."""
    return [await house.owner(address) for address in addresses]


async def test_a_move_keeps_the_old_address() -> None:
    """The new address is the user's, and the old one leads to the same user for a week."""
    house = House()
    await house.ada()

    moved = await house.move(NEW)

    assert (moved.email, moved.last_modified) == (NEW, iso(NOW_MS))
    assert moved.private[FORMER_EMAIL] == f"{NOW + WEEK} {ADA.email}"
    assert await leading(house, ADA.email, NEW) == [ADA.id, ADA.id]
    assert set(claims_of(moved)) == {email_claim(ADA.email), email_claim(NEW)}


@pytest.mark.parametrize(
    ("confirmed", "confirms", "tells", "linked"),
    [(False, True, True, False), (True, True, False, False), (True, False, True, True), (False, False, False, False)],
)
async def test_a_move_that_keeps_nothing(confirmed: bool, confirms: bool, tells: bool, linked: bool) -> None:
    """The old address is free at once if it was never confirmed, is not told, or addresses are not confirmed."""
    house = House(confirms=confirms, tells=tells)
    await house.ada(confirmed=confirmed)

    moved = await house.move(NEW)

    assert await leading(house, ADA.email, NEW) == [None, ADA.id]
    assert FORMER_EMAIL not in moved.private
    assert (attribute(UNDO) in moved.private) is linked
    assert len(house.jobs.added) == tells


async def test_further_moves_keep_the_first_address() -> None:
    """The first address stays kept with its own time, and its link with it; those in between are free."""
    house = House()
    await house.ada()
    first = await house.move(NEW)
    house.clock.now_ms += 60_000
    await house.store.play(ADA.id, Edit(private={VERIFIED_EMAIL: NEW}))

    second = await house.move(THIRD)

    assert await leading(house, ADA.email, NEW, THIRD) == [ADA.id, None, ADA.id]
    names = (FORMER_EMAIL, attribute(UNDO))
    assert [second.private[name] for name in names] == [first.private[name] for name in names]
    assert house.jobs.added[-1] == ("email_changed", {"user": ADA.id, "email": NEW})


async def test_a_move_after_the_week_keeps_the_newer_address() -> None:
    """Once the first way back is over, the next move frees it and keeps the address of today."""
    house = House()
    await house.ada()
    await house.move(NEW)
    await house.store.play(ADA.id, Edit(private={VERIFIED_EMAIL: NEW}))
    house.clock.now_ms += WEEK * 1000

    await house.move(THIRD)

    assert await leading(house, ADA.email, NEW, THIRD) == [None, ADA.id, ADA.id]
    assert former_email(await house.now()) is not None


async def test_a_move_to_the_kept_address() -> None:
    """Whoever moves back in the usual way needs no way back: the address in between is free and has no link."""
    house = House()
    await house.ada()
    await house.move(NEW)
    await house.store.play(ADA.id, Edit(private={VERIFIED_EMAIL: NEW}))

    moved = await house.move(ADA.email)

    assert await leading(house, ADA.email, NEW) == [ADA.id, None]
    assert not {FORMER_EMAIL, attribute(UNDO)} & set(moved.private)
    assert house.jobs.added[-1] == ("email_changed", {"user": ADA.id, "email": NEW})


async def test_a_move_to_where_a_link_leads() -> None:
    """The same for an address that the link leads to and that is not kept from others."""
    house = House(confirms=False)
    await house.ada()
    await house.move(NEW)
    await house.move(THIRD)

    moved = await house.move(ADA.email)

    assert await leading(house, ADA.email, NEW, THIRD) == [ADA.id, None, None]
    assert attribute(UNDO) not in moved.private


async def test_a_move_away_again_leads_back_to_the_same_address() -> None:
    """After a move to the kept address the next one makes a new way back there, for a week of its own."""
    house = House()
    await house.ada()
    await house.move(NEW)
    await house.move(ADA.email)
    await house.store.play(ADA.id, Edit(private={VERIFIED_EMAIL: ADA.email}))
    house.clock.now_ms += 60_000

    moved = await house.move(THIRD)

    assert moved.private[FORMER_EMAIL] == f"{NOW + 60 + WEEK} {ADA.email}"
    assert (await house.links.find(UNDO, await house.way_back())).payload == ADA.email


async def test_a_move_to_the_kept_address_once_it_is_over() -> None:
    """An own address whose time is over is no other's: moving there needs no claim that the user has already."""
    house = House()
    await house.ada()
    await house.move(NEW)
    house.clock.now_ms += WEEK * 1000

    await house.move(ADA.email)

    assert await leading(house, ADA.email, NEW) == [ADA.id, None]


async def test_a_link_made_while_nothing_was_confirmed_stays() -> None:
    """After confirmation was turned on, the way back of before still leads to the first address, kept or not."""
    house = House(confirms=False)
    await house.ada()
    await house.move(NEW)
    token = await house.way_back()
    later = House(house.store, house.clock)

    await later.move(THIRD)

    found = await house.links.find(UNDO, token)
    assert found.payload == ADA.email
    assert await leading(house, ADA.email, NEW, THIRD) == [None, None, ADA.id]


async def test_a_move_takes_older_links_away() -> None:
    """Links that were sent to the address of before are good for nothing at the next."""
    house = House()
    await house.ada()
    tokens = {purpose: await house.linked(purpose, ADA.email) for purpose in ("verify", "email", "reset")}

    moved = await house.move(NEW)

    assert not {attribute(purpose) for purpose in tokens} & set(moved.private)


async def test_a_move_to_a_taken_address_changes_nothing() -> None:
    """Somebody else's address stays theirs, and nobody is written to."""
    house = House()
    record = await house.ada()

    with pytest.raises(ClaimTaken):
        await house.book.move(record, EVE, {})

    assert await house.now() == record
    assert house.jobs.added == []


async def test_a_move_meets_another() -> None:
    """A move that was decided before another move is stale."""
    house = House()
    record = await house.ada()
    await house.move(NEW)

    with pytest.raises(Stale):
        await house.book.move(record, THIRD, {})


async def test_a_move_to_an_address_whose_time_is_over() -> None:
    """Another's kept address is freed when somebody wants it after its week."""
    house = House()
    await house.ada()
    await house.move(NEW)
    eve = await house.store.get("eve-id")
    assert eve is not None
    house.clock.now_ms += WEEK * 1000

    moved = await house.book.move(eve, ADA.email, {})

    assert moved is not None
    assert await leading(house, ADA.email, NEW) == ["eve-id", ADA.id]
    assert former_email(await house.now()) is None


@pytest.mark.parametrize("tells", [True, False])
async def test_a_move_of_a_user_who_is_gone(tells: bool) -> None:
    """Nobody who was deleted meanwhile is moved, and no letter says so."""
    house = House(tells=tells)
    record = await house.ada()
    await house.store.delete(ADA.id)

    with pytest.raises(Stale) if tells else nullcontext():
        assert await house.book.move(record, NEW, {}) is None

    assert house.jobs.added == []
    assert await leading(house, ADA.email, NEW) == [None, None]


@pytest.mark.parametrize("gone", ["ask", "undo"])
async def test_a_user_who_is_gone(gone: str) -> None:
    """Nothing is changed for a user who was deleted meanwhile, and nobody is written to."""
    house = House()
    record = await house.ada()
    token = await house.linked(UNDO, NEW)
    link = await house.links.find(UNDO, token)
    await house.store.delete(ADA.id)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "ask": lambda: house.book.ask(record, NEW, {}),
        "undo": lambda: house.book.undo(link),
    }

    done = await calls[gone]()

    await house.deliver()
    assert done is None
    assert house.post.letters == []
    assert await leading(house, ADA.email, NEW) == [None, None]


async def test_asking_writes_the_wish_down() -> None:
    """The address waits on the user, with other fields changed, and the job says neither address nor token."""
    house = House()
    record = await house.ada()

    asked = await house.book.ask(record, NEW, {"name": "Ada King"})

    assert asked is not None
    assert (asked.email, asked.name, pending_email(asked, NOW_MS)) == (ADA.email, "Ada King", NEW)
    ((kind, data),) = house.jobs.added
    assert (kind, set(data), data["user"]) == ("change_email", {"user", "seed"}, ADA.id)
    token = house.links.token(CHANGE, ADA.id, data["seed"])
    assert (await house.links.find(CHANGE, token)).payload == NEW


async def test_undoing_restores_everything() -> None:
    """The old address is the user's, confirmed; the new one is free, and links, sessions and password are gone."""
    house = House()
    await house.ada()
    await house.move(NEW)
    token = await house.way_back()
    await house.linked(CHANGE, THIRD)
    await house.linked("reset", NEW)

    undone = await house.book.undo(await house.links.find(UNDO, token))

    assert undone is not None
    assert (undone.email, undone.session_version) == (ADA.email, 2)
    assert undone.private == {VERIFIED_EMAIL: ADA.email}
    assert await leading(house, ADA.email, NEW) == [ADA.id, None]


async def test_undoing_into_a_taken_address() -> None:
    """An address that was not kept and belongs to another by now stays theirs."""
    house = House(confirms=False)
    await house.ada()
    await house.move(NEW)
    token = await house.way_back()
    await add(house.store, id="bob-id")

    with pytest.raises(ClaimTaken):
        await house.book.undo(await house.links.find(UNDO, token))

    assert await leading(house, ADA.email, NEW) == ["bob-id", ADA.id]


async def test_a_user_is_added_to_an_address_whose_time_is_over() -> None:
    """A sign-up frees an address that was kept, after its week and not before."""
    house = House()
    await house.ada()
    await house.move(NEW)
    bob = UserRecord("bob-id", ADA.email, "Bob", "then", "then")

    with pytest.raises(ClaimTaken):
        await added(house.store, bob, house.clock())
    house.clock.now_ms += WEEK * 1000
    await added(house.store, bob, house.clock())

    assert await leading(house, ADA.email, NEW) == ["bob-id", ADA.id]


async def test_an_address_of_today_is_never_freed() -> None:
    """Neither an address that nobody has nor one in use is made free."""
    house = House()
    await house.ada()

    freeing = [await freed(house.store, address, NOW_MS) for address in (ADA.email, "nobody@example.com")]

    assert freeing == [False, False]


async def test_an_address_that_is_freed_by_another_meanwhile() -> None:
    """Of two who free an address one is told that it is worth trying again."""
    house = House()
    await house.ada()
    await house.move(NEW)
    house.clock.now_ms += WEEK * 1000
    release = Edit(private={FORMER_EMAIL: None}, drop_claims=(email_claim(ADA.email),))
    house.store.meanwhile = [lambda: house.store.play(ADA.id, release)]

    worth = await freed(house.store, ADA.email, house.clock())

    assert worth is False


@pytest.mark.parametrize("shift", [0, -1])
async def test_the_last_second_counts(shift: int) -> None:
    """An address is kept until its second, and not in it."""
    house = House()
    await house.ada()
    await house.move(NEW)

    worth = await freed(house.store, ADA.email, (NOW + WEEK + shift) * 1000)

    assert worth is (shift == 0)


def test_nothing_waits_for_a_user_without_links() -> None:
    """A user who asked for nothing has no pending address."""
    assert pending_email(ADA, NOW_MS) is None
