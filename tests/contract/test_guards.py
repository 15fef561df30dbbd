"""Limits on failures, asked on the way to a user."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.people import NOW_MS, signed_up
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Guarded, Store
from wicketgate.core.users import Claim, Edit, UserRecord, email_claim

THREE = Limit("account", 3, 1000)
CLAIM = email_claim("ann@example.com")


@pytest.fixture(params=["known", "unknown"])
async def owner(request: pytest.FixtureRequest, store: Store) -> UserRecord | None:
    """Who the claim leads to: somebody, or nobody."""
    return await signed_up(store) if request.param == "known" else None


async def test_nothing_failed_yet(store: Store, owner: UserRecord | None) -> None:
    """Without a failure there is no wait, and asking counts as none."""
    answers = [await store.find_guarded(CLAIM, THREE, NOW_MS) for _ in range(5)]

    assert answers == [Guarded(owner, 0)] * 5


async def test_failures_are_counted(store: Store, owner: UserRecord | None) -> None:
    """Failures fit up to the limit; then the guard says how long to wait, and still whose claim it is."""
    noted = [await store.note_failure(CLAIM, THREE, NOW_MS + 10 * number) for number in range(5)]

    assert noted == [0, 0, 0, 970, 960]
    assert await store.find_guarded(CLAIM, THREE, NOW_MS + 100) == Guarded(owner, 900)


async def test_one_failure_left(store: Store, owner: UserRecord | None) -> None:
    """One failure under the limit there is no wait."""
    for _ in range(2):
        await store.note_failure(CLAIM, THREE, NOW_MS)

    assert await store.find_guarded(CLAIM, THREE, NOW_MS) == Guarded(owner, 0)


async def test_end_of_the_window(store: Store, owner: UserRecord | None) -> None:
    """The wait ends exactly a window after the failure that matters."""
    for at in (0, 300, 600):
        await store.note_failure(CLAIM, THREE, NOW_MS + at)

    assert (await store.find_guarded(CLAIM, THREE, NOW_MS + 999)).wait_ms == 1
    assert (await store.find_guarded(CLAIM, THREE, NOW_MS + 1000)).wait_ms == 0
    assert await store.note_failure(CLAIM, THREE, NOW_MS + 1000) == 0
    assert await store.note_failure(CLAIM, THREE, NOW_MS + 1000) == 300
    assert (await store.find_guarded(CLAIM, THREE, NOW_MS + 1000)).wait_ms == 300


async def test_many_fail_at_once(store: Store, owner: UserRecord | None) -> None:
    """Of many failures at once exactly as many are noted as fit."""
    results = await asyncio.gather(*(store.note_failure(CLAIM, THREE, NOW_MS) for _ in range(40)))

    assert sorted(results) == [0] * 3 + [1000] * 37
    assert await store.find_guarded(CLAIM, THREE, NOW_MS) == Guarded(owner, 1000)


async def test_zero_turns_it_off(store: Store, owner: UserRecord | None) -> None:
    """A limit of 0 never makes anybody wait."""
    off = Limit("account", 0, 1000)
    noted = [await store.note_failure(CLAIM, off, NOW_MS) for _ in range(5)]

    assert noted == [0] * 5
    assert await store.find_guarded(CLAIM, off, NOW_MS) == Guarded(owner, 0)


async def test_claims_are_apart(store: Store, owner: UserRecord | None) -> None:
    """Each claim has its own failures, also when two kinds share a value."""
    for _ in range(3):
        await store.note_failure(CLAIM, THREE, NOW_MS)

    assert (await store.find_guarded(email_claim("bob@example.com"), THREE, NOW_MS)).wait_ms == 0
    assert (await store.find_guarded(Claim("oauth", CLAIM.value), THREE, NOW_MS)).wait_ms == 0


async def test_failures_leave_the_user_alone(store: Store) -> None:
    """Counting failures changes nothing of the user, and changes of the user do not reset the count."""
    ann = await signed_up(store)
    for _ in range(3):
        await store.note_failure(CLAIM, THREE, NOW_MS)
    unchanged = await store.find(CLAIM)
    changed = await store.edit(ann.id, Edit(fields={"name": "new"}, private={"passwordHash": "new"}))

    assert unchanged == ann
    assert await store.find_guarded(CLAIM, THREE, NOW_MS) == Guarded(changed, 1000)


async def test_failures_do_not_take_the_claim(store: Store) -> None:
    """An address on which somebody failed before anybody had it can be signed up, and its failures stay counted."""
    for _ in range(3):
        await store.note_failure(CLAIM, THREE, NOW_MS)
    nobody = await store.find(CLAIM)
    ann = await signed_up(store)

    assert nobody is None
    assert await store.find(CLAIM) == ann
    assert await store.find_guarded(CLAIM, THREE, NOW_MS) == Guarded(ann, 1000)


async def test_failures_while_signing_up(store: Store) -> None:
    """Failures noted while the address is signed up are neither lost nor in the way."""
    results = await asyncio.gather(
        *(store.note_failure(CLAIM, THREE, NOW_MS) for _ in range(5)),
        signed_up(store),
        *(store.note_failure(CLAIM, THREE, NOW_MS) for _ in range(5)),
    )

    waits = sorted(result for result in results if isinstance(result, int))
    assert waits == [0] * 3 + [1000] * 7
    assert await store.find_guarded(CLAIM, THREE, NOW_MS) == Guarded(await store.find(CLAIM), 1000)


async def test_move_to_an_address_with_failures(store: Store) -> None:
    """An address on which somebody failed before can be moved to, and a delete gives it back."""
    bob = await signed_up(store, "bob")
    await store.note_failure(CLAIM, THREE, NOW_MS)
    change = Edit(fields={"email": CLAIM.value}, add_claims=(CLAIM,), drop_claims=(email_claim(bob.email),))
    moved = await store.edit(bob.id, change)
    found = await store.find_guarded(CLAIM, THREE, NOW_MS)
    await store.delete(bob.id)

    assert found == Guarded(moved, 0)
    assert (await store.find_guarded(CLAIM, THREE, NOW_MS)).record is None
    assert await signed_up(store) == await store.find(CLAIM)
