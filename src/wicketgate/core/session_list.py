"""What is remembered of a session where sessions are listed: one short private attribute of its user each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from wicketgate.core.clock import is_second
from wicketgate.core.sessions import LISTED
from wicketgate.core.users import UserRecord

MOST: Final = 20
"""Sessions on a user's list. At the next login the oldest ends, so that none lives on without being seen."""


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as its owner may know it again.

    `device` is as `user_agents.device_name` says, `network` as `limits.network_of`; both are empty for a session
    that was opened before sessions were listed. Times are in seconds, `version` is the user's session version.
    """

    id: str
    device: str
    network: str
    created_at: int
    used_at: int
    expires_at: int
    version: int


def attribute(token_id: str) -> str:
    """The private attribute that remembers a session."""
    return LISTED + token_id


def written(session: ListedSession) -> str:
    """The attribute's value: a JSON array, as the item is read with every request and each name would count."""
    values = (session.device, session.network, session.created_at, session.used_at)
    return json.dumps([*values, session.expires_at, session.version], separators=(",", ":"))


def listed(record: UserRecord, now: int) -> list[ListedSession]:
    """The user's live sessions, oldest first; `now` in seconds."""
    found = [_read(name, value) for name, value in record.private.items() if name.startswith(LISTED)]
    live = [session for session in found if session is not None and _alive(session, record, now)]
    return sorted(live, key=lambda session: (session.created_at, session.id))


def remembered(record: UserRecord, token_id: str) -> ListedSession | None:
    """What is remembered of one session."""
    value = record.private.get(attribute(token_id))
    return None if value is None else _read(attribute(token_id), value)


def forgetting(record: UserRecord, now: int) -> dict[str, str | None]:
    """The change of private attributes that forgets every session that is dead."""
    live = {attribute(session.id) for session in listed(record, now)}
    return {name: None for name in record.private if name.startswith(LISTED) and name not in live}


def _alive(session: ListedSession, record: UserRecord, now: int) -> bool:
    ended = session.version != record.session_version or session.id in record.revoked_sessions
    return session.expires_at > now and not ended


def _read(name: str, value: str) -> ListedSession | None:
    """None for a value that is none of ours, such as one that was imported."""
    try:
        known: Any = json.loads(value)
        device, network, created, used, expires, version = known
    except (ValueError, TypeError, RecursionError):
        return None
    if not all(isinstance(text, str) for text in (device, network)):
        return None
    if type(version) is not int or not all(map(is_second, (created, used, expires))):
        return None
    return ListedSession(name.removeprefix(LISTED), device, network, created, used, expires, version)
