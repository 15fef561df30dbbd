"""People, times and outcomes for the tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from wicketgate.core.ports import Store
from wicketgate.core.users import Edit, UserRecord, email_claim

NOW: Final = 4_102_444_800
"""A moment in seconds, far enough ahead that no store's own clock takes anything for expired."""

NOW_MS: Final = NOW * 1000


def person(who: str = "ann", **changes: Any) -> UserRecord:
    """Someone new, with the address `<who>@example.com`."""
    record = UserRecord(
        id=str(uuid4()),
        email=f"{who}@example.com",
        name=who,
        created_at="2024-05-01T10:00:00.000Z",
        last_modified="2024-05-01T10:00:00.000Z",
        private={"passwordHash": f"hash of {who}"},
    )
    return replace(record, **changes)


async def signed_up(store: Store, who: str = "ann", **changes: Any) -> UserRecord:
    """Someone who is in the store, with the claim on the address."""
    record = person(who, **changes)
    await store.create(record, [email_claim(record.email)])
    return record


async def stored(store: Store, record: UserRecord) -> UserRecord:
    """What the store has now; there must be something."""
    found = await store.get(record.id)
    assert found is not None
    return found


def move(record: UserRecord, address: str) -> Edit:
    """The change of address as the rules make it."""
    return Edit(
        fields={"email": address},
        expect={"email": record.email},
        add_claims=(email_claim(address),),
        drop_claims=(email_claim(record.email),),
    )


async def outcomes(*calls: Awaitable[Any]) -> list[Any]:
    """What each call returned, or the type of what it raised, all made at once."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    return [type(result) if isinstance(result, BaseException) else result for result in results]
