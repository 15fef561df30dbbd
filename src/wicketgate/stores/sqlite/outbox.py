"""Jobs that wait to be done, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import apsw
import msgspec

from wicketgate.core.outbox import Job

_PUT: Final = "INSERT OR REPLACE INTO outbox (id, kind, data, due_ms, attempts) VALUES (?, ?, ?, ?, ?)"
_ALL: Final = "SELECT id, kind, data, due_ms, attempts FROM outbox ORDER BY due_ms LIMIT ?"
_DUE: Final = "SELECT id, kind, data, due_ms, attempts FROM outbox WHERE due_ms <= ? ORDER BY due_ms LIMIT ?"
_ANY_DUE: Final = "SELECT EXISTS (SELECT 1 FROM outbox WHERE due_ms <= ?)"
_LEASE: Final = "UPDATE outbox SET due_ms = ?, attempts = attempts + 1 WHERE id = ?"
_POSTPONE: Final = "UPDATE outbox SET due_ms = ? WHERE id = ? AND due_ms = ?"
_DROP: Final = "DELETE FROM outbox WHERE id = ?"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, str]).decode


def put(connection: apsw.Connection, job: Job) -> None:
    """Keeps a job."""
    data = _encode(dict(job.data)).decode()
    connection.execute(_PUT, (job.id, job.kind, data, job.due_ms, job.attempts))


def any_due(connection: apsw.Connection, now_ms: int) -> bool:
    """Whether there is something to lease."""
    return bool(connection.execute(_ANY_DUE, (now_ms,)).get)


def lease(connection: apsw.Connection, now_ms: int, until_ms: int, most: int) -> list[Job]:
    """The jobs that have been due for longest, each due again at `until_ms` and with one attempt more."""
    due = [_job(row) for row in connection.execute(_DUE, (now_ms, most))]
    connection.executemany(_LEASE, [(until_ms, job.id) for job in due])
    return [replace(job, due_ms=until_ms, attempts=job.attempts + 1) for job in due]


def postpone(connection: apsw.Connection, job: Job, due_ms: int) -> None:
    """Makes a job due at another time, unless it is gone or somebody has leased it since."""
    connection.execute(_POSTPONE, (due_ms, job.id, job.due_ms))


def drop(connection: apsw.Connection, job: Job) -> None:
    """Takes a job away, if it is there."""
    connection.execute(_DROP, (job.id,))


def first(connection: apsw.Connection, most: int) -> list[Job]:
    """The jobs there are, those due first in front."""
    return [_job(row) for row in connection.execute(_ALL, (most,))]


def _job(row: Sequence[Any]) -> Job:
    job_id, kind, data, due_ms, attempts = row
    return Job(job_id, kind, _decode(data), due_ms, attempts)
