"""When a session is alive. It is a signed token; nothing is stored until it is ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from wicketgate.core.users import UserRecord

MAX_REVOKED: Final = 100
"""Live entries in `revoked_sessions`. At the 101st logout the version is raised instead (see `revocation`)."""

KEPT_AFTER: Final = 7200
"""Seconds for which an entry stays, where there is room, after its token has expired. The clock that says so may be
ahead of others, or be set back: then a session that was ended would live again."""

LISTED: Final = "session#"
"""How the private attribute begins that remembers a session where sessions are listed; its id follows."""


class SessionClaims(NamedTuple):
    """What a session token says (RFC 7519): times in seconds, `version` the user's at the time of login."""

    user_id: str
    email: str
    token_id: str
    version: int
    issued_at: int
    expires_at: int
    key_id: str = ""


class Authenticated(NamedTuple):
    """A live session and whose it is."""

    claims: SessionClaims
    record: UserRecord


def expired(claims: SessionClaims, now_ms: int) -> bool:
    """Whether the token's time is over (RFC 7519, 4.1.4: on or after `exp`)."""
    return now_ms >= claims.expires_at * 1000


def alive(claims: SessionClaims, record: UserRecord) -> bool:
    """Whether the user has neither ended this session nor all of them."""
    return claims.version == record.session_version and claims.token_id not in record.revoked_sessions


def revocation(revoked: Mapping[str, int], token_id: str, expires_at: int, now: int) -> Mapping[str, int] | None:
    """The entries to keep after ending one session, times in seconds; None when there is no room.

    Entries whose token has long been refused as expired anyway are dropped, and where there is no room those of all
    that have expired. A full list means a hundred logouts within a day: the caller then raises the session version,
    which ends the user's other sessions too, so that a user item can never be made to grow without bound.
    """
    ending = {token_id: expires_at}
    live = _expiring_after(revoked, now - KEPT_AFTER) | ending
    if len(live) > MAX_REVOKED:
        live = _expiring_after(revoked, now) | ending
    return None if len(live) > MAX_REVOKED else live


def _expiring_after(entries: Mapping[str, int], second: int) -> dict[str, int]:
    return {known: expiry for known, expiry in entries.items() if expiry > second}
