"""Listed sessions and named tokens on every store, with many at once."""

from __future__ import annotations

import asyncio

from tests.contract.people import NOW, signed_up, stored
from tests.support.clock import ManualClock
from tests.unit.fakes import Beginnings, EventList, OpenApiTokens, OpenTokens
from wicketgate.core.errors import InvalidInput
from wicketgate.core.last_use import LastUse
from wicketgate.core.limits import Limit
from wicketgate.core.listed_sessions import ListedSessions
from wicketgate.core.named_tokens import MOST as MOST_TOKENS
from wicketgate.core.named_tokens import NamedToken, NewToken, attribute, tokens_of, written
from wicketgate.core.ports import Store
from wicketgate.core.session_list import MOST as MOST_SESSIONS
from wicketgate.core.session_list import listed
from wicketgate.core.sessions import alive
from wicketgate.core.users import Edit
from wicketgate.core.visits import Visit
from wicketgate.features.api_tokens.flow import ApiTokenFlow, TokenLimits

DAY = 86_400
VISIT = Visit("203.0.113.7", "curl/8")


class House:
    """Both features on a store, with the notes of use kept until they are done by hand."""

    def __init__(self, store: Store) -> None:
        self.clock = ManualClock(NOW * 1000)
        self.background = Beginnings()
        last_use = LastUse(store, self.background, self.clock)
        self.sessions = ListedSessions(store, store, OpenTokens(), self.clock, DAY, last_use)
        limits = TokenLimits(Limit("user", 0, 60_000), Limit("user", 0, 60_000))
        self.tokens = ApiTokenFlow(store, OpenApiTokens(), self.clock, EventList(), last_use, 60_000, limits)


async def test_logins_at_once(store: Store) -> None:
    """Of thirty logins at once no more live than may be listed, and those that live are those that are listed."""
    ann = await signed_up(store)
    house = House(store)

    opened = await asyncio.gather(*(house.sessions.admit(ann, VISIT) for _ in range(30)))

    now = await stored(store, ann)
    ids = {session.id for session in listed(now, NOW)}
    assert 0 < len(ids) <= MOST_SESSIONS
    assert ids == {session.claims.token_id for session in opened if alive(session.claims, now)}


async def test_uses_and_ends_at_once(store: Store) -> None:
    """Sessions whose uses are noted while they end are neither alive nor listed afterwards; the other one is both."""
    ann = await signed_up(store)
    house = House(store)
    opened = [await house.sessions.admit(ann, VISIT) for _ in range(6)]
    house.clock.advance(DAY * 500)
    checked = [await house.sessions.check(session.token) for session in opened]

    await asyncio.gather(house.background.do(), *(house.sessions.end(session) for session in checked[:-1]))

    now = await stored(store, ann)
    assert [session.id for session in listed(now, NOW)] == [checked[-1].claims.token_id]
    assert [alive(session.claims, now) for session in checked] == [False] * 5 + [True]


async def test_tokens_made_at_once(store: Store) -> None:
    """At the bound one of ten who make a token at once has one."""
    tokens = [NamedToken(f"{number:012}", "a", (), NOW) for number in range(MOST_TOKENS - 1)]
    ann = await signed_up(store, private={attribute(token.id): written(token) for token in tokens})
    flow = House(store).tokens

    made = await asyncio.gather(*(flow.create(ann, NewToken("b")) for _ in range(10)), return_exceptions=True)

    good = [found for found in made if isinstance(found, tuple)]
    assert len(good) == 1
    assert sum(isinstance(found, InvalidInput) for found in made) == 9
    kept = {token.id for token in tokens_of(await stored(store, ann), NOW)}
    assert kept == {*(token.id for token in tokens), good[0][0].id}


async def test_uses_and_revocations_at_once(store: Store) -> None:
    """A token whose use is noted while it is revoked does not come back."""
    ann = await signed_up(store)
    house = House(store)
    made = [await house.tokens.create(ann, NewToken("a")) for _ in range(6)]
    for _, secret in made:
        await house.tokens.check(secret)
    before = await stored(store, ann)

    await asyncio.gather(house.background.do(), *(house.tokens.revoke(before, token.id) for token, _ in made))

    assert tokens_of(await stored(store, ann), NOW) == []


async def test_a_rotation_beside_named_tokens(store: Store) -> None:
    """Changes of the same user at once lose neither a token nor a version."""
    ann = await signed_up(store)
    flow = House(store).tokens

    await asyncio.gather(
        *(flow.create(ann, NewToken("a")) for _ in range(5)),
        *(flow.rotate(ann, "203.0.113.7") for _ in range(3)),
        store.edit(ann.id, Edit(fields={"name": "new"})),
    )

    now = await stored(store, ann)
    assert (now.api_token_version, now.name, len(tokens_of(now, NOW))) == (4, "new", 5)
