"""Other programs' DynamoDB tables as rows: which attribute is which column."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

from wicketgate.moving.patience import patiently
from wicketgate.moving.rows import Found, NoUser, Row, Source, shown

Item = Mapping[str, Any]
Page = Callable[[Item | None], Any]
"""Reads the page after a key: the items, and the key to go on after or None."""

_GUIDE: Final[Mapping[str, str]] = {
    "email": "email",
    "password": "passwordHash",
    "api_token": "apiToken",
    "plan": "plan",
    "created_at": "createdAt",
}
_AUTHJS: Final[Mapping[str, str]] = {name: name for name in ("id", "name", "email", "emailVerified")}
_AUTHJS_OWN: Final = frozenset({"pk", "sk", "type", "GSI1PK", "GSI1SK"})


def from_guide(item: Item) -> Found:
    """A user of the table `Users`: keyed by `email`, with the bcrypt hash in `password`."""
    return _renamed(shown(item.get("email")), item, _GUIDE)


def from_authjs(item: Item) -> Found:
    """A user of Auth.js's one table, in which accounts, sessions and verification tokens lie too.

    Auth.js keeps no passwords of its own.
    """
    kind = item.get("type")
    if kind != "USER" or item.get("pk") != item.get("sk"):
        return NoUser(shown(kind or "item without a type"))
    rest = {name: value for name, value in item.items() if name not in _AUTHJS_OWN}
    return _renamed(shown(item.get("pk")), rest, _AUTHJS)


def _renamed(where: str, item: Item, columns: Mapping[str, str]) -> Row:
    values = {columns[name]: value for name, value in item.items() if name in columns}
    return Row(where, values, tuple(name for name in item if name not in columns))


async def rows_of(page: Page, read: Callable[[Item], Found]) -> Source:
    """The rows of a table, a page at a time."""
    async for items in pages(page):
        yield [read(item) for item in items]


async def pages(page: Page) -> AsyncIterator[Sequence[Item]]:
    """Every page of a table, each asked for again while DynamoDB is busy."""
    after: Item | None = None
    while True:
        items, after = await patiently(lambda: page(after))  # noqa: B023  # awaited before the next turn
        yield items
        if after is None:
            return
