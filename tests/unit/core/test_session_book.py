"""Opening, checking and ending sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.unit.fakes import ADA, NOW_MS, ManualClock, OpenTokens, add
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import MAX_REVOKED, Authenticated
from wicketgate.core.users import Edit, UserRecord
from wicketgate.stores.memory import MemoryStore

DAY = 86_400


class CountingStore(MemoryStore):
    """A store that counts how often a user is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    async def get(self, user_id: str) -> UserRecord | None:
        self.reads += 1
        return await super().get(user_id)


@dataclass
class House:
    """A session book and what it works with."""

    store: CountingStore
    clock: ManualClock
    book: SessionBook


@pytest.fixture
async def house() -> House:
    """A house in which Ada lives."""
    store, clock = CountingStore(), ManualClock()
    await add(store)
    return House(store, clock, SessionBook(store, store, OpenTokens(), clock, DAY))


async def test_a_session_lasts_exactly_its_lifetime(house: House) -> None:
    """A session says whose it is, and ends to the second after its lifetime."""
    session = house.book.open(ADA)

    claims = session.claims
    assert (claims.user_id, claims.email, claims.version) == (ADA.id, ADA.email, 1)
    assert claims.issued_at == NOW_MS // 1000
    assert claims.expires_at - claims.issued_at == DAY


async def test_no_two_sessions_are_one(house: House) -> None:
    """Two sessions of one user opened in the same millisecond have ids and CSRF tokens of their own."""
    first, second = house.book.open(ADA), house.book.open(ADA)

    assert first.claims.token_id != second.claims.token_id
    assert first.token != second.token
    assert first.csrf_token != second.csrf_token


async def test_a_live_session_is_found_with_one_read(house: House) -> None:
    """One read answers both whether a session is valid and whose it is."""
    session = house.book.open(ADA)

    found = await house.book.check(session.token)

    assert found == Authenticated(session.claims, ADA)
    assert house.store.reads == 1


async def test_the_csrf_token_belongs_to_the_session(house: House) -> None:
    """A session checked later has the CSRF token it was opened with."""
    session = house.book.open(ADA)

    found = await house.book.check(session.token)

    assert house.book.csrf(found) == session.csrf_token


async def test_a_token_that_says_nothing_costs_no_read(house: House) -> None:
    """A forged token is refused before the store is asked."""
    with pytest.raises(NotAuthenticated):
        await house.book.check("forged")

    assert house.store.reads == 0


async def test_an_expired_session_costs_no_read(house: House) -> None:
    """A session is good a millisecond before its end and refused unread on it."""
    session = house.book.open(ADA)
    house.clock.now_ms = session.claims.expires_at * 1000 - 1
    await house.book.check(session.token)

    house.clock.now_ms += 1
    with pytest.raises(NotAuthenticated):
        await house.book.check(session.token)

    assert house.store.reads == 1


async def test_the_session_of_a_deleted_user_is_dead(house: House) -> None:
    """Nobody is signed in as a user who is gone."""
    session = house.book.open(ADA)
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.book.check(session.token)


async def test_ending_a_session_leaves_the_others(house: House) -> None:
    """A session that was ended is dead at once, one beside it lives on."""
    ended, other = house.book.open(ADA), house.book.open(ADA)
    found = await house.book.check(ended.token)

    await house.book.end(found)

    with pytest.raises(NotAuthenticated):
        await house.book.check(ended.token)
    assert (await house.book.check(other.token)).claims == other.claims


async def test_ending_a_session_keeps_its_expiry(house: House) -> None:
    """The user's item says in seconds until when an ended session has to be remembered."""
    session = house.book.open(ADA)
    found = await house.book.check(session.token)

    await house.book.end(found)

    record = await house.store.get(ADA.id)
    assert record is not None
    assert record.revoked_sessions == {session.claims.token_id: session.claims.expires_at}


async def test_raising_the_version_ends_all(house: House) -> None:
    """Every session opened before the user's version was raised is dead, one opened after it lives."""
    before = [house.book.open(ADA) for _ in range(3)]

    raised = await house.store.edit(ADA.id, Edit(raise_session_version=True))

    assert raised is not None
    for session in before:
        with pytest.raises(NotAuthenticated):
            await house.book.check(session.token)
    after = house.book.open(raised)
    assert (await house.book.check(after.token)).record == raised


async def test_every_session_of_a_user_can_be_ended(house: House) -> None:
    """Ending all sessions ends those of one user at once, and tells when there is no such user."""
    await add(house.store, id="eve-id", email="eve@example.com")
    ours, theirs = house.book.open(ADA), house.book.open(replace(ADA, id="eve-id"))

    ended = await house.book.end_all(ADA.id)

    assert ended
    assert not await house.book.end_all("nobody")
    assert (await house.book.check(theirs.token)).record.id == "eve-id"
    with pytest.raises(NotAuthenticated):
        await house.book.check(ours.token)


async def test_one_logout_too_many_ends_all(house: House) -> None:
    """When the list of ended sessions is full, one more logout ends that session all the same, and the others."""
    sessions = [house.book.open(ADA) for _ in range(MAX_REVOKED + 2)]
    for session in sessions[:MAX_REVOKED]:
        await house.book.end(await house.book.check(session.token))
    await house.book.check(sessions[-1].token)

    await house.book.end(await house.book.check(sessions[MAX_REVOKED].token))

    for session in sessions:
        with pytest.raises(NotAuthenticated):
            await house.book.check(session.token)
