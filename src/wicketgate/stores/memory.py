"""The reference store, for tests: everything in dictionaries, gone with the process.

No method awaits between reading and writing, so each is atomic on one event loop.
"""

from __future__ import annotations

from collections.abc import Sequence

from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.limits import Limit, account_source, wait_ms
from wicketgate.core.ports import Guarded
from wicketgate.core.sessions import revocation
from wicketgate.core.users import Claim, Edit, UserRecord, claims_of
from wicketgate.stores.records import edited, ended, violated


class MemoryStore:
    """All the store's ports in memory."""

    def __init__(self) -> None:
        self._users: dict[str, UserRecord] = {}
        self._claims: dict[Claim, str] = {}
        self._logs: dict[str, list[int]] = {}
        self._secrets: dict[tuple[str, str], tuple[str, int]] = {}

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        if record.id in self._users or any(claim in self._claims for claim in claims):
            raise ClaimTaken
        self._users[record.id] = record
        self._claims.update(dict.fromkeys(claims, record.id))

    async def get(self, user_id: str) -> UserRecord | None:
        return self._users.get(user_id)

    async def find(self, claim: Claim) -> UserRecord | None:
        return self._users.get(self._claims.get(claim, ""))

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        record = self._users.get(user_id)
        if record is None:
            return None
        if violated(record, edit) or any(self._claims.get(claim) != user_id for claim in edit.drop_claims):
            raise Stale
        if any(claim in self._claims for claim in edit.add_claims):
            raise ClaimTaken
        for claim in edit.drop_claims:
            del self._claims[claim]
        self._claims.update(dict.fromkeys(edit.add_claims, user_id))
        self._users[user_id] = edited(record, edit)
        return self._users[user_id]

    async def delete(self, user_id: str) -> bool:
        record = self._users.pop(user_id, None)
        if record is None:
            return False
        for claim in claims_of(record):
            self._claims.pop(claim, None)
        return True

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        current = self._users.get(record.id)
        if current is not None:
            live = revocation(current.revoked_sessions, token_id, expires_at, now)
            self._users[record.id] = ended(current, live)

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        log = self._logs.setdefault(limit.key(source), [])
        wait = wait_ms(log, limit, now_ms)
        if wait == 0 and limit.most > 0:
            log.insert(0, now_ms)
            del log[limit.most :]
        return wait

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        return wait_ms(self._logs.get(limit.key(source), []), limit, now_ms)

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        wait = await self.peek(limit, account_source(claim.key), now_ms)
        return Guarded(await self.find(claim), wait)

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        return await self.take(limit, account_source(claim.key), now_ms)

    async def put_secret(self, kind: str, digest: str, payload: str, expires_at: int) -> None:
        self._secrets[kind, digest] = (payload, expires_at)

    async def take_secret(self, kind: str, digest: str, now: int) -> str | None:
        payload, expires_at = self._secrets.pop((kind, digest), ("", 0))
        return payload if expires_at > now else None

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        ids = [user_id for user_id in sorted(self._users) if after is None or user_id > after][: size + 1]
        return [self._users[user_id] for user_id in ids[:size]], ids[size - 1] if len(ids) > size else None

    async def create_table(self) -> bool:
        return False

    async def check(self) -> None:
        pass

    async def ping(self) -> None:
        pass

    async def close(self) -> None:
        pass
