"""The sessions that were ended, kept on the user's own item."""

from __future__ import annotations

from collections.abc import Mapping

from aiodynamo.errors import ConditionalCheckFailed
from aiodynamo.expressions import Condition, F, UpdateExpression, Value
from aiodynamo.types import AttributeType

from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.sessions import LISTED, MAX_REVOKED, revocation
from wicketgate.core.users import UserRecord
from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.expressions import EXISTS, raised_session_version
from wicketgate.stores.dynamodb.items import FIRST_VERSION, REVOKED, SESSION_VERSION, to_record
from wicketgate.stores.dynamodb.keys import user_key

_ROUNDS = 10

Write = tuple[UpdateExpression, Condition]


class EndedSessions(Part):
    """The port `Sessions`."""

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        """Ends one session: one write of the user's item, and a read only when the user changed meanwhile."""
        known: UserRecord | None = record
        for _ in range(_ROUNDS):
            if known is None or _ended_since(known, record, token_id):
                return
            live = revocation(known.revoked_sessions, token_id, expires_at, now)
            if await self._written(known, _write(known, live, token_id, expires_at)):
                return
            item = await self._dynamo.read(user_key(record.id))
            known = None if item is None else to_record(item)
        raise StoreUnavailable(f"sessions of user {record.id} end faster than they can be noted")

    async def _written(self, record: UserRecord, write: Write) -> bool:
        update, condition = write
        async with self._dynamo.call() as call:
            try:
                await call.table.update_item(user_key(record.id), update, condition=condition)
                return True
            except ConditionalCheckFailed:
                return False


def _ended_since(known: UserRecord, record: UserRecord, token_id: str) -> bool:
    """Whether this session is dead already: noted before, or all were ended since the user was read."""
    return token_id in known.revoked_sessions or known.session_version > record.session_version


def _write(known: UserRecord, live: Mapping[str, int] | None, token_id: str, expires_at: int) -> Write:
    """How to write what `revocation` decided so that nobody else's logout is lost."""
    forget = UpdateExpression(remove={F(LISTED + token_id)})
    if live is None:
        return raised_session_version() & forget, _version_is(known.session_version)
    if known.revoked_sessions and len(live) > len(known.revoked_sessions):
        # Nothing to prune: one entry is added, whatever others add at the same time.
        one = UpdateExpression([(F(REVOKED, token_id), Value(expires_at))])
        return one & forget, F(REVOKED).size().lt(MAX_REVOKED)
    # The whole list is replaced, so it must still be what was read: comparing sizes would let two who prune
    # at once each drop what the other added.
    unchanged = F(REVOKED).equals(dict(known.revoked_sessions))
    if not known.revoked_sessions:
        # What other code may have kept under this name counts as an empty list, too (`to_record`).
        unchanged |= F(REVOKED).does_not_exist() | ~F(REVOKED).attribute_type(AttributeType.map)
    return UpdateExpression([(F(REVOKED), Value(dict(live)))]) & forget, EXISTS & unchanged


def _version_is(version: int) -> Condition:
    same: Condition = F(SESSION_VERSION).equals(version)
    if version == FIRST_VERSION:
        same |= F(SESSION_VERSION).does_not_exist()
    return EXISTS & same
