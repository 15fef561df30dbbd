"""A store whose calls are watched. What each does is told by the ports."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TypeVar

from wicketgate.core.audit import AuditEntry
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Guarded, Store
from wicketgate.core.users import Claim, Edit, UserRecord
from wicketgate.watching.watch import Around

Result = TypeVar("Result")


class WatchedStore:
    """Another store, with something around each call."""

    def __init__(self, store: Store, around: Around) -> None:
        self._store = store
        self._around = around

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        await self._watched("create", self._store.create(record, claims))

    async def get(self, user_id: str) -> UserRecord | None:
        return await self._watched("get", self._store.get(user_id))

    async def find(self, claim: Claim) -> UserRecord | None:
        return await self._watched("find", self._store.find(claim))

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        return await self._watched("edit", self._store.edit(user_id, edit))

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        return await self._watched("delete", self._store.delete(user_id, session_version))

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        await self._watched("revoke", self._store.revoke(record, token_id, expires_at, now))

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        return await self._watched("take", self._store.take(limit, source, now_ms))

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        return await self._watched("peek", self._store.peek(limit, source, now_ms))

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        return await self._watched("find_guarded", self._store.find_guarded(claim, limit, now_ms))

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        return await self._watched("note_failure", self._store.note_failure(claim, limit, now_ms))

    async def put_job(self, job: Job) -> None:
        await self._watched("put_job", self._store.put_job(job))

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        return await self._watched("lease_jobs", self._store.lease_jobs(now_ms, until_ms, most))

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        await self._watched("postpone_job", self._store.postpone_job(job, due_ms))

    async def drop_job(self, job: Job) -> None:
        await self._watched("drop_job", self._store.drop_job(job))

    async def jobs(self, most: int) -> Sequence[Job]:
        return await self._watched("jobs", self._store.jobs(most))

    async def note_audit(self, entry: AuditEntry) -> None:
        await self._watched("note_audit", self._store.note_audit(entry))

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        return await self._watched("audit_of", self._store.audit_of(user_id, since_ms, now_ms))

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        await self._watched("forget_audit", self._store.forget_audit(user_id, since_ms, now_ms))

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        return await self._watched("audit_page", self._store.audit_page(after, size, now_ms))

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        return await self._watched("page", self._store.page(after, size))

    async def create_table(self) -> bool:
        return await self._watched("create_table", self._store.create_table())

    async def check(self) -> None:
        await self._watched("check", self._store.check())

    async def ping(self) -> None:
        await self._watched("ping", self._store.ping())

    async def close(self) -> None:
        await self._store.close()

    async def _watched(self, operation: str, call: Awaitable[Result]) -> Result:
        with self._around(operation):
            return await call
