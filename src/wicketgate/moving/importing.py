"""Bringing rows into a store. What is there stays as it is, so a run that broke off is simply run again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, Final, Literal

from wicketgate.core.errors import ClaimTaken
from wicketgate.core.ports import Users
from wicketgate.core.users import Claim, claims_of
from wicketgate.methods.password.flow import HASH
from wicketgate.moving.columns import Candidate, Rules
from wicketgate.moving.patience import PAUSES, patiently, spread
from wicketgate.moving.report import Report
from wicketgate.moving.rows import Found, NoUser, Refused, Row, Source, Unreadable
from wicketgate.moving.seen import Seen

AT_ONCE: Final = 64
_ROUNDS: Final = 3
_KINDS: Final = {"email": "address", "apitoken": "API token"}

Outcome = Literal["created", "unchanged", "differing"]


class Contradicts(Exception):
    """A row that cannot come along because of a user who is there."""


class Importer:
    """One run. With `dry_run` nothing is written, and the report is what would be."""

    def __init__(
        self,
        store: Users,
        rules: Rules,
        report: Report,
        *,
        dry_run: bool = False,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._store = store
        self._rules = rules
        self._report = report
        self._dry_run = dry_run
        self._pauses = pauses
        self._seen = Seen()

    async def run(self, source: Source) -> None:
        """Brings every row along that can come. Raises StoreUnavailable when the store stays out of reach."""
        try:
            await spread(self._pieces(source), AT_ONCE)
        finally:
            self._seen.close()

    async def _pieces(self, source: Source) -> AsyncIterator[Coroutine[Any, Any, None]]:
        async for batch in source:
            for found in batch:
                candidate = self._looked_at(found)
                if candidate is not None:
                    yield self._bring(candidate)

    def _looked_at(self, found: Found) -> Candidate | None:
        """What can be brought; of anything else the report is told."""
        if isinstance(found, NoUser):
            self._report.no_users[found.kind] += 1
        elif isinstance(found, Unreadable):
            self._report.refuse(found.where, found.reason)
        else:
            return self._read(found)
        return None

    def _read(self, row: Row) -> Candidate | None:
        self._report.left_behind.update(row.left)
        try:
            candidate = self._rules.candidate(row)
            self._refuse_twins(candidate)
        except Refused as refused:
            self._report.refuse(row.where, str(refused))
        except Contradicts as contradicts:
            self._report.conflict(row.where, str(contradicts))
        else:
            return candidate
        return None

    def _refuse_twins(self, candidate: Candidate) -> None:
        """The first of two rows with one address comes along, and it is the same one in every run."""
        record = candidate.record
        names = {claim.key: _KINDS[claim.kind] for claim in claims_of(record)} | {f"id#{record.id}": "id"}
        for name, what in names.items():
            if (earlier := self._seen.before(name, candidate.where)) is not None:
                raise Contradicts(f"it has the {what} of {earlier}")

    async def _bring(self, candidate: Candidate) -> None:
        try:
            outcome = await (self._compared(candidate) if self._dry_run else self._created(candidate))
        except Contradicts as contradicts:
            self._report.conflict(candidate.where, str(contradicts))
            return
        self._report.count(outcome)
        if outcome == "created" and not candidate.record.private.get(HASH):
            self._report.notes["created without a password"] += 1

    async def _created(self, candidate: Candidate) -> Outcome:
        record = candidate.record
        for _ in range(_ROUNDS):
            try:
                await self._patiently(lambda: self._store.create(record, claims_of(record)))
                return "created"
            except ClaimTaken:
                outcome = await self._compared(candidate)
                if outcome != "created":
                    return outcome
        raise Contradicts("its address, id or API token changes hands while it is looked at; run the import again")

    async def _compared(self, candidate: Candidate) -> Outcome:
        """What a row is to the users who are there: "created" when nobody stands in its way. Raises Contradicts."""
        record = candidate.record
        current = await self._patiently(lambda: self._store.get(record.id))
        if current is not None:
            if current.email != record.email:
                raise Contradicts(f"its id {record.id} belongs to a user with another address")
            return "unchanged" if candidate.is_there_as(current) else "differing"
        for claim in claims_of(record):
            await self._refuse_taken(claim)
        return "created"

    async def _refuse_taken(self, claim: Claim) -> None:
        holder = await self._patiently(lambda: self._store.find(claim))
        if holder is not None:
            raise Contradicts(f"its {_KINDS[claim.kind]} belongs to user {holder.id} already")

    async def _patiently(self, call: Callable[[], Any]) -> Any:
        return await patiently(call, self._pauses)
