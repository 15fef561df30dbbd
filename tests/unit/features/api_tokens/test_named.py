"""API tokens with a name, by themselves and at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.unit.fakes import ADA, NOW_MS, Beginnings, EventfulStore, EventList, ManualClock, add
from tests.unit.features.api_tokens.house import WINDOW_MS, token_flow
from wicketgate.core.errors import InvalidInput, NotAuthenticated, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.named_tokens import MOST, NamedToken, NewToken, attribute, token_of, written
from wicketgate.core.users import Edit, UserRecord

HERE = "203.0.113.7"
NOW = NOW_MS // 1000
DAY = 86_400


@dataclass
class House:
    """The flow and what it works with."""

    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    events: EventList = field(default_factory=EventList)
    background: Beginnings = field(default_factory=Beginnings)

    def __post_init__(self) -> None:
        self.flow = token_flow(self.store, clock=self.clock, events=self.events, background=self.background)

    async def ada(self) -> UserRecord:
        """Ada as she is now."""
        record = await self.store.get(ADA.id)
        assert record is not None
        return record

    async def make(self, name: str = "build", **more: Any) -> tuple[NamedToken, str]:
        """A token of Ada's, and what it is."""
        return await self.flow.create(await self.ada(), NewToken(name)._replace(**more), HERE)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house that knows Ada, with nothing left to do at the end."""
    house = House()
    await add(house.store)
    yield house
    await house.background.do()


async def test_a_token_opens_what_it_was_made_for(house: House) -> None:
    """It leads to its owner and says its name, scopes and end; whoever watches learns its id and not its name."""
    token, secret = await house.make(scopes=("read", "write"), expires_in_days=2, limit=7)

    access = await house.flow.check(secret)

    assert access.record.id == ADA.id
    assert access.token == token
    assert token == NamedToken(token.id, "build", ("read", "write"), NOW, NOW + 2 * DAY, None, 7)
    assert house.events.events == [SecurityEvent("api_token_created", ADA.id, HERE, token.id)]


async def test_the_first_token_has_no_name(house: House) -> None:
    """The token of the user's version is still good, and is none of the named ones."""
    await house.make()

    access = await house.flow.check("ada-id/1")

    assert access.token is None


async def test_a_token_dies_at_its_end(house: House) -> None:
    """It is good up to the second before, and is not listed any more after."""
    _, secret = await house.make(expires_in_days=1)
    house.clock.now_ms = (NOW + DAY) * 1000 - 1
    assert (await house.flow.check(secret)).token is not None
    house.clock.now_ms += 1

    with pytest.raises(NotAuthenticated):
        await house.flow.check(secret)
    assert house.flow.named(await house.ada()) == []


async def test_a_revoked_token_is_dead(house: House) -> None:
    """Revoking ends this token and no other; doing it again, or for one that never was, changes nothing."""
    (token, secret), (other, kept) = await house.make("a"), await house.make("b")

    revoked = [await house.flow.revoke(await house.ada(), which, HERE) for which in (token.id, token.id, "none")]

    with pytest.raises(NotAuthenticated):
        await house.flow.check(secret)
    assert (await house.flow.check(kept)).token == other
    assert revoked == [True, False, False]
    assert house.events.events[2:] == [SecurityEvent("api_token_revoked", ADA.id, HERE, token.id)]


async def test_an_operator_revokes_too(house: House) -> None:
    """The command line has no address, and says who did it."""
    token, _ = await house.make()

    await house.flow.revoke(await house.ada(), token.id, by_operator=True)

    assert house.events.events[-1] == SecurityEvent("api_token_revoked", ADA.id, None, token.id, by_operator=True)


async def test_rotation_leaves_named_tokens_alone(house: House) -> None:
    """Replacing the first token kills that one only."""
    token, secret = await house.make()

    await house.flow.rotate(await house.ada(), HERE)

    assert (await house.flow.check(secret)).token == token


async def test_a_deleted_users_token_is_dead(house: House) -> None:
    """Nothing of a token is kept but on its owner."""
    _, secret = await house.make()
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.flow.check(secret)


async def test_a_token_of_another_users_item_is_nobodys(house: House) -> None:
    """A token id is good for the user who has it, and for nobody else."""
    token, _ = await house.make()
    await add(house.store, id="grace-id", email="grace@example.com")

    with pytest.raises(NotAuthenticated):
        await house.flow.check(f"grace-id/0/{token.id}")


async def test_a_limit_counts_its_own_calls(house: House) -> None:
    """So many calls fit into a window, other tokens have their own, and the refusal is told."""
    (_, limited), (_, other) = await house.make("a", limit=2), await house.make("b", limit=1)
    await house.flow.check(limited)
    await house.flow.check(limited)
    await house.flow.check(other)

    with pytest.raises(TooManyRequests) as refused:
        await house.flow.check(limited)

    assert refused.value.retry_after_ms == WINDOW_MS
    assert house.events.events[-1] == SecurityEvent("limit_hit", ADA.id, detail="token")
    house.clock.now_ms += WINDOW_MS
    assert (await house.flow.check(limited)).token is not None


async def test_only_a_limit_is_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token without a limit asks the store for nothing but its owner."""
    _, secret = await house.make()
    monkeypatch.setattr(house.store, "take", None)

    access = await house.flow.check(secret)

    assert access.token is not None


async def test_the_last_use_is_noted_once_an_hour(house: House) -> None:
    """The first use is noted, those of the next hour are not, and then one is again."""
    token, secret = await house.make()
    noted = []
    for minutes in (0, 30, 29, 1):
        house.clock.now_ms += minutes * 60_000
        await house.flow.check(secret)
        noted.append(await house.background.do())

    assert noted == [1, 0, 0, 1]
    assert token_of(await house.ada(), token.id, NOW) == replace(token, used_at=NOW + 3600)


async def test_a_note_of_use_brings_nothing_back(house: House) -> None:
    """A token that is revoked while its use is noted stays revoked."""
    token, secret = await house.make()
    await house.flow.check(secret)
    await house.flow.revoke(await house.ada(), token.id, HERE)

    done = await house.background.do()

    assert done == 1
    assert attribute(token.id) not in (await house.ada()).private


async def filled(house: House, count: int) -> UserRecord:
    """Ada with so many tokens."""
    tokens = [NamedToken(f"{number:012}", "build", (), NOW) for number in range(count)]
    private: dict[str, str | None] = {attribute(token.id): written(token) for token in tokens}
    await house.store.play(ADA.id, Edit(private=private))
    return await house.ada()


async def test_there_is_room_for_fifty(house: House) -> None:
    """The fiftieth fits, one more is refused in words, and one that was revoked makes room."""
    record = await filled(house, MOST - 1)
    token, _ = await house.flow.create(record, NewToken("the last"), HERE)

    with pytest.raises(InvalidInput, match="as many tokens as fit"):
        await house.make("one more")

    await house.flow.revoke(await house.ada(), token.id, HERE)
    assert await house.make("in its place")


async def test_large_tokens_take_the_room_of_several(house: House) -> None:
    """What counts is what they make of the item: a few with all scopes there may be fill it."""
    large = tuple(f"{number:02}{'x' * 38}" for number in range(20))
    for number in range(4):
        await house.make(f"large {number}", scopes=large)

    with pytest.raises(InvalidInput, match="as many tokens as fit"):
        await house.make("one more", scopes=large)

    assert await house.make("a small one")


async def test_expired_tokens_make_room(house: House) -> None:
    """A token that has expired is forgotten when another is made."""
    old, _ = await house.make(expires_in_days=1)
    await filled(house, MOST - 1)
    house.clock.now_ms += DAY * 1000

    await house.make("new")

    assert attribute(old.id) not in (await house.ada()).private
    assert len(house.flow.named(await house.ada())) == MOST


async def test_of_two_made_at_once_at_the_bound_one_stays(house: House) -> None:
    """Whoever comes second takes back what they wrote, and has no token."""
    record = await filled(house, MOST - 1)
    other = NamedToken("other-token-", "other", (), NOW)
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(private={attribute(other.id): written(other)}))]

    with pytest.raises(InvalidInput, match="as many tokens as fit"):
        await house.flow.create(record, NewToken("mine"), HERE)

    names = {token.name for token in house.flow.named(await house.ada())}
    assert names == {"build", "other"}
    assert house.events.events == []


async def test_a_deleted_user_gets_no_named_token(house: House) -> None:
    """A user deleted after the session was checked is not brought back, and nobody is told of a token."""
    record = await house.ada()
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.flow.create(record, NewToken("build"), HERE)
    assert house.events.events == []
