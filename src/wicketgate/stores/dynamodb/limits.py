"""Sliding logs: an item for each source, its times newest first, each event one conditional write of one unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import Condition, F, UpdateExpression, Value
from aiodynamo.models import ReturnValues

from wicketgate.core.limits import SKEW_MS, Limit, wait_ms
from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.expressions import Prepended, setting
from wicketgate.stores.dynamodb.keys import limit_key

LOG: Final = "log"
EXPIRES: Final = "expiresAt"
SURPLUS: Final = 32
"""Entries beyond `most` at which a log is cut: a write more in each 32, and small items stay at one unit."""


class Logs(Part):
    """The port `Limits`."""

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        """0 after noting one event, else the wait: one write unit, and a read unit when refused."""
        if limit.most <= 0:
            return 0
        log = await self._noted(limit, source, now_ms)
        return 0 if log is not None else await self._refusal(limit, source, now_ms)

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        """The wait, noting nothing: one read unit."""
        item = await self._dynamo.read(limit_key(limit, source))
        return wait_ms([] if item is None else item.get(LOG, []), limit, now_ms)

    async def take_and_next(self, limit: Limit, source: str, now_ms: int) -> tuple[int, int]:
        """What `take` answers, and what it would answer if asked again at once."""
        if limit.most <= 0:
            return 0, 0
        log = await self._noted(limit, source, now_ms)
        if log is not None:
            return 0, wait_ms(log, limit, now_ms)
        wait = await self._refusal(limit, source, now_ms)
        return wait, wait

    async def _refusal(self, limit: Limit, source: str, now_ms: int) -> int:
        """The wait of one who was refused; at least a millisecond, even if it is over by the time it is read."""
        return max(1, await self.peek(limit, source, now_ms))

    async def _noted(self, limit: Limit, source: str, now_ms: int) -> Sequence[int] | None:
        """The log with one event more, None if there is no room.

        DynamoDB decides and writes in one step, so that of any number at once only as many get in as fit.
        An event whose answer was lost may be noted twice: a limit errs on the side of being strict.
        """
        expires = (now_ms + limit.window_ms + SKEW_MS) // 1000
        update = UpdateExpression([(F(LOG), Prepended(now_ms)), (F(EXPIRES), Value(expires))])
        async with self._dynamo.call() as call:
            try:
                item = await call.table.update_item(
                    limit_key(limit, source),
                    update,
                    condition=_room(limit, now_ms),
                    return_values=ReturnValues.updated_new,
                )
            except ConditionalCheckFailed:
                return None
        log: list[int] = (item or {})[LOG]
        if len(log) >= limit.most + SURPLUS:
            await self._cut(limit, source, log)
        return log

    async def _cut(self, limit: Limit, source: str, log: Sequence[int]) -> None:
        """Drops what no longer decides. Whoever notes an event in between cuts in our place."""
        unchanged = F(LOG).size().equals(len(log)) & F(LOG, 0).equals(log[0])
        async with self._dynamo.call() as call:
            try:
                kept = list(log[: limit.most])
                await call.table.update_item(limit_key(limit, source), setting(**{LOG: kept}), condition=unchanged)
            except ConditionalCheckFailed:
                pass


def _room(limit: Limit, now_ms: int) -> Condition:
    """`wait_ms(…) == 0`, as a condition."""
    deciding = F(LOG, limit.most - 1)
    passed = deciding.lte(now_ms - limit.window_ms)
    return deciding.does_not_exist() | passed | deciding.gt(now_ms + SKEW_MS)
