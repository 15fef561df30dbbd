"""What lies in a store, and what of it does not belong together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw

from tests.moving.foreign_tables import everything
from wicketgate.core.audit import AuditEntry
from wicketgate.core.clock import system_clock
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Store
from wicketgate.core.users import UserRecord, claims_of


@dataclass(frozen=True, slots=True)
class Contents:
    """All users, to whom each claim leads, what happened to whom, and the jobs that wait."""

    users: Mapping[str, UserRecord]
    owners: Mapping[str, str]
    trail: Sequence[AuditEntry]
    jobs: Sequence[Job]

    def half_done(self) -> list[str]:
        """What only one half of is there."""
        claimed = {claim.key: user.id for user in self.users.values() for claim in claims_of(user)}
        found = [f"{key} leads to nobody" for key in self.owners.keys() - claimed.keys()]
        found += [f"{key} of a user is not there" for key in claimed.keys() - self.owners.keys()]
        found += [f"{key} leads to another" for key in claimed if self.owners.get(key, claimed[key]) != claimed[key]]
        found += [f"{entry.event} of nobody" for entry in self.trail if entry.user_id not in self.users]
        return found


async def contents_of(store: Store, owners: Mapping[str, str]) -> Contents:
    """Everything that a store says it has, and the claims as they lie in it."""
    users: dict[str, UserRecord] = {}
    trail: list[AuditEntry] = []
    mark: str | None = None
    while True:
        page, mark = await store.page(mark, 1000)
        users |= {user.id: user for user in page}
        if mark is None:
            break
    while True:
        entries, mark = await store.audit_page(mark, 1000, system_clock())
        trail += entries
        if mark is None:
            break
    return Contents(users, owners, trail, await store.jobs(10_000))


def owners_in_file(path: Path) -> dict[str, str]:
    """The claims of a file of SQLite, which must be sound."""
    connection = apsw.Connection(str(path))
    assert connection.pragma("integrity_check") == "ok"
    assert not list(connection.execute("PRAGMA foreign_key_check"))
    owners = dict(connection.execute("SELECT key, user_id FROM claims"))
    connection.close()
    return owners


async def owners_in_table(endpoint: str, table: str) -> dict[str, str]:
    """The claims of a table of DynamoDB."""
    return {item["userId"]: item["owner"] for item in await everything(endpoint, table) if "owner" in item}
