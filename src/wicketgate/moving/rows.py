"""What a source of users yields: rows, rows that cannot be read, and things that are no users."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from wicketgate.core import text

_SHOWN: Final = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One user of a source: `where` for the report, the values by our columns' names, and what was left behind."""

    where: str
    values: Mapping[str, Any] = field(repr=False)
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is none. The reason repeats nothing that may be secret."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoUser:
    """Something in a source that is not a user, such as a session, by its kind."""

    kind: str


Found = Row | Unreadable | NoUser
Source = AsyncIterator[Sequence[Found]]


class Refused(Exception):
    """A row breaks a rule; the message says which."""


def shown(value: object) -> str:
    """A value from a source, fit for a terminal: one short line without control or bidirectional characters."""
    cleaned = text.clean_line(re.sub("[\ud800-\udfff]", "\ufffd", str(value)), _SHOWN)
    return cleaned if len(cleaned) <= _SHOWN else cleaned[:_SHOWN] + "…"
