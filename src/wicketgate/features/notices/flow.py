"""Telling users by mail what happened to their accounts, in case it was not them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final, Protocol

from wicketgate.core.clock import Clock
from wicketgate.core.events import Note, SecurityEvent
from wicketgate.core.limits import Limit, account_source, network_of
from wicketgate.core.named_tokens import kept_token
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Jobs, Letter, Limits, Post, Users
from wicketgate.core.users import UserRecord

NOTICE: Final = "notice"
"""The kind of job that mails a notice."""

# Each event with the category that turns it on, and the mail that tells it.
_NOTICES: Final[Mapping[str, tuple[str, str]]] = {
    "password_changed": ("password", "password_changed"),
    "password_reset": ("password", "password_changed"),
    "api_token_created": ("token", "api_token_created"),
    "api_token_rotated": ("token", "api_token_created"),
    "new_sign_in": ("sign_in", "new_sign_in"),
}
_FIRST_TOKEN: Final = "API token"  # noqa: S105 - what it is called
_UNKNOWN: Final = "unknown"


class NoticeKeeper:
    """An observer that leaves a job for each event that the user is told of by mail."""

    def __init__(self, jobs: Jobs, clock: Clock, categories: Collection[str], note: Note) -> None:
        self._jobs = jobs
        self._clock = clock
        self._categories = frozenset(categories)
        self._note = note

    async def __call__(self, event: SecurityEvent) -> None:
        """Leaves the job. A store that is out of reach is noted in the log and nothing more."""
        category, _ = _NOTICES.get(event.name, ("", ""))
        if event.user_id is None or category not in self._categories:
            return
        known = {
            "user": event.user_id,
            "event": event.name,
            "at": str(self._clock()),
            "network": network_of(event.source),
            "detail": event.detail,
        }
        try:
            await self._jobs.add(NOTICE, {name: value for name, value in known.items() if value is not None})
        except Exception as error:
            self._note("notice_lost", f"{event.name} of {event.user_id}: {type(error).__name__}", "error")


class NoticeStore(Users, Limits, Protocol):
    """The part of a store that notices need."""


class NoticeLetters:
    """Does the jobs. `limit` is how many notices of one kind a user gets; further ones are left out."""

    def __init__(self, store: NoticeStore, post: Post, clock: Clock, limit: Limit) -> None:
        self._store = store
        self._post = post
        self._clock = clock
        self._limit = limit

    async def send(self, job: Job) -> None:
        """Mails the notice to the address of today. Raises MailRefused or MailRejected."""
        record = await self._store.get(job.data["user"])
        if record is None:
            return
        _, template = _NOTICES[job.data["event"]]
        # A hash, so that nothing that tells of a deleted user is left.
        if await self._fits(job, account_source(f"{template}#{record.id}")):
            await self._post.send(Letter(record.email, template, _values(template, job.data, record)))

    async def _fits(self, job: Job, source: str) -> bool:
        """Whether there is room for the notice. One that is tried again has its room already."""
        return job.attempts > 1 or await self._store.take(self._limit, source, self._clock()) == 0


def _values(template: str, data: Mapping[str, str], record: UserRecord) -> Mapping[str, str]:
    if template == "api_token_created":
        token = kept_token(record, data.get("detail", ""))
        return {"name": _FIRST_TOKEN if token is None else token.name}
    if template == "new_sign_in":
        return {
            "network": data.get("network", _UNKNOWN),
            "time": _readable(int(data["at"])),
            "device": data.get("detail", _UNKNOWN),
        }
    return {}


def _readable(milliseconds: int) -> str:
    """A time for a person: `17 March 2030, 17:46 UTC`."""
    time = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{time.day} {time:%B %Y, %H:%M} UTC"
