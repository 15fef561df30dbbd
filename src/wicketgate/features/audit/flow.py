"""Keeping what happened to an account, telling it to others, and showing it to its owner."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from wicketgate.core.audit import AuditEntry
from wicketgate.core.clock import Clock
from wicketgate.core.events import Note, SecurityEvent
from wicketgate.core.limits import network_of
from wicketgate.core.ports import AuditTrail, Background, Jobs, Users

WEBHOOK: Final = "webhook"
"""The kind of job that tells an event to another service."""

MOST_DAYS_SHOWN: Final = 90
MOST_SHOWN: Final = 200

_LOGINS: Final = frozenset({"login", "login_failed", "logout"})
_LATE: Final = _LOGINS | {"new_sign_in", "password_reset_asked"}
"""Told of in the background, so that the account may have been deleted since."""

_UNKEPT: Final = frozenset({"limit_hit"})
# The trail goes with the account; an entry that says so would be left of it.
_ONLY_TOLD: Final = frozenset({"account_deleted"})
_DAY: Final = 86_400


class AuditRules(NamedTuple):
    """What is kept and told. `days` is how long, 0 for no trail at all; logins are many, so they are asked for."""

    days: int
    logins: bool = False
    webhook: bool = False


class AuditStore(Users, AuditTrail, Protocol):
    """The part of a store that keeping what happened needs."""


class AuditKeeper:
    """An observer that keeps each event of a known user, and leaves a job that tells it to others.

    A change is kept before it is answered. Logins, failed ones and logouts are kept afterwards, and as much is begun
    for an address that nobody has, of which nothing is kept: the time of the answer would tell.
    """

    def __init__(
        self, store: AuditStore, jobs: Jobs, background: Background, clock: Clock, rules: AuditRules, note: Note
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._background = background
        self._clock = clock
        self._rules = rules
        self._note = note

    async def __call__(self, event: SecurityEvent) -> None:
        """Keeps and tells the event. A store that is out of reach is noted in the log and nothing more."""
        if event.name in _LOGINS:
            if self._rules.logins:
                self._background.begin(self._keep(event, self._clock()))
        elif event.name not in _UNKEPT:
            await self._keep(event, self._clock())

    async def _keep(self, event: SecurityEvent, now: int) -> None:
        if event.user_id is None:
            return
        entry = self._entry(event.user_id, event, now)
        if self._rules.days > 0 and entry.event not in _ONLY_TOLD:
            noted = self._noted_late(entry) if entry.event in _LATE else self._store.note_audit(entry)
            await self._try("audit_lost", entry, noted)
        if self._rules.webhook:
            await self._try("webhook_lost", entry, self._jobs.add(WEBHOOK, told(entry)))

    async def _noted_late(self, entry: AuditEntry) -> None:
        """Keeps an entry of a user who is still there.

        A process may be frozen between the answer and this, for hours, and the user's trail be forgotten meanwhile.
        """
        await self._store.note_audit(entry)
        if await self._store.get(entry.user_id) is None:
            await self._store.forget_audit(entry.user_id, entry.at_ms, entry.at_ms)

    async def _try(self, lost: str, entry: AuditEntry, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            self._note(lost, f"{entry.event} of {entry.user_id}: {type(error).__name__}", "error")

    def _entry(self, user_id: str, event: SecurityEvent, now: int) -> AuditEntry:
        return AuditEntry(
            user_id=user_id,
            at_ms=now,
            event=event.name,
            expires_at=now // 1000 + self._rules.days * _DAY,
            network=network_of(event.source),
            detail=event.detail,
            by_operator=event.by_operator,
        )


class ActivityFlow:
    """Shows users what happened to their own accounts."""

    def __init__(self, trail: AuditTrail, clock: Clock, days: int) -> None:
        self._trail = trail
        self._clock = clock
        self._days = min(days, MOST_DAYS_SHOWN)

    async def of(self, user_id: str) -> Sequence[AuditEntry]:
        """The newest of the last 90 days, 200 at most."""
        now = self._clock()
        since = now - self._days * _DAY * 1000
        return (await self._trail.audit_of(user_id, since, now))[:MOST_SHOWN]


def told(entry: AuditEntry) -> dict[str, str]:
    """An entry as a job's data, without what is not known."""
    known = {
        "event": entry.event,
        "user": entry.user_id,
        "at": str(entry.at_ms),
        "network": entry.network,
        "detail": entry.detail,
        "by": by(entry),
    }
    return {name: value for name, value in known.items() if value is not None}


def by(entry: AuditEntry) -> Literal["user", "operator"]:
    """Who did it: `user`, or `operator` for the command line."""
    return "operator" if entry.by_operator else "user"
