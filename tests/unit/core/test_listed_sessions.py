"""Sessions that are remembered on their user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from tests.unit.fakes import ADA, NOW_MS, Beginnings, EventfulStore, ManualClock, OpenTokens, add
from wicketgate.core.errors import NotAuthenticated, StoreUnavailable
from wicketgate.core.last_use import LastUse
from wicketgate.core.listed_sessions import ListedSessions
from wicketgate.core.session_book import OpenSession, SessionBook
from wicketgate.core.session_list import MOST, ListedSession, attribute, listed
from wicketgate.core.sessions import MAX_REVOKED
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit

NOW = NOW_MS // 1000
DAY = 86_400
VISIT = Visit("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")


@dataclass
class House:
    """The book and what it works with."""

    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    tokens: OpenTokens = field(default_factory=OpenTokens)
    background: Beginnings = field(default_factory=Beginnings)

    def __post_init__(self) -> None:
        last_use = LastUse(self.store, self.background, self.clock)
        self.book = ListedSessions(self.store, self.store, self.tokens, self.clock, DAY, last_use)

    async def ada(self) -> UserRecord:
        """Ada as she is now."""
        record = await self.store.get(ADA.id)
        assert record is not None
        return record

    async def ids(self) -> list[str]:
        """Her listed sessions, oldest first."""
        return [session.id for session in listed(await self.ada(), self.clock() // 1000)]

    async def log_in(self, visit: Visit = VISIT) -> OpenSession:
        """A new session of hers, a second later than the last."""
        self.clock.now_ms += 1000
        return await self.book.admit(await self.ada(), visit)

    async def alive(self, session: OpenSession) -> bool:
        """Whether a session opens anything."""
        try:
            await self.book.check(session.token)
        except NotAuthenticated:
            return False
        return True


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house that knows Ada, with nothing left to do at the end."""
    house = House()
    await add(house.store)
    yield house
    await house.background.do()


async def test_a_login_is_remembered(house: House) -> None:
    """Device and network are what one can know a login by again, and nothing else is changed."""
    session = await house.log_in()

    at = session.claims.issued_at
    expected = ListedSession(session.claims.token_id, "Firefox on Linux", "203.0.113.0/24", at, at, at + DAY, 1)
    after = await house.ada()
    assert listed(after, at) == [expected]
    assert replace(after, private={**ADA.private}) == ADA
    assert await house.alive(session)


async def test_a_login_is_one_write(house: House) -> None:
    """It is remembered in one edit, which forgets what has ended as well."""
    first, _ = await house.log_in(), await house.log_in()
    house.clock.now_ms += DAY * 1000
    house.store.edits.clear()

    third = await house.log_in()

    assert len(house.store.edits) == 1
    assert await house.ids() == [third.claims.token_id]
    assert attribute(first.claims.token_id) not in (await house.ada()).private


async def test_nobody_has_a_session_that_could_not_be_remembered(house: House) -> None:
    """A store that is out of reach at login gives no session that would live unseen."""

    async def gone() -> None:
        raise StoreUnavailable("gone")

    house.store.meanwhile = [gone]

    with pytest.raises(StoreUnavailable):
        await house.log_in()


async def test_a_user_who_is_gone_has_a_dead_session(house: House) -> None:
    """Somebody deleted while logging in is not brought back."""
    ada = await house.ada()
    await house.store.delete(ADA.id)

    session = await house.book.admit(ada, VISIT)

    assert not await house.alive(session)


async def test_ending_a_session_forgets_it(house: House) -> None:
    """A logout takes it off the list."""
    first, second = await house.log_in(), await house.log_in()

    await house.book.end(await house.book.check(first.token))

    assert await house.ids() == [second.claims.token_id]


async def test_ending_all_sessions_clears_the_list(house: House) -> None:
    """A new session version leaves none on the list, and the next login none in the store."""
    old = await house.log_in()

    await house.book.end_all(ADA.id)

    assert await house.ids() == []
    await house.log_in()
    assert attribute(old.claims.token_id) not in (await house.ada()).private


async def test_the_oldest_makes_room(house: House) -> None:
    """At the twenty-first login the first session ends; it does not live on unseen."""
    sessions = [await house.log_in() for _ in range(MOST)]
    assert await house.alive(sessions[0])

    newest = await house.log_in()

    assert await house.ids() == [session.claims.token_id for session in [*sessions[1:], newest]]
    assert not await house.alive(sessions[0])
    assert await house.alive(sessions[1])


async def test_two_logins_at_once_leave_no_more_than_there_may_be(house: House) -> None:
    """Whoever writes last ends what is too much, though neither knew of the other."""
    sessions = [await house.log_in() for _ in range(MOST - 1)]
    other = House(house.store, house.clock, house.tokens)
    ada = await house.ada()

    async def another() -> None:
        house.store.meanwhile = []
        await other.book.admit(ada, VISIT)

    house.store.meanwhile = [another]
    newest = await house.log_in()

    assert len(await house.ids()) == MOST
    assert await house.alive(newest)
    assert not await house.alive(sessions[0])


async def test_a_login_lives_when_no_more_can_be_ended_one_by_one(house: House) -> None:
    """Where ending the oldest would overflow the list of ended sessions, all others end and the new one lives."""
    sessions = [await house.log_in() for _ in range(MOST)]
    for number in range(MAX_REVOKED):
        await house.store.revoke(await house.ada(), f"ended-{number}", NOW + DAY, NOW)

    newest = await house.log_in()

    assert await house.alive(newest)
    assert await house.ids() == [newest.claims.token_id]
    assert not await house.alive(sessions[-1])
    assert set((await house.ada()).private) == {"passwordHash", attribute(newest.claims.token_id)}


async def test_a_login_begun_before_all_were_ended_is_dead(house: House) -> None:
    """Somebody who proved an old password cannot outlive its change."""
    ada = await house.ada()
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(raise_session_version=True))]

    session = await house.book.admit(ada, VISIT)

    assert not await house.alive(session)
    assert await house.ids() == []


async def test_a_use_is_noted_once_an_hour(house: House) -> None:
    """The list says when a session was used, to the hour; checks in between write nothing."""
    session = await house.log_in()
    noted = []
    for minutes in (59, 1, 59, 1):
        house.clock.now_ms += minutes * 60_000
        await house.book.check(session.token)
        noted.append(await house.background.do())

    (found,) = listed(await house.ada(), NOW)
    assert noted == [0, 1, 0, 1]
    assert found.used_at == house.clock.now_ms // 1000
    assert found.created_at == session.claims.issued_at


async def test_a_note_of_use_brings_no_session_back(house: House) -> None:
    """A session that is ended while its use is noted stays off the list."""
    session = await house.log_in()
    house.clock.now_ms += DAY * 500
    checked = await house.book.check(session.token)
    await house.book.end(checked)

    done = await house.background.do()

    assert done == 1
    assert attribute(session.claims.token_id) not in (await house.ada()).private


async def test_a_session_from_before_is_listed_when_it_is_used(house: House) -> None:
    """Sessions that were opened while none were remembered are seen as soon as they are used."""
    before = SessionBook(house.store, house.store, house.tokens, house.clock, DAY).open(ADA)

    await house.book.check(before.token)
    await house.background.do()

    (found,) = listed(await house.ada(), NOW)
    assert found == ListedSession(before.claims.token_id, "", "", NOW, NOW, NOW + DAY, 1)


async def test_a_session_from_before_that_ends_meanwhile_is_not_listed(house: House) -> None:
    """What is written about a session that has just ended shows nowhere."""
    before = SessionBook(house.store, house.store, house.tokens, house.clock, DAY).open(ADA)
    checked = await house.book.check(before.token)

    await house.book.end(checked)
    await house.background.do()

    assert await house.ids() == []
