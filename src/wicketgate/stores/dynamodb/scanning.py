"""A table as it lies there, item by item: for bringing users along, never for serving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wicketgate.stores.dynamodb.calls import Dynamo, Part
from wicketgate.stores.dynamodb.credentials import default_credentials
from wicketgate.stores.dynamodb.items import Item

_PAGE: Final = 500
"""Items. A page takes at most a megabyte, and must be there before a call's deadline."""


class ScannedTable(Part):
    """Any table, read whole."""

    async def page(self, after: Mapping[str, Any] | None) -> tuple[Sequence[Item], Item | None]:
        """The next items and the key to go on after, None at the end. Strongly consistent."""
        async with self._dynamo.call() as call:
            start = None if after is None else dict(after)
            page = await call.table.scan_single_page(start_key=start, limit=_PAGE, consistent_read=True)
        return page.items, page.last_evaluated_key

    async def close(self) -> None:
        """Closes the connections."""
        await self._dynamo.close()


def scanned(table: str, region: str, endpoint: str | None) -> ScannedTable:
    """A table of another program, with the credentials that the machine offers."""
    return ScannedTable(Dynamo(table, region, endpoint, default_credentials, None))
