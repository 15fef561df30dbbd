"""`wicketgate audit`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator

import msgspec

from wicketgate.app import Wicketgate
from wicketgate.cli.users import found_user, run
from wicketgate.core.audit import AuditEntry
from wicketgate.core.clock import iso, system_clock
from wicketgate.features.audit.api import activity_view

_PAGE = 200
_DAY_MS = 86_400_000


def list_entries(chosen: argparse.Namespace) -> int:
    """Lists what happened, to one user or to all."""
    return run(_list, chosen)


async def _list(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    now = system_clock()
    since = 0 if chosen.since is None else now - chosen.since * _DAY_MS
    entries = _everybody(gate, since, now) if chosen.user is None else _of(gate, chosen.user, since, now)
    shown = 0
    async for entry in entries:
        print(_json(entry) if chosen.json else _line(entry))
        shown += 1
    if not shown and not chosen.json:
        print("Nothing has been kept.", file=sys.stderr)
    return 0


async def _of(gate: Wicketgate, user: str, since: int, now: int) -> AsyncIterator[AuditEntry]:
    """One user's, newest first. An id may be that of a user who is gone."""
    user_id = (await found_user(gate, user)).id if "@" in user else user
    since = max(since, now - gate.settings.audit_days * _DAY_MS)
    for entry in await gate.store.audit_of(user_id, since, now):
        yield entry


async def _everybody(gate: Wicketgate, since: int, now: int) -> AsyncIterator[AuditEntry]:
    """All users' as a stream, in the store's order."""
    after: str | None = None
    while True:
        entries, after = await gate.store.audit_page(after, _PAGE, now)
        for entry in entries:
            if entry.at_ms >= since:
                yield entry
        if after is None:
            return


def _json(entry: AuditEntry) -> str:
    view = msgspec.to_builtins(activity_view(entry))
    return msgspec.json.encode({"user": entry.user_id, **view}).decode()


def _line(entry: AuditEntry) -> str:
    rest = [entry.network, entry.detail, "by the operator" if entry.by_operator else None]
    return "  ".join([iso(entry.at_ms), entry.user_id, entry.event, *filter(None, rest)])
