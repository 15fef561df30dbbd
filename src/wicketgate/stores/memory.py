"""The reference store, for tests: everything in dictionaries, gone with the process.

No method awaits between reading and writing, so each is atomic on one event loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wicketgate.core.audit import MOST_A_DAY, AuditEntry, day_of
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.limits import Limit, account_source, wait_ms
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Guarded
from wicketgate.core.sessions import revocation
from wicketgate.core.users import Claim, Edit, UserRecord, claims_of
from wicketgate.stores.records import edited, ended, outdated, violated


class MemoryStore:
    """All the store's ports in memory."""

    def __init__(self) -> None:
        self._users: dict[str, UserRecord] = {}
        self._claims: dict[Claim, str] = {}
        self._logs: dict[str, list[int]] = {}
        self._jobs: dict[str, Job] = {}
        self._audit: dict[int, AuditEntry] = {}
        self._noted = 0

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

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        record = self._users.get(user_id)
        if record is None:
            return False
        if outdated(record, session_version):
            raise Stale
        del self._users[user_id]
        for claim in claims_of(record):
            self._claims.pop(claim, None)
        return True

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        current = self._users.get(record.id)
        if current is not None:
            live = revocation(current.revoked_sessions, token_id, expires_at, now)
            self._users[record.id] = ended(current, token_id, live)

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

    async def put_job(self, job: Job) -> None:
        self._jobs[job.id] = job

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        due = sorted((job for job in self._jobs.values() if job.due_ms <= now_ms), key=lambda job: job.due_ms)[:most]
        leased = [replace(job, due_ms=until_ms, attempts=job.attempts + 1) for job in due]
        self._jobs.update({job.id: job for job in leased})
        return leased

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        current = self._jobs.get(job.id)
        if current is not None and current.due_ms == job.due_ms:
            self._jobs[job.id] = replace(current, due_ms=due_ms)

    async def drop_job(self, job: Job) -> None:
        self._jobs.pop(job.id, None)

    async def jobs(self, most: int) -> Sequence[Job]:
        return sorted(self._jobs.values(), key=lambda job: job.due_ms)[:most]

    async def note_audit(self, entry: AuditEntry) -> None:
        self._noted += 1
        same = [e for e in self._of(entry.user_id) if e.event == entry.event and _day(e) == _day(entry)]
        if len(same) < MOST_A_DAY:
            self._audit[self._noted] = entry

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        found = [entry for entry in reversed(self._of(user_id)) if entry.at_ms >= since_ms]
        return sorted(_live(found, now_ms), key=lambda entry: -entry.at_ms)

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        first = day_of(since_ms)
        kept = {mark: e for mark, e in self._audit.items() if e.user_id != user_id or _day(e) < first}
        self._audit = kept

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        marks = [mark for mark in self._audit if mark > int(after or 0)]
        found = [self._audit[mark] for mark in marks[:size]]
        return _live(found, now_ms), str(marks[size - 1]) if len(marks) > size else None

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

    def _of(self, user_id: str) -> list[AuditEntry]:
        return [entry for entry in self._audit.values() if entry.user_id == user_id]


def _live(entries: Sequence[AuditEntry], now_ms: int) -> list[AuditEntry]:
    return [entry for entry in entries if entry.expires_at * 1000 > now_ms]


def _day(entry: AuditEntry) -> int:
    return day_of(entry.at_ms)
