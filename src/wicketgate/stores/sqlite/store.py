"""The store itself: each port's method, and what happens when the file does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import apsw

from wicketgate.core.audit import AuditEntry
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Guarded
from wicketgate.core.users import Claim, Edit, UserRecord
from wicketgate.stores.sqlite import audit, expiring, jobs, outbox, rows
from wicketgate.stores.sqlite.links import FAULTS, Link
from wicketgate.stores.sqlite.opening import NotLaidOut, for_reading, missing
from wicketgate.stores.sqlite.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

_PAUSE_WHEN_LOCKED: Final = 0.02


class SqliteStore:
    """All the store's ports on one SQLite file.

    The file is made, readable by its owner only, when it is first used. Reads are answered on the event loop,
    which costs less than handing them to a thread. `deadline` is in seconds and holds for every call.
    """

    def __init__(self, path: Path, deadline: float = 2.5) -> None:
        self._path = path
        # A link to the file leads to the same turns and the same log as the file itself.
        path = path.resolve()
        self._deadline = deadline
        self._reads = Link(path, for_reading)
        self._writer = Writer(path, self._reads.refresh)

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        await self._write(jobs.create, record, claims)

    async def get(self, user_id: str) -> UserRecord | None:
        return await self._read(rows.by_id, user_id)

    async def find(self, claim: Claim) -> UserRecord | None:
        return await self._read(rows.by_claim, claim)

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        return await self._write(jobs.edit, user_id, edit)

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        return await self._write(jobs.delete, user_id, session_version)

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        await self._write(jobs.revoke, record.id, token_id, expires_at, now)

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        if limit.most <= 0:
            return 0
        # A log only grows, so a spent limit is known without a write: an attack costs reads.
        wait = await self.peek(limit, source, now_ms)
        return wait or await self._write(expiring.take, limit, source, now_ms)

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        return await self._read(expiring.wait, limit, source, now_ms)

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        wait = await self.peek(limit, account_source(claim.key), now_ms)
        return Guarded(await self.find(claim), wait)

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        return await self.take(limit, account_source(claim.key), now_ms)

    async def put_job(self, job: Job) -> None:
        await self._write(outbox.put, job)

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        # Mostly nothing is due, and looking needs no turn to write.
        if not await self._read(outbox.any_due, now_ms):
            return []
        return await self._write(outbox.lease, now_ms, until_ms, most)

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        await self._write(outbox.postpone, job, due_ms)

    async def drop_job(self, job: Job) -> None:
        await self._write(outbox.drop, job)

    async def jobs(self, most: int) -> Sequence[Job]:
        return await self._read(outbox.first, most)

    async def note_audit(self, entry: AuditEntry) -> None:
        await self._write(audit.note, entry)

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        return await self._read(audit.of_user, user_id, since_ms, now_ms)

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        await self._write(audit.forget, user_id, since_ms)

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        found = await self._read(audit.page, int(after or 0), size + 1, now_ms)
        mark = str(found[size - 1][0]) if len(found) > size else None
        return [entry for _, entry in found[:size]], mark

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        found = await self._read(rows.after, after or "", size + 1)
        return found[:size], found[size - 1].id if len(found) > size else None

    async def create_table(self) -> bool:
        is_new = missing(self._path)
        await self.check()
        return is_new

    async def check(self) -> None:
        await self._write(jobs.nothing)

    async def ping(self) -> None:
        self._reads.refresh()
        await self._read(rows.by_id, "")

    async def close(self) -> None:
        thread = self._writer.close()
        if thread is not None:
            await asyncio.to_thread(thread.join, self._deadline)
        self._reads.close()

    async def _read(
        self, query: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            return self._reads.use(query, *args, **kwargs)
        except (*FAULTS, NotLaidOut):
            return await self._read_again(partial(self._reads.use, query, *args, **kwargs))

    async def _read_again(self, read: Callable[[], T]) -> T:
        """Once more on a new connection, and while the file is locked for as long as the deadline allows."""
        async with self._in_time():
            while True:
                try:
                    return read()
                except NotLaidOut:
                    await self._writer.run(jobs.nothing)
                except apsw.BusyError:
                    await asyncio.sleep(_PAUSE_WHEN_LOCKED)
                except FAULTS as fault:
                    raise StoreUnavailable(f"{type(fault).__name__}: {fault}") from fault

    async def _write(self, job: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._in_time():
            return await self._writer.run(lambda connection: job(connection, *args, **kwargs))

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError:
            raise StoreUnavailable("the database file is locked, or its disk does not answer") from None
