"""API tokens that have a name: what is kept of each, and the rules for making one.

The token itself is derived from its id (see `crypto/api_tokens.py`) and kept nowhere. What is kept lies on the user's
own item, one short private attribute each, so that checking a token stays one read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from wicketgate.core import text
from wicketgate.core.clock import is_second
from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.core.users import UserRecord

KEPT: Final = "token#"
"""How the private attribute begins that keeps a token; its id follows."""

MOST: Final = 50
MOST_BYTES: Final = 4000
"""Of all a user's tokens together: the item is read with every request, and 4 KB of it are one read unit."""

ID_LENGTH: Final = 12
NAME_MAX: Final = 60
SCOPES_MAX: Final = 20
DAYS_MAX: Final = 3650
LIMIT_MAX: Final = 1000

_SCOPE: Final = re.compile(r"[a-z0-9][a-z0-9:._-]{0,39}")
_ID: Final = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}")
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class NamedToken:
    """What is known of a token. Times are in seconds; `limit` is how many calls fit into a window, None for any."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: int
    expires_at: int | None = None
    used_at: int | None = None
    limit: int | None = None


class NewToken(NamedTuple):
    """What a valid request for a token asks for."""

    name: str
    scopes: tuple[str, ...] = ()
    expires_in_days: int | None = None
    limit: int | None = None


def made(token_id: str, new: NewToken, now: int) -> NamedToken:
    """The token as it is from now on; `now` in seconds."""
    expires_at = None if new.expires_in_days is None else now + new.expires_in_days * _DAY
    return NamedToken(token_id, new.name, new.scopes, now, expires_at, None, new.limit)


def attribute(token_id: str) -> str:
    """The private attribute that keeps a token."""
    return KEPT + token_id


def written(token: NamedToken) -> str:
    """The attribute's value: a JSON array, in which 0 stands for None."""
    values = (token.created_at, token.expires_at or 0, token.used_at or 0, token.limit or 0)
    return json.dumps([token.name, " ".join(token.scopes), *values], ensure_ascii=False, separators=(",", ":"))


def token_of(record: UserRecord, token_id: str, now: int) -> NamedToken | None:
    """A user's token by its id, None unless it is good at this second."""
    token = kept_token(record, token_id)
    return token if token is not None and _live(token, now) else None


def kept_token(record: UserRecord, token_id: str) -> NamedToken | None:
    """What is kept of a token, be it good or not."""
    value = record.private.get(attribute(token_id))
    return None if value is None else _read(token_id, value)


def tokens_of(record: UserRecord, now: int) -> list[NamedToken]:
    """The user's tokens that are good at this second, newest first."""
    ids = [name.removeprefix(KEPT) for name in record.private if name.startswith(KEPT)]
    found = [token for token_id in ids if (token := token_of(record, token_id, now)) is not None]
    return sorted(found, key=lambda token: (token.created_at, token.id), reverse=True)


def forgetting(record: UserRecord, now: int) -> dict[str, str | None]:
    """The change of private attributes that forgets every token that has expired."""
    live = {attribute(token.id) for token in tokens_of(record, now)}
    return {name: None for name in record.private if name.startswith(KEPT) and name not in live}


def fit(tokens: Iterable[NamedToken]) -> bool:
    """Whether one user may have so many and so large ones, with the note of the last use that each may get."""
    used = [replace(token, used_at=token.used_at or token.created_at) for token in tokens]
    sizes = [len(attribute(token.id)) + len(written(token).encode()) for token in used]
    return len(sizes) <= MOST and sum(sizes) <= MOST_BYTES


def name(value: str) -> str:
    """The rule for a name: one line of 1 to 60 characters. Raises InvalidInput."""
    try:
        cleaned = text.clean_line(value, NAME_MAX)
    except text.LoneSurrogate:
        raise _problem("name", "Name contains a broken character") from None
    if not cleaned:
        raise _problem("name", "Name is required")
    if len(cleaned) > NAME_MAX:
        raise _problem("name", f"Name must be at most {NAME_MAX} characters")
    return cleaned


def scopes(value: Sequence[str]) -> tuple[str, ...]:
    """The rule for scopes: at most 20 such as `reports:read`, each kept once. Raises InvalidInput."""
    given = tuple(dict.fromkeys(value))
    if len(given) > SCOPES_MAX:
        raise _problem("scopes", f"There may be at most {SCOPES_MAX} scopes")
    if not all(map(_SCOPE.fullmatch, given)):
        raise _problem("scopes", "A scope has up to 40 lower-case letters, digits and : . _ - such as reports:read")
    return given


def days(value: int | None) -> int | None:
    """The rule for a lifetime in days: 1 to 3650, None for one without an end. Raises InvalidInput."""
    return _within("expires_in_days", "Expires in days", value, DAYS_MAX)


def limit(value: int | None) -> int | None:
    """The rule for calls in a window: 1 to 1000, None for any number. Raises InvalidInput."""
    return _within("limit", "Limit", value, LIMIT_MAX)


def token_id(value: str) -> str:
    """The rule for a token's id. Raises InvalidInput."""
    if not _ID.fullmatch(value):
        raise _problem("id", "This is not the id of an API token")
    return value


def _live(token: NamedToken, now: int) -> bool:
    return token.expires_at is None or token.expires_at > now


def _read(token_id: str, value: str) -> NamedToken | None:
    """None for a value that is none of ours, such as one that was imported."""
    try:
        known: Any = json.loads(value)
        name, scopes, *numbers = known
        created, expires, used, limit = numbers
    except (ValueError, TypeError, RecursionError):
        return None
    times = all(map(is_second, (created, expires, used)))
    if not (isinstance(name, str) and isinstance(scopes, str) and type(limit) is int and times):
        return None
    return NamedToken(token_id, name, tuple(scopes.split()), created, expires or None, used or None, limit or None)


def _within(field: str, label: str, value: int | None, most: int) -> int | None:
    if value is not None and not 1 <= value <= most:
        raise _problem(field, f"{label} must be between 1 and {most}")
    return value


def _problem(field: str, message: str) -> InvalidInput:
    return InvalidInput(Problem(message, field))
