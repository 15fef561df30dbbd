"""The address items that a table lacks when other code filled it."""

from __future__ import annotations

from aiodynamo.errors import TransactionCanceled
from aiodynamo.expressions import F
from aiodynamo.operations import ConditionCheck, Put, Update

from wicketgate.core.users import email_claim
from wicketgate.stores.dynamodb.calls import Dynamo, failed_conditions
from wicketgate.stores.dynamodb.credentials import default_credentials
from wicketgate.stores.dynamodb.expressions import setting
from wicketgate.stores.dynamodb.keys import claim_key, user_key
from wicketgate.stores.dynamodb.scanning import ScannedTable
from wicketgate.stores.dynamodb.users import OWNER, owner_of

_KINDS = ("email", "apitoken", "limit", "guard", "outbox", "audit")


class AdoptedTable(ScannedTable):
    """The users' own table, while address items are missing."""

    async def owner(self, address: str) -> str | None:
        """The id of the user that an address leads to."""
        return owner_of(await self._dynamo.read(claim_key(email_claim(address))))

    async def lead(self, address: str, user_id: str, written_as: str) -> bool:
        """Makes an address lead to a user; False when the user or the address has changed hands meanwhile.

        `written_as` is the address as the user's item has it; if it differs, it is put into its one form.
        """
        table, unchanged = self._dynamo.table, F("email").equals(written_as)
        item = {**claim_key(email_claim(address)), OWNER: user_id}
        put = Put(table, item, F(OWNER).does_not_exist())
        user: ConditionCheck | Update = ConditionCheck(table, user_key(user_id), unchanged)
        if written_as != address:
            user = Update(table, user_key(user_id), setting(email=address), unchanged)
        async with self._dynamo.call() as call:
            try:
                await call.client.transact_write_items([user, put])
                return True
            except TransactionCanceled as error:
                failed_conditions(error)
        return await self.owner(address) == user_id


def adopted(table: str, region: str, endpoint: str | None) -> AdoptedTable:
    """The users' own table, with the credentials that the machine offers."""
    return AdoptedTable(Dynamo(table, region, endpoint, default_credentials, None))


def kind_of_ours(key: str) -> str | None:
    """Which of our other kinds of items has this key, None for a user's."""
    kind, separator, _ = key.partition("#")
    return kind if separator and kind in _KINDS else None
