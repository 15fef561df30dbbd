"""The audit trail: an item for each user and day, in it a list for each kind of event."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from secrets import token_hex
from typing import Final

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import F, UpdateExpression, Value
from aiodynamo.models import Page

from wicketgate.core.audit import LONGEST_DAYS, MOST_A_DAY, AuditEntry, day_of
from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.expressions import Prepended
from wicketgate.stores.dynamodb.items import Item
from wicketgate.stores.dynamodb.keys import AUDIT, KEY, Key, audit_key, audited
from wicketgate.stores.dynamodb.limits import EXPIRES

_EVENT: Final = "event#"
_AHEAD_MS: Final = 2 * 3_600_000
"""By how much the clock of another process may be ahead: two hours before midnight the next day is looked at, too."""


class AuditItems(Part):
    """The port `AuditTrail`."""

    async def note_audit(self, entry: AuditEntry) -> None:
        """Adds an entry: one write unit for each kilobyte of the user's day.

        It carries a random mark, by which one that is sent twice is known to be there.
        """
        said = _said(entry)
        log = _EVENT + entry.event
        room = F(log).size().lt(MOST_A_DAY) & F(log, 0).not_equals(said)
        update = UpdateExpression([(F(log), Prepended(said)), (F(EXPIRES), Value(entry.expires_at))])
        key = audit_key(entry.user_id, day_of(entry.at_ms))
        async with self._dynamo.call() as call:
            with contextlib.suppress(ConditionalCheckFailed):
                await call.table.update_item(key, update, condition=F(log).does_not_exist() | room)

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        """A user's entries: half a read unit for each day since, more for days with more than 4 KB."""
        items = await self._dynamo.read_many(_days(user_id, since_ms, now_ms))
        found = (entry for item in items for entry in _entries(item, now_ms) if entry.at_ms >= since_ms)
        return sorted(found, key=lambda entry: -entry.at_ms)

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        """Takes a user's days away: a read unit for each day since, and a write unit for each kilobyte there is."""
        items = await self._dynamo.read_many(_days(user_id, since_ms, now_ms), consistent=True)
        await asyncio.gather(*(self._forget({KEY: item[KEY]}) for item in items))

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        """Entries of all users, whole days at a time: half a read unit for each 4 KB of the whole table.

        `size` is also how many items of the table are looked at with one call.
        """
        found: list[AuditEntry] = []
        start: Item | None = None if after is None else {KEY: after}
        while True:
            page = await self._trail_page(start, size)
            found += (entry for item in page.items for entry in _entries(item, now_ms))
            start = page.last_evaluated_key
            if start is None:
                return found, None
            if len(found) >= size:
                return found, start[KEY]

    async def _trail_page(self, start: Item | None, most: int) -> Page:
        ours = F(KEY).begins_with(AUDIT)
        async with self._dynamo.call() as call:
            return await call.table.scan_single_page(start_key=start, limit=most, filter_expression=ours)

    async def _forget(self, key: Key) -> None:
        async with self._dynamo.call() as call:
            await call.table.delete_item(key)


def _days(user_id: str, since_ms: int, now_ms: int) -> list[Key]:
    """Where the days lie, up to the latest that another process's clock may show."""
    last = day_of(now_ms + _AHEAD_MS)
    first = max(day_of(since_ms), last - LONGEST_DAYS)
    return [audit_key(user_id, day) for day in range(first, last + 1)]


def _said(entry: AuditEntry) -> Item:
    said = {"at": entry.at_ms, "until": entry.expires_at, "network": entry.network, "detail": entry.detail}
    flags = {"operator": True} if entry.by_operator else {}
    return {name: value for name, value in said.items() if value is not None} | flags | {"mark": token_hex(4)}


def _entries(item: Item, now_ms: int) -> Iterator[AuditEntry]:
    """What an item says that has not expired: DynamoDB deletes what has days late."""
    for name, log in item.items():
        if name.startswith(_EVENT):
            for said in log:
                if said["until"] * 1000 > now_ms:
                    yield _entry(audited(item[KEY]), name.removeprefix(_EVENT), said)


def _entry(user_id: str, event: str, said: Item) -> AuditEntry:
    return AuditEntry(
        user_id,
        said["at"],
        event,
        said["until"],
        network=said.get("network"),
        detail=said.get("detail"),
        by_operator=said.get("operator", False),
    )
