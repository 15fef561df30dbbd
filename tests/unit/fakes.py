"""Doubles that the unit tests share: a clock set by hand, a hasher without bcrypt, a store in which things happen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.ports import ApiTokenClaims
from wicketgate.core.sessions import SessionClaims
from wicketgate.core.users import Edit, UserRecord, claims_of
from wicketgate.stores.memory import MemoryStore

NOW_MS = 1_900_000_000_123
"""A moment on 17 March 2030, at which every manual clock starts."""

ADA = UserRecord(
    id="ada-id",
    email="ada@example.com",
    name="Ada",
    created_at="2030-01-01T00:00:00.000Z",
    last_modified="2030-01-01T00:00:00.000Z",
    private={"passwordHash": "5:correct horse"},
)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


class PlainHasher:
    """Hashes that are `cost:password`, and a note of everything that was asked.

    `refusal` is raised instead of hashing, `meanwhile` happens while a password is verified.
    """

    def __init__(self, cost: int = 5) -> None:
        self.cost = cost
        self.hashed: list[str] = []
        self.verified: list[str | None] = []
        self.refusal: Exception | None = None
        self.meanwhile: Callable[[], Awaitable[Any]] | None = None

    async def hash(self, password: str) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.hashed.append(password)
        return f"{self.cost}:{password}"

    async def verify(self, password: str, stored: str | None) -> bool:
        self.verified.append(stored)
        if self.meanwhile is not None:
            await self.meanwhile()
        return stored is not None and stored.partition(":")[2] == password

    def outdated(self, stored: str) -> bool:
        return int(stored.partition(":")[0]) < self.cost


class OpenTokens:
    """Session tokens that say what they hold: the token is the session's id."""

    def __init__(self) -> None:
        self.known: dict[str, SessionClaims] = {}

    def sign(self, claims: SessionClaims) -> str:
        self.known[claims.token_id] = claims
        return claims.token_id

    def read(self, token: str) -> SessionClaims | None:
        return self.known.get(token)

    def csrf(self, claims: SessionClaims) -> str:
        return f"csrf of {claims.token_id}"


class OpenApiTokens:
    """API tokens in clear: `user id/version`, with `/token id` behind it for a named one."""

    def derive(self, claims: ApiTokenClaims) -> str:
        return "/".join(filter(None, (claims.user_id, str(claims.version), claims.token_id)))

    def ours(self, token: str) -> bool:
        return "/" in token

    def read(self, token: str) -> ApiTokenClaims | None:
        user_id, version, token_id = (*token.split("/"), "", "")[:3]
        return ApiTokenClaims(user_id, int(version), token_id) if version.isdigit() else None


class EventList:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[SecurityEvent] = []

    async def __call__(self, event: SecurityEvent) -> None:
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]


class JobList:
    """Jobs that nobody does: their kinds and data, in the order in which they were added."""

    def __init__(self) -> None:
        self.added: list[tuple[str, dict[str, str]]] = []

    async def add(self, kind: str, data: Mapping[str, str]) -> None:
        self.added.append((kind, dict(data)))

    @asynccontextmanager
    async def following(self, kind: str, data: Mapping[str, str]) -> AsyncIterator[None]:
        yield
        await self.add(kind, data)


class Beginnings:
    """Background work that is kept until it is done by hand."""

    def __init__(self) -> None:
        self.begun: list[Coroutine[Any, Any, None]] = []

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        self.begun.append(work)

    async def do(self) -> int:
        """Does it all, and says how much it was."""
        begun, self.begun = self.begun, []
        for work in begun:
            await work
        return len(begun)


class EventfulStore(MemoryStore):
    """A store in which something happens just before an edit: the other half of a race, played by hand.

    Each edit plays one of `meanwhile`; these edit through `play`, which plays nothing itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[Any]]] = []
        self.edits: list[Edit] = []

    async def edit(self, user_id: str, edit: Edit) -> UserRecord | None:
        self.edits.append(edit)
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        return await self.play(user_id, edit)

    async def play(self, user_id: str, edit: Edit) -> UserRecord | None:
        return await super().edit(user_id, edit)


async def add(store: MemoryStore, record: UserRecord = ADA, **changes: Any) -> UserRecord:
    """Adds a user like Ada."""
    added = replace(record, **changes)
    await store.create(added, claims_of(added))
    return added


async def spend(store: MemoryStore, limit: Limit, source: str, now_ms: int = NOW_MS) -> None:
    """Uses a limit up."""
    for _ in range(limit.most):
        await store.take(limit, source, now_ms)


def plain_syntax(address: str) -> str | None:
    """An address syntax that takes whatever the pattern let through, in lower case."""
    return address.lower()
