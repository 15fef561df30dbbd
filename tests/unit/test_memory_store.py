"""What the reference store does beside the contract of all stores."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.limits import Limit
from wicketgate.core.users import Claim, Edit, claims_of, email_claim
from wicketgate.stores.memory import MemoryStore


async def test_a_refused_user_leaves_nothing() -> None:
    """When one of several claims is taken, neither the user nor the other claims are kept."""
    store = MemoryStore()
    await add(store)
    free = Claim("passkey", "free")

    with pytest.raises(ClaimTaken):
        await store.create(ADA, (free, *claims_of(ADA)))

    assert await store.find(free) is None


async def test_a_refused_edit_leaves_everything() -> None:
    """When an added claim is taken, the dropped one is still there."""
    store = MemoryStore()
    await add(store)
    await add(store, id="eve-id", email="eve@example.com")
    edit = Edit(add_claims=(email_claim("eve@example.com"),), drop_claims=claims_of(ADA))

    with pytest.raises(ClaimTaken):
        await store.edit(ADA.id, edit)

    assert await store.find(email_claim(ADA.email)) == ADA


async def test_a_claim_of_another_cannot_be_dropped() -> None:
    """Only the user's own claims can be dropped."""
    store = MemoryStore()
    await add(store)
    await add(store, id="eve-id", email="eve@example.com")

    with pytest.raises(Stale):
        await store.edit(ADA.id, Edit(drop_claims=(email_claim("eve@example.com"),)))


async def test_a_log_is_no_longer_than_its_limit() -> None:
    """No more events are kept than are needed to decide."""
    store, limit = MemoryStore(), Limit("login", 2, 10)

    waits = [await store.take(limit, "here", now) for now in (0, 1, 5, 10, 11, 20)]

    assert waits == [0, 0, 5, 0, 0, 0]
    assert await store.take(limit, "here", 20) == 1


async def test_a_limit_that_is_off_notes_nothing() -> None:
    """An event under a limit of 0 does not count for a later one of the same name."""
    store = MemoryStore()
    await store.take(Limit("login", 0, 10), "here", 0)

    wait = await store.peek(Limit("login", 1, 10), "here", 0)

    assert wait == 0


async def test_pages_come_in_order_and_end() -> None:
    """Users come by id in pages, the last without a mark."""
    store = MemoryStore()
    for letter in "cab":
        await add(store, id=letter, email=f"{letter}@example.com")

    first, mark = await store.page(None, 2)
    rest, end = await store.page(mark, 2)

    assert [record.id for record in (*first, *rest)] == ["a", "b", "c"]
    assert (mark, end) == ("b", None)


async def test_ending_a_session_of_nobody_is_no_error() -> None:
    """A user who was deleted meanwhile has no sessions left to end."""
    store = MemoryStore()

    await store.revoke(ADA, "token-1", 99, 1)

    assert await store.get(ADA.id) is None
