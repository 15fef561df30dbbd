"""What the rules need from outside. A store implements all the store's ports; `stores/memory.py` shows how.

Every method of a store raises StoreUnavailable when the store cannot be reached in time, and each change is
durable before the method returns.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from wicketgate.core.audit import AuditEntry
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.sessions import SessionClaims
from wicketgate.core.users import Claim, Edit, UserRecord


class Users(Protocol):
    """Users and the claims that lead to them. Reads see every write that was answered before them."""

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        """Adds a user and the claims, all or nothing. Raises ClaimTaken, also when there is a user with this id."""
        ...

    async def get(self, user_id: str) -> UserRecord | None:
        """The user with this id."""
        ...

    async def find(self, claim: Claim) -> UserRecord | None:
        """The user that a claim leads to."""
        ...

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        """The user after the edit, None if there is none.

        Raises ClaimTaken when an added claim belongs to a user, Stale when an expected value, the session version
        or a dropped claim is no longer the user's. Then nothing has changed.
        """
        ...

    async def delete(self, user_id: str, session_version: int | None = None) -> bool:
        """Removes a user with all claims. Returns whether there was one.

        Raises Stale when a session version is said that is no longer the user's.
        """
        ...


class Sessions(Protocol):
    """The sessions that were ended."""

    async def revoke(self, record: UserRecord, token_id: str, expires_at: int, now: int) -> None:
        """Ends one session by the rule of `sessions.revocation`; times in seconds. Ending it twice is no error.

        What the user remembers of it under `sessions.LISTED` goes in the same write.
        `record` is the user as just read; the store may use it to spare a read of its own.
        """
        ...


class Limits(Protocol):
    """Sliding logs. Exact however many processes take at once; the caller has no say in the order."""

    async def take(self, limit: Limit, source: str, now_ms: int) -> int:
        """0 after noting one event, else the milliseconds until one fits, with nothing noted."""
        ...

    async def peek(self, limit: Limit, source: str, now_ms: int) -> int:
        """What `take` would answer, noting nothing."""
        ...


class Guarded(NamedTuple):
    """A user found behind a limit: `wait_ms` is above 0 while the limit is spent."""

    record: UserRecord | None
    wait_ms: int


class Guards(Protocol):
    """A limit on failures for each claim, asked on the way to its user so that asking costs no read of its own.

    A claim that leads nowhere is counted, and takes as many reads, as one that leads to a user.
    """

    async def find_guarded(self, claim: Claim, limit: Limit, now_ms: int) -> Guarded:
        """The user that a claim leads to, and how long its failures are spent for."""
        ...

    async def note_failure(self, claim: Claim, limit: Limit, now_ms: int) -> int:
        """0 after noting one failure, else the milliseconds until one fits, with nothing noted."""
        ...


class Outbox(Protocol):
    """Jobs that wait to be done (see `core/outbox.py`). Of several who lease at once each job is given to one."""

    async def put_job(self, job: Job) -> None:
        """Keeps a job."""
        ...

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        """Up to `most` jobs that are due, those first that have been for longest as far as the store knows.

        Each has one attempt more and is due again at `until_ms`, should whoever took it die.
        """
        ...

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        """Makes a job due at another time. One that is gone, or that somebody has leased since, stays as it is."""
        ...

    async def drop_job(self, job: Job) -> None:
        """Takes a job away that is done or given up. Doing so twice is no error."""
        ...

    async def jobs(self, most: int) -> Sequence[Job]:
        """Up to `most` of the jobs there are, due or not, those due first in front, for the command line."""
        ...


class AuditTrail(Protocol):
    """What happened to each account, kept until it expires (see `core/audit.py`)."""

    async def note_audit(self, entry: AuditEntry) -> None:
        """Adds an entry to the user's trail, unless there are `MOST_A_DAY` of its kind on its day."""
        ...

    async def audit_of(self, user_id: str, since_ms: int, now_ms: int) -> Sequence[AuditEntry]:
        """A user's entries since a time that have not expired, newest first."""
        ...

    async def forget_audit(self, user_id: str, since_ms: int, now_ms: int) -> None:
        """Takes all of a user's entries since the day (UTC) of a time away."""
        ...

    async def audit_page(self, after: str | None, size: int, now_ms: int) -> tuple[Sequence[AuditEntry], str | None]:
        """About `size` entries of all users that have not expired, and the mark to go on after, None at the end."""
        ...


class Directory(Protocol):
    """Users in bulk, for the command line. Order is the store's own."""

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        """Up to `size` users and the mark to go on after, None at the end."""
        ...


class Service(Protocol):
    """The life of a store in one process. It serves every event loop of the process."""

    async def create_table(self) -> bool:
        """Makes what users are kept in, True; False if it is there and fits. Raises StoreMisconfigured."""
        ...

    async def check(self) -> None:
        """Raises StoreMisconfigured, saying what differs, when the store is not laid out as it must be."""
        ...

    async def ping(self) -> None:
        """Returns when the store answers."""
        ...

    async def close(self) -> None:
        """Lets go of files, threads and connections. Closing twice is no error."""
        ...


class Store(Users, Sessions, Limits, Guards, Outbox, AuditTrail, Directory, Service, Protocol):
    """All of it, as one object."""


class Jobs(Protocol):
    """Where a flow leaves what is to be done after the answer."""

    async def add(self, kind: str, data: Mapping[str, str]) -> None:
        """Keeps a job that is due at once; it is begun without being waited for."""
        ...

    def following(self, kind: str, data: Mapping[str, str]) -> AbstractAsyncContextManager[None]:
        """Keeps a job before the change that it follows from, which is made inside, and begins it afterwards.

        Should the process die inside, or the store not say what became of the change, the job is done later all the
        same: who does it looks first whether the change was made. After any other error there is no job.
        """
        ...


class Background(Protocol):
    """Where a flow leaves what may be lost with the process, but must show in no answer's time."""

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it without being waited for. What it raises is noted in the log."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: to whom, by which template, with which values.

    A value named `link` is where the reader is to go: a path of ours such as `/reset-password`, with `#` and a token.
    """

    to: str
    template: str
    values: Mapping[str, str]


class Post(Protocol):
    """Sends mail. Raises MailRefused when it may work later, MailRejected when it never will."""

    async def send(self, letter: Letter) -> None:
        """Returns when the letter has been handed on."""
        ...


class PasswordHasher(Protocol):
    """Password hashes that say how they were made. Raises HashingBusy when too many wait."""

    async def hash(self, password: str) -> str:
        """A new hash at today's cost."""
        ...

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password made the hash. None takes the same time and is never right."""
        ...

    def outdated(self, stored: str) -> bool:
        """Whether a hash is weaker than one made today."""
        ...


class CommonPasswords(Protocol):
    """The passwords that are tried first."""

    def include(self, folded: str) -> bool:
        """Whether a password, as `quality.folded` spells it, is one of them."""
        ...


class Breaches(Protocol):
    """Passwords that became known elsewhere."""

    async def include(self, password: str) -> bool:
        """Whether this one did; also False when that cannot be learned in a second."""
        ...


class SessionTokens(Protocol):
    """Signs and reads session tokens. Knows nothing of time or users."""

    def sign(self, claims: SessionClaims) -> str:
        """The token that says this."""
        ...

    def read(self, token: str) -> SessionClaims | None:
        """What a token says, or None unless every byte is as we sign it."""
        ...

    def csrf(self, claims: SessionClaims) -> str:
        """The value that proves a page could read its own cookies, bound to one session."""
        ...


class ApiTokenClaims(NamedTuple):
    """Whose an API token is, and which: the one of this token version, or with a `token_id` the named one.

    A named token has version 0, and a `token_id` of `named_tokens.ID_LENGTH` ASCII characters.
    """

    user_id: str
    version: int
    token_id: str = ""


class ApiTokens(Protocol):
    """Derives API tokens. They are stored nowhere."""

    def derive(self, claims: ApiTokenClaims) -> str:
        """The token that says this."""
        ...

    def ours(self, token: str) -> bool:
        """Whether a token begins as all of ours do, be it good or bad."""
        ...

    def read(self, token: str) -> ApiTokenClaims | None:
        """What a token says, or None unless every byte is as we derive it."""
        ...
