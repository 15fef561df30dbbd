"""Users as lines of JSON that `wicketgate users import` reads back without loss."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from wicketgate.core.ports import Directory
from wicketgate.core.users import UserRecord, verified
from wicketgate.moving.patience import patiently

_PAGE: Final = 500
_encode = msgspec.json.Encoder().encode


async def exported(store: Directory, *, with_hashes: bool) -> AsyncIterator[bytes]:
    """Every user, a page of lines at a time; no more than a page is in memory."""
    after: str | None = None
    while True:
        mark = after
        records, after = await patiently(lambda: store.page(mark, _PAGE))  # noqa: B023  # awaited at once
        yield b"".join(line(record, with_hashes=with_hashes) for record in records)
        if after is None:
            return


def line(record: UserRecord, *, with_hashes: bool) -> bytes:
    """A user as one line. Without hashes nothing in it can help anybody to log in."""
    values: dict[str, Any] = {
        "id": record.id,
        "email": record.email,
        "emailVerified": None if with_hashes else verified(record) or None,  # else it is among the private
        "name": record.name,
        "bio": record.bio,
        "plan": record.plan,
        "createdAt": record.created_at,
        "lastModified": record.last_modified,
        "sessionVersion": record.session_version,
        "apiTokenVersion": record.api_token_version,
        "revokedSessions": dict(record.revoked_sessions) or None,
        "private": dict(record.private) or None if with_hashes else None,
    }
    return _encode({name: value for name, value in values.items() if value is not None}) + b"\n"
