"""`wicketgate stats`: users in numbers, counted as they stream by."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wicketgate.core.clock import system_clock
from wicketgate.core.ports import Directory
from wicketgate.core.users import UserRecord
from wicketgate.moving.patience import patiently
from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store

DAYS: Final = 30
_PAGE: Final = 1000
_WIDEST: Final = 40
_IMPORTED: Final = 10**9
"""Above this are versions of users who came by import: they began with the second of it, and do not tell more."""


@dataclass(slots=True)
class Tally:
    """What was counted, in memory that does not grow with the number of users."""

    now_ms: int
    users: int = 0
    plans: Counter[str] = field(default_factory=Counter)
    sign_ups: dict[str, int] = field(init=False)
    """By the day in UTC, the oldest first, today the last."""
    logged_out: int = 0
    ended_all: int = 0
    replaced_api_token: int = 0

    def __post_init__(self) -> None:
        today = datetime.fromtimestamp(self.now_ms / 1000, UTC).date()
        self.sign_ups = {str(today - timedelta(days=back)): 0 for back in reversed(range(DAYS))}

    def add(self, record: UserRecord) -> None:
        """Counts one user."""
        self.users += 1
        self.plans[record.plan] += 1
        if (day := record.created_at[:10]) in self.sign_ups:
            self.sign_ups[day] += 1
        self.logged_out += any(expiry > self.now_ms // 1000 for expiry in record.revoked_sessions.values())
        self.ended_all += 1 < record.session_version < _IMPORTED
        self.replaced_api_token += 1 < record.api_token_version < _IMPORTED

    def as_json(self) -> dict[str, Any]:
        """For a script."""
        return {
            "users": self.users,
            "plans": dict(self.plans.most_common()),
            "signUps": self.sign_ups,
            "loggedOut": self.logged_out,
            "endedAllSessions": self.ended_all,
            "replacedApiToken": self.replaced_api_token,
        }

    def as_text(self) -> Iterator[str]:
        """Line by line for a person."""
        yield f"{'users':<28}{self.users:>10}"
        for plan, count in self.plans.most_common():
            yield f"{'  on the plan ' + plan:<28}{count:>10}"
        yield f"{'logged out of a session':<28}{self.logged_out:>10}  that would still be alive"
        yield f"{'all sessions ended':<28}{self.ended_all:>10}  once or more"
        yield f"{'API token replaced':<28}{self.replaced_api_token:>10}  once or more"
        yield f"\nSign-ups in the last {DAYS} days (UTC)"
        most = max(1, *self.sign_ups.values())
        for day, count in self.sign_ups.items():
            yield f"{day}{count:>10}  {'#' * -(-count * _WIDEST // most)}".rstrip()


def stats(chosen: argparse.Namespace) -> int:
    """Counts and prints."""
    tally = asyncio.run(_counted())
    print(json.dumps(tally.as_json(), indent=2) if chosen.json else "\n".join(tally.as_text()))
    return 0


async def _counted() -> Tally:
    store = open_store(Settings.from_env())
    try:
        await store.check()
        return await tallied(store, system_clock())
    finally:
        await store.close()


async def tallied(store: Directory, now_ms: int, page: int = _PAGE) -> Tally:
    """The users of a store in numbers, a page of them in memory at a time."""
    tally = Tally(now_ms)
    after: str | None = None
    while True:
        mark = after
        records, after = await patiently(lambda: store.page(mark, page))  # noqa: B023  # awaited at once
        for record in records:
            tally.add(record)
        if after is None:
            return tally
