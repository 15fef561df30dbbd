"""A limit on failures for each claim, whose state lies on the way to the user."""

from __future__ import annotations

import contextlib

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import F

from wicketgate.core.limits import Limit, account_source
from wicketgate.core.ports import Guarded
from wicketgate.core.users import Claim
from wicketgate.stores.dynamodb.expressions import setting
from wicketgate.stores.dynamodb.items import Item
from wicketgate.stores.dynamodb.keys import claim_key
from wicketgate.stores.dynamodb.limits import SKEW_MS, Logs
from wicketgate.stores.dynamodb.users import OWNER, UserTable, owner_of


class ClaimGuards(UserTable, Logs):
    """The port `Guards`.

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
        """0 after noting one failure, else the wait: one write unit, and another while the limit is spent."""
        wait, following = await self.take_and_next(limit, account_source(claim.key), now_ms)
        if following > 0:
            await self._guard(claim, limit, now_ms + following)
        return wait

    async def _guard(self, claim: Claim, limit: Limit, until: int) -> None:
        """Writes the time onto the claim, unless it leads nowhere or a later time within reason is there already."""
        mark = F(_mark(limit))
        free = mark.does_not_exist() | ~mark.between(until, until + limit.window_ms + SKEW_MS)
        async with self._dynamo.call() as call:
            with contextlib.suppress(ConditionalCheckFailed):
                await call.table.update_item(
                    claim_key(claim), setting(**{_mark(limit): until}), condition=F(OWNER).exists() & free
                )


def _mark(limit: Limit) -> str:
    """The attribute with the milliseconds at which the next failure fits: one for each limit."""
    return f"guardedUntil#{limit.name}"


def _wait(item: Item, limit: Limit, now_ms: int) -> int:
    """A time further ahead than a window comes from a clock that was set back since (see `limits.SKEW_MS`)."""
    wait: int = item.get(_mark(limit), 0) - now_ms
    return wait if limit.most > 0 and 0 < wait <= limit.window_ms + SKEW_MS else 0
