"""Users whom other code wrote into the table get the address items by which they are found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput
from wicketgate.crypto import foreign
from wicketgate.crypto.bcrypt_hashes import plain
from wicketgate.crypto.foreign_limits import UnusableHash
from wicketgate.methods.password.flow import HASH
from wicketgate.moving.columns import MOST
from wicketgate.moving.importing import AT_ONCE
from wicketgate.moving.patience import PAUSES, patiently, spread
from wicketgate.moving.report import Report
from wicketgate.moving.rows import Refused, shown
from wicketgate.moving.seen import Seen
from wicketgate.moving.tables import Item, pages

_TEXTS: Final = ("name", "bio", "plan", "createdAt", "lastModified")
_VERSIONS: Final = ("sessionVersion", "apiTokenVersion")


class Table(Protocol):
    """The users' own table."""

    async def page(self, after: Item | None) -> tuple[Sequence[Item], Item | None]:
        """The next items and the key to go on after, None at the end."""
        ...

    async def owner(self, address: str) -> str | None:
        """The id of the user that an address leads to."""
        ...

    async def lead(self, address: str, user_id: str, written_as: str) -> bool:
        """Makes an address lead to a user; False when either has changed hands meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A user without anything wrong; `address` is in its one form."""

    user_id: str
    address: str
    written_as: str


class Adoption:
    """One run. `kind_of_ours` tells the keys of our other items; with `rewrite` addresses get their one form."""

    def __init__(
        self,
        table: Table,
        kind_of_ours: Callable[[str], str | None],
        syntax: fields.EmailSyntax,
        report: Report,
        *,
        dry_run: bool = False,
        rewrite: bool = False,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._table = table
        self._kind_of_ours = kind_of_ours
        self._syntax = syntax
        self._report = report
        self._dry_run = dry_run
        self._rewrite = rewrite
        self._pauses = pauses
        self._seen = Seen()

    async def run(self) -> None:
        """Looks at every item. Raises StoreUnavailable when the table stays out of reach."""
        try:
            await spread(self._pieces(), AT_ONCE)
        finally:
            self._seen.close()

    async def _pieces(self) -> AsyncIterator[Coroutine[Any, Any, None]]:
        async for items in pages(self._table.page):
            for item in items:
                found = self._looked_at(item)
                if found is not None:
                    yield self._adopt(found)

    def _looked_at(self, item: Item) -> Found | None:
        key = item["userId"]
        kind = self._kind_of_ours(key)
        if kind is not None and "email" not in item:
            self._report.no_users[kind] += 1
            return None
        try:
            return self._user(key, kind, item)
        except Refused as refused:
            self._report.refuse(shown(key), str(refused))
        except InvalidInput as error:
            self._report.refuse(shown(key), f"{shown(item['email'])}: {error}")
        return None

    def _user(self, key: str, kind: str | None, item: Item) -> Found | None:
        if kind is not None:
            raise Refused("it has an email, but its userId is that of another kind of item")
        if "email" not in item:
            raise Refused("it is neither a user nor an item of ours")
        if misfits := _misfits(item):
            raise Refused("; ".join(misfits))
        written_as: str = item["email"]
        address = fields.email(written_as, self._syntax)
        if address != written_as and not self._rewrite:
            raise Refused(f"{shown(written_as)} is not in its one form, {address}; --rewrite-addresses changes it")
        if (earlier := self._seen.before(address, key)) is not None:
            self._report.conflict(shown(key), f"{address} is the address of {shown(earlier)} too")
            return None
        if not _usable(item.get(HASH)):
            self._report.notes["users without a password that can be checked"] += 1
        return Found(key, address, written_as)

    async def _adopt(self, found: Found) -> None:
        owner = await patiently(lambda: self._table.owner(found.address), self._pauses)
        if owner == found.user_id and found.written_as == found.address:
            self._report.count("unchanged")
        elif owner == found.user_id:
            self._report.conflict(shown(owner), f"{found.address} leads to it, but was written otherwise since")
        elif owner is not None:
            self._report.conflict(shown(found.user_id), f"{found.address} leads to user {shown(owner)}")
        elif self._dry_run or await self._led(found):
            self._report.count("created")
        else:
            self._report.conflict(shown(found.user_id), "it changed while it was looked at; run this again")

    async def _led(self, found: Found) -> bool:
        return await patiently(lambda: self._table.lead(found.address, found.user_id, found.written_as), self._pauses)


def _misfits(item: Mapping[str, Any]) -> list[str]:
    """What the service would stumble over. Attributes that are missing get the values of a new user."""
    found = [f"its {name} is no text" for name in ("email", *_TEXTS) if not isinstance(item.get(name, ""), str)]
    found += [
        f"its {name} is no whole number from 1 to {MOST}" for name in _VERSIONS if not _version(item.get(name, 1))
    ]
    if not isinstance(item.get("revokedSessions", {}), dict):
        found.append("its revokedSessions is no map")
    return found


def _version(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST


def _usable(stored: object) -> bool:
    if not isinstance(stored, str):
        return False
    try:
        return plain(stored) is not None or bool(foreign.kept(stored))
    except UnusableHash:
        return False
