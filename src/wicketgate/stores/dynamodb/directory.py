"""Users in bulk."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aiodynamo.models import Page

from wicketgate.core.users import UserRecord
from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.items import Item, to_record
from wicketgate.stores.dynamodb.keys import KEY
from wicketgate.stores.dynamodb.table import INDEX


class IndexedUsers(Part):
    """The port `Directory`. `EmailIndex` holds users and nothing else, a moment behind the table."""

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        """Up to `size` users and the mark to go on after, None at the end."""
        items: list[Item] = []
        start = None if after is None else _start(after)
        # One more than asked for tells whether there is a next page. DynamoDB may stop sooner, at a megabyte.
        while len(items) <= size:
            part = await self._scanned(start, size + 1 - len(items))
            items += part.items
            start = part.last_evaluated_key
            if start is None:
                break
        records = [record for record in map(to_record, items[:size]) if record is not None]
        return records, _mark(items[size - 1]) if len(items) > size else None

    async def _scanned(self, start: Item | None, most: int) -> Page:
        async with self._dynamo.call() as call:
            return await call.table.scan_single_page(index=INDEX, start_key=start, limit=most)


def _mark(item: Item) -> str:
    """The key in the index. In a table that other code filled there may be any character in an id."""
    return json.dumps({KEY: item[KEY], "email": item["email"]})


def _start(mark: str) -> Item:
    start: Item = json.loads(mark)
    return start
