"""Sessions that were ended."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.contract.people import NOW, person, signed_up, stored
from wicketgate.core.ports import Store
from wicketgate.core.sessions import KEPT_AFTER, MAX_REVOKED, SessionClaims, alive
from wicketgate.core.users import Edit, UserRecord

DAY = 86_400
FULL = {f"old{number}": NOW + 10 + number for number in range(MAX_REVOKED)}


def session(record: UserRecord, token_id: str) -> SessionClaims:
    """What a token of this user says."""
    return SessionClaims(record.id, record.email, token_id, record.session_version, NOW, NOW + DAY)


async def test_ended_session_is_dead(store: Store) -> None:
    """Ending one session is seen by the next read, and leaves the user's others and everything else alone."""
    ann = await signed_up(store)
    await store.revoke(ann, "mine", NOW + DAY, NOW)

    now = await stored(store, ann)
    assert now == replace(ann, revoked_sessions={"mine": NOW + DAY})
    assert not alive(session(ann, "mine"), now)
    assert alive(session(ann, "other"), now)


@pytest.mark.parametrize("revoked", [{}, {"live": NOW + DAY}, {"dead": NOW}, FULL], ids=["no", "a", "dead", "full"])
async def test_what_is_remembered_of_it_goes(store: Store, revoked: dict[str, int]) -> None:
    """What a user remembers of a session goes when it is ended, with room on the list and without; the rest stays."""
    kept = {"passwordHash": "h", "session#other": "y"}
    ann = await signed_up(store, revoked_sessions=revoked, private={**kept, "session#mine": "x"})

    await store.revoke(ann, "mine", NOW + DAY, NOW)

    assert (await stored(store, ann)).private == kept


async def test_ending_twice(store: Store) -> None:
    """Ending a session again is no error and changes nothing."""
    ann = await signed_up(store)
    await store.revoke(ann, "mine", NOW + DAY, NOW)
    await store.revoke(ann, "mine", NOW + DAY, NOW)
    await store.revoke(await stored(store, ann), "mine", NOW + DAY, NOW + 5)

    assert (await stored(store, ann)).revoked_sessions == {"mine": NOW + DAY}


async def test_record_read_long_ago(store: Store) -> None:
    """A record that is no longer what the store has neither undoes other changes nor loses the ended session."""
    ann = await signed_up(store)
    await store.edit(ann.id, Edit(fields={"name": "new"}, private={"passwordHash": "new"}))
    await store.revoke(ann, "first", NOW + DAY, NOW)
    await store.revoke(ann, "second", NOW + DAY, NOW)

    now = await stored(store, ann)
    assert now.revoked_sessions == {"first": NOW + DAY, "second": NOW + DAY}
    assert (now.name, now.private) == ("new", {"passwordHash": "new"})


async def test_expired_entries_go(store: Store) -> None:
    """Entries whose token expired two hours ago are dropped when another is added, to the second."""
    ann = await signed_up(store, revoked_sessions={"gone": NOW - 1, "just gone": NOW, "kept": NOW + 1})
    await store.revoke(ann, "mine", NOW + DAY, NOW + KEPT_AFTER)

    assert (await stored(store, ann)).revoked_sessions == {"kept": NOW + 1, "mine": NOW + DAY}


async def test_room_for_a_hundred(store: Store) -> None:
    """The hundredth live entry still fits."""
    ann = await signed_up(store, revoked_sessions=dict(list(FULL.items())[1:]))
    await store.revoke(ann, "mine", NOW + DAY, NOW)

    now = await stored(store, ann)
    assert len(now.revoked_sessions) == MAX_REVOKED
    assert now.session_version == ann.session_version


async def test_the_hundred_and_first(store: Store) -> None:
    """One more than a hundred raises the session version and clears the list."""
    ann = await signed_up(store, revoked_sessions=FULL)
    await store.revoke(ann, "mine", NOW + DAY, NOW)

    assert await store.get(ann.id) == replace(ann, session_version=2, revoked_sessions={})


async def test_full_list_unknown_to_the_caller(store: Store) -> None:
    """The bound holds even when the caller's record was read while the list was empty."""
    ann = await signed_up(store, revoked_sessions=FULL)
    await store.revoke(replace(ann, revoked_sessions={}), "mine", NOW + DAY, NOW)

    assert await store.get(ann.id) == replace(ann, session_version=2, revoked_sessions={})


async def test_full_list_with_the_same_token(store: Store) -> None:
    """Ending a session again needs no room, however full the list."""
    ann = await signed_up(store, revoked_sessions=FULL)
    await store.revoke(ann, "old5", FULL["old5"], NOW)

    assert await store.get(ann.id) == ann


async def test_full_of_expired_entries(store: Store) -> None:
    """A list full of expired entries has room."""
    ann = await signed_up(store, revoked_sessions=FULL)
    later = NOW + 10 + MAX_REVOKED
    await store.revoke(ann, "mine", later + DAY, later)

    assert await store.get(ann.id) == replace(ann, revoked_sessions={"mine": later + DAY})


async def test_missing_user(store: Store) -> None:
    """Ending a session of a user who was deleted is no error and makes no user."""
    nobody = person()
    await store.revoke(nobody, "mine", NOW + DAY, NOW)
    await store.revoke(replace(nobody, revoked_sessions=FULL), "mine", NOW + DAY, NOW)

    assert await store.get(nobody.id) is None


async def test_many_at_once(store: Store) -> None:
    """Sessions ended at once are all dead, each by its own entry."""
    ann = await signed_up(store)
    await asyncio.gather(*(store.revoke(ann, f"t{number}", NOW + DAY, NOW) for number in range(30)))

    now = await stored(store, ann)
    assert now.revoked_sessions == {f"t{number}": NOW + DAY for number in range(30)}
    assert now.session_version == ann.session_version


async def test_overflow_at_once(store: Store) -> None:
    """When the list overflows under many at once, every one of them is dead, the list is bounded and the version
    rose once."""
    ann = await signed_up(store, revoked_sessions=dict(list(FULL.items())[10:]))
    tokens = [f"t{number}" for number in range(25)]

    await asyncio.gather(*(store.revoke(ann, token, NOW + DAY, NOW) for token in tokens))

    now = await stored(store, ann)
    assert not any(alive(session(ann, token), now) for token in tokens)
    assert len(now.revoked_sessions) <= MAX_REVOKED
    assert now.session_version == ann.session_version + 1


async def test_ended_while_the_version_rises(store: Store) -> None:
    """Sessions ended while all are ended are dead afterwards, and the version rises once."""
    ann = await signed_up(store)

    await asyncio.gather(
        *(store.revoke(ann, f"t{number}", NOW + DAY, NOW) for number in range(5)),
        store.edit(ann.id, Edit(raise_session_version=True)),
        *(store.revoke(ann, f"u{number}", NOW + DAY, NOW) for number in range(5)),
    )

    now = await stored(store, ann)
    assert now.session_version == 2
    assert not any(alive(session(ann, f"{letter}{number}"), now) for letter in "tu" for number in range(5))
