"""Secrets that are good once."""

from __future__ import annotations

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.models import ReturnValues

from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.expressions import EXISTS
from wicketgate.stores.dynamodb.keys import secret_key
from wicketgate.stores.dynamodb.limits import EXPIRES

_PAYLOAD = "payload"


class SecretItems(Part):
    """The port `OneTimeSecrets`."""

    async def put_secret(self, kind: str, digest: str, payload: str, expires_at: int) -> None:
        """Keeps the payload: one write unit a kilobyte."""
        item = {**secret_key(kind, digest), _PAYLOAD: payload, EXPIRES: expires_at}
        async with self._dynamo.call() as call:
            await call.table.put_item(item)

    async def take_secret(self, kind: str, digest: str, now: int) -> str | None:
        """The payload, once: of several deletions one finds something to delete.

        That must be its condition. Without one, DynamoDB Local tells several at once what there was.
        Expiry is checked here because DynamoDB deletes what is expired days late. A secret whose answer was
        lost is gone: better to ask for another than to let one be used twice.
        """
        async with self._dynamo.call() as call:
            try:
                gone = await call.table.delete_item(
                    secret_key(kind, digest), return_values=ReturnValues.all_old, condition=EXISTS
                )
            except ConditionalCheckFailed:
                return None
        if gone is None or gone[EXPIRES] <= now:
            return None
        payload: str = gone[_PAYLOAD]
        return payload
