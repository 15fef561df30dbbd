"""Users and the claims that lead to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from aiodynamo.errors import ConditionalCheckFailed, TransactionCanceled
from aiodynamo.expressions import F
from aiodynamo.models import ReturnValues
from aiodynamo.operations import ConditionCheck, Delete, Put, Update

from wicketgate.core.errors import ClaimTaken, Stale, StoreUnavailable
from wicketgate.core.users import FORMER_EMAIL, OLD_API_TOKEN, Claim, Edit, UserRecord, claims_of
from wicketgate.stores.dynamodb.calls import Part, failed_conditions
from wicketgate.stores.dynamodb.expressions import condition_of, still, still_at, update_of
from wicketgate.stores.dynamodb.items import Item, to_item, to_record
from wicketgate.stores.dynamodb.keys import KEY, claim_key, possible, user_key
from wicketgate.stores.records import outdated, value, violated

OWNER = "owner"
_ROUNDS = 5

Operation = Put | Update | Delete | ConditionCheck


class UserTable(Part):
    """The port `Users`."""

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        """Adds a user and the claims in one transaction. Raises ClaimTaken."""
        user = Put(self._dynamo.table, to_item(record), F(KEY).does_not_exist())
        async with self._dynamo.call() as call:
            try:
                await call.client.transact_write_items(
                    [user, *self._added(record.id, claims)], request_token=_token()
                )
                return
            except TransactionCanceled as error:
                failed_conditions(error)
        # The token makes a retried transaction answer as the first did, for ten minutes. Should it not have been
        # kept, what the first attempt wrote would look like another's; whose it is shows in the claims.
        if not (call.doubtful and await self._owns_all(record.id, claims)):
            raise ClaimTaken

    async def get(self, user_id: str) -> UserRecord | None:
        """The user with this id: one read unit."""
        item = await self._read(user_id)
        return None if item is None else to_record(item)

    async def find(self, claim: Claim) -> UserRecord | None:
        """The user that a claim leads to: two read units."""
        owner = owner_of(await self._dynamo.read(claim_key(claim)))
        return None if owner is None else await self.get(owner)

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        """The user after the edit. Raises Stale and ClaimTaken."""
        if edit.add_claims or edit.drop_claims:
            return await self._edit_with_claims(user_id, edit)
        update = update_of(edit)
        if update is None:
            return _expected(await self.get(user_id), edit)
        async with self._dynamo.call() as call:
            try:
                changed = await call.table.update_item(
                    user_key(user_id), update, condition=condition_of(edit), return_values=ReturnValues.all_new
                )
                return to_record(changed or {})
            except ConditionalCheckFailed:
                pass
        current = await self.get(user_id)
        if current is None or (call.doubtful and _landed(current, edit)):
            return current
        raise Stale

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        """Removes a user and every claim that is still the user's, in one transaction. Raises Stale."""
        for _ in range(_ROUNDS):
            record = await self.get(user_id)
            if record is None:
                return False
            if outdated(record, session_version):
                raise Stale
            if await self._deleted(record, session_version):
                return True
        raise StoreUnavailable(f"user {user_id} changes faster than it can be deleted")

    async def _edit_with_claims(self, user_id: str, edit: Edit) -> UserRecord | None:
        if set(edit.add_claims) & set(edit.drop_claims):
            raise ClaimTaken
        dropped = [self._dropped(user_id, claim) for claim in edit.drop_claims]
        operations = [self._edited(user_id, edit), *dropped, *self._added(user_id, edit.add_claims)]
        async with self._dynamo.call() as call:
            try:
                await call.client.transact_write_items(operations, request_token=_token())
                item = await call.read(user_key(user_id))
                return None if item is None else to_record(item)
            except TransactionCanceled as error:
                failed = failed_conditions(error)
        current = await self.get(user_id) if failed[0] else None
        if failed[0] and current is None:
            return None
        if current and call.doubtful and _landed(current, edit) and await self._owns_all(user_id, edit.add_claims):
            return current
        raise Stale if any(failed[: 1 + len(dropped)]) else ClaimTaken

    async def _deleted(self, record: UserRecord, session_version: int | None) -> bool:
        """Whether the user was removed; False when the user changed or a claim is another's by now.

        One that is gone although an attempt was refused was removed by an earlier one, whose answer was lost.
        """
        unchanged = still_at(session_version) & F("email").equals(record.email)
        for name in (OLD_API_TOKEN, FORMER_EMAIL):
            unchanged &= still(name, record.private.get(name))
        owned = [claim for claim in claims_of(record) if await self._owns_all(record.id, [claim])]
        user = Delete(self._dynamo.table, user_key(record.id), unchanged)
        async with self._dynamo.call() as call:
            try:
                operations = [user, *(self._dropped(record.id, claim) for claim in owned)]
                await call.client.transact_write_items(operations, request_token=_token())
                return True
            except TransactionCanceled as error:
                failed_conditions(error)
        return call.doubtful and await self.get(record.id) is None

    async def _read(self, user_id: str) -> Item | None:
        key = user_key(user_id)
        return await self._dynamo.read(key) if possible(key) else None

    async def _owns_all(self, user_id: str, claims: Iterable[Claim]) -> bool:
        return all([owner_of(await self._dynamo.read(claim_key(claim))) == user_id for claim in claims])

    def _edited(self, user_id: str, edit: Edit) -> Operation:
        update, condition = update_of(edit), condition_of(edit)
        if update is None:
            return ConditionCheck(self._dynamo.table, user_key(user_id), condition)
        return Update(self._dynamo.table, user_key(user_id), update, condition)

    def _added(self, user_id: str, claims: Iterable[Claim]) -> list[Operation]:
        free = F(OWNER).does_not_exist()
        unique = dict.fromkeys(claims)
        return [Put(self._dynamo.table, {**claim_key(claim), OWNER: user_id}, free) for claim in unique]

    def _dropped(self, user_id: str, claim: Claim) -> Operation:
        return Delete(self._dynamo.table, claim_key(claim), F(OWNER).equals(user_id))


def owner_of(item: Item | None) -> str | None:
    """The user that a claim's item leads to."""
    return None if item is None else item.get(OWNER)


def _expected(record: UserRecord | None, edit: Edit) -> UserRecord | None:
    if record is not None and violated(record, edit):
        raise Stale
    return record


def _landed(record: UserRecord, edit: Edit) -> bool:
    """Whether the user has every value that the edit sets, one of which it expected to be another before.

    An edit whose answer was lost fails its own expectation when it is sent again.
    """
    changes = {**edit.fields, **edit.private}
    moved = any(name in edit.expect and edit.expect[name] != new for name, new in changes.items())
    return moved and all(value(record, name) == new for name, new in changes.items())


def _token() -> str:
    return str(uuid.uuid4())
