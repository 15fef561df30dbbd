"""A limit on failures for each claim, whose state lies on the way to the user."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Final

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import Condition, F, UpdateExpression

from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.limits import SKEW_MS, Limit, account_source
from wicketgate.core.ports import Guarded
from wicketgate.core.users import Claim, Edit, UserRecord
from wicketgate.stores.dynamodb.expressions import setting
from wicketgate.stores.dynamodb.items import Item
from wicketgate.stores.dynamodb.keys import Key, claim_key, guard_key
from wicketgate.stores.dynamodb.limits import EXPIRES, Logs
from wicketgate.stores.dynamodb.users import OWNER, UserTable, owner_of

_MARK: Final = "guardedUntil#"


class ClaimGuards(UserTable, Logs):
    """The port `Guards`, and the users' own in so far as a claim that finds a user is guarded from the start.

    The log of failures is an item like any limit's. When it is spent, the time at which the next failure fits
    is written onto the claim's item too, which every login reads first; so a login reads two items and no third.
    """

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        """The user and the wait, in two reads for every claim.

        One that leads nowhere has no time on it; its second read is the log itself, so that neither the answer
        nor the time it takes tells whether somebody has this address.
        """
        item = await self._dynamo.read(claim_key(claim))
        owner = owner_of(item)
        if item is None or owner is None:
            return Guarded(None, await self.peek(limit, account_source(claim.key), now_ms))
        return Guarded(await self.get(owner), _wait(item, limit, now_ms))

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        """0 after noting one failure, else the wait: one write unit, and two more while the limit is spent."""
        wait, following = await self.take_and_next(limit, account_source(claim.key), now_ms)
        if following > 0:
            await self._guard(claim, limit, now_ms + following)
        return wait

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        """As `Users` says, for a read unit more."""
        await super().create(record, claims)
        await self._inherit(claims)

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        """As `Users` says, for a read unit more when a claim is added."""
        record = await super().edit(user_id, edit)
        await self._inherit(edit.add_claims)
        return record

    async def _guard(self, claim: Claim, limit: Limit, until: int) -> None:
        """Writes the time down twice: beside the claim, where it waits for an owner, and onto a claim that has one.

        In this order, as `_inherit` looks beside the claim after giving it an owner: whichever comes first, the
        claim gets the time. Both are tried for every claim, so that the time it takes tells nothing.
        """
        mark = F(_MARK + limit.name)
        # Someone slower must not put back an earlier time; one beyond reason may be replaced (see SKEW_MS).
        older = mark.does_not_exist() | ~mark.between(until, until + limit.window_ms + SKEW_MS)
        update = mark.set(until)
        expires = setting(**{EXPIRES: (until + SKEW_MS) // 1000})
        await self._mark(guard_key(claim), update & expires, older)
        await self._mark(claim_key(claim), update, older & F(OWNER).exists())

    async def _inherit(self, claims: Sequence[Claim]) -> None:
        """Guards claims that have just got an owner by what was noted while they had none.

        Else the first login after somebody signs up would be looked at although the limit is spent, which
        tells those who spend it on purpose that the address is new. The user exists by now, so a store that
        stops answering here must not turn the sign-up into a failure.
        """
        for claim in claims:
            with contextlib.suppress(StoreUnavailable):
                waiting = await self._dynamo.read(guard_key(claim)) or {}
                for mark in (F(name) for name in waiting if name.startswith(_MARK)):
                    # A time that is there already was noted since, so it is the later one.
                    unmarked = F(OWNER).exists() & mark.does_not_exist()
                    await self._mark(claim_key(claim), mark.set(waiting[mark.path.root]), unmarked)

    async def _mark(self, key: Key, update: UpdateExpression, condition: Condition) -> None:
        async with self._dynamo.call() as call:
            with contextlib.suppress(ConditionalCheckFailed):
                await call.table.update_item(key, update, condition=condition)


def _wait(item: Item, limit: Limit, now_ms: int) -> int:
    """A time further ahead than a window comes from a clock that was set back since (see `SKEW_MS`)."""
    wait: int = item.get(_MARK + limit.name, 0) - now_ms
    return wait if limit.most > 0 and 0 < wait <= limit.window_ms + SKEW_MS else 0
