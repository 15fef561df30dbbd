"""The store on one DynamoDB table: all the ports, each a part in a file of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from aiodynamo.credentials import Credentials
from aiodynamo.errors import ItemNotFound

from wicketgate.stores.dynamodb import table as layout
from wicketgate.stores.dynamodb.audit import AuditItems
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.dynamodb.credentials import default_credentials
from wicketgate.stores.dynamodb.directory import IndexedUsers
from wicketgate.stores.dynamodb.guards import ClaimGuards
from wicketgate.stores.dynamodb.keys import user_key
from wicketgate.stores.dynamodb.outbox import OutboxItems
from wicketgate.stores.dynamodb.sessions import EndedSessions

_NOBODY = user_key("ping")


class DynamoDBStore(ClaimGuards, EndedSessions, OutboxItems, AuditItems, IndexedUsers):
    """All the store's ports on a table. Opening one does nothing; connections are made by the first calls."""

    def __init__(
        self,
        table: str,
        region: str,
        endpoint: str | None = None,
        *,
        credentials: Callable[[], Credentials] = default_credentials,
        meter: Meter | None = None,
    ) -> None:
        """`endpoint` is another address than the region's own; `credentials` makes a source for an event loop;
        `meter` counts the units consumed."""
        super().__init__(Dynamo(table, region, endpoint, credentials, meter))

    async def check(self) -> None:
        """Raises StoreMisconfigured, in one line, when the table is missing or has another shape."""
        await layout.check(self._dynamo)

    async def differences(self) -> list[str]:
        """What is not as it must be in the table, in plain words; empty when it fits."""
        return await layout.differences(self._dynamo)

    async def create_table(self) -> bool:
        """Makes the table, True; False if there is one that fits. Raises StoreMisconfigured if one differs."""
        return await layout.create(self._dynamo)

    async def ping(self) -> None:
        """Returns when the table answers: half a read unit."""
        async with self._dynamo.call() as call:
            with contextlib.suppress(ItemNotFound):
                await call.table.get_item(_NOBODY)

    async def close(self) -> None:
        """Closes the connections of every event loop. Closing twice is no error."""
        await self._dynamo.close()
