"""A store that breaks where the test says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from wicketgate.core.audit import AuditEntry
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Guarded, Store
from wicketgate.core.users import Claim, Edit, UserRecord

Outcome = Callable[[str], Awaitable[None]]


class Broken(RuntimeError):
    """What a library might say of itself."""


class FaultyStore:
    """Hands every call to another store, but for the methods that are to fail.

    `outcome` is what happens instead: it raises, hangs or waits for the test.
    """

    METHODS: ClassVar = (
        "create", "get", "find", "edit", "delete", "revoke", "take", "peek", "find_guarded", "note_failure",
        "put_job", "lease_jobs", "postpone_job", "drop_job", "jobs", "note_audit", "audit_of", "forget_audit",
        "audit_page", "page", "check", "ping",
    )  # fmt: skip

    def __init__(self, inner: Store, *failing: str, outcome: Outcome | None = None) -> None:
        self.inner = inner
        self.failing = set(failing)
        self.calls: list[str] = []
        self._outcome = outcome or breaks

    async def _before(self, method: str) -> None:
        self.calls.append(method)
        if method in self.failing:
            await self._outcome(method)

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        await self._before("create")
        await self.inner.create(record, claims)

    async def get(self, user_id: str) -> UserRecord | None:
        await self._before("get")
        return await self.inner.get(user_id)

    async def find(self, claim: Claim) -> UserRecord | None:
        await self._before("find")
        return await self.inner.find(claim)

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        await self._before("edit")
        return await self.inner.edit(user_id, edit)

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        await self._before("delete")
        return await self.inner.delete(user_id, session_version)

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        await self._before("revoke")
        await self.inner.revoke(record, token_id, expires_at, now)

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        await self._before("take")
        return await self.inner.take(limit, source, now_ms)

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        await self._before("peek")
        return await self.inner.peek(limit, source, now_ms)

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        await self._before("find_guarded")
        return await self.inner.find_guarded(claim, limit, now_ms)

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        await self._before("note_failure")
        return await self.inner.note_failure(claim, limit, now_ms)

    async def put_job(self, job: Job) -> None:
        await self._before("put_job")
        await self.inner.put_job(job)

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        await self._before("lease_jobs")
        return await self.inner.lease_jobs(now_ms, until_ms, most)

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        await self._before("postpone_job")
        await self.inner.postpone_job(job, due_ms)

    async def drop_job(self, job: Job) -> None:
        await self._before("drop_job")
        await self.inner.drop_job(job)

    async def jobs(self, most: int) -> Sequence[Job]:
        await self._before("jobs")
        return await self.inner.jobs(most)

    async def note_audit(self, entry: AuditEntry) -> None:
        await self._before("note_audit")
        await self.inner.note_audit(entry)

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        await self._before("audit_of")
        return await self.inner.audit_of(user_id, since_ms, now_ms)

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        await self._before("forget_audit")
        await self.inner.forget_audit(user_id, since_ms, now_ms)

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        await self._before("audit_page")
        return await self.inner.audit_page(after, size, now_ms)

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        await self._before("page")
        return await self.inner.page(after, size)

    async def create_table(self) -> bool:
        await self._before("create_table")
        return await self.inner.create_table()

    async def check(self) -> None:
        await self._before("check")
        await self.inner.check()

    async def ping(self) -> None:
        await self._before("ping")
        await self.inner.ping()

    async def close(self) -> None:
        await self.inner.close()


async def breaks(method: str) -> Any:
    """Fails as something that nobody foresaw."""
    raise Broken(f"/src/stores/{method}.py: table users-dev of dynamodb has no index EmailIndex for ada@example.com")
