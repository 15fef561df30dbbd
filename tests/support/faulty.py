"""A store that breaks where the test says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from wicketgate.core.limits import Limit
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
        "put_secret", "take_secret", "page", "check", "ping",
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

    async def delete(self, user_id: str) -> bool:
        await self._before("delete")
        return await self.inner.delete(user_id)

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

    async def put_secret(self, kind: str, digest: str, payload: str, expires_at: int) -> None:
        await self._before("put_secret")
        await self.inner.put_secret(kind, digest, payload, expires_at)

    async def take_secret(self, kind: str, digest: str, now: int) -> str | None:
        await self._before("take_secret")
        return await self.inner.take_secret(kind, digest, now)

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
