"""How a connection is opened, and how the file comes into being."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import apsw

from wicketgate.core.errors import StoreMisconfigured
from wicketgate.stores.sqlite import schema

_CHECKPOINT_BYTES: Final = 4 << 20
_SHORT_WAIT_MS: Final = 50


class NotLaidOut(Exception):
    """The file is missing, empty or of an older version: the writer has to make it or bring it up first."""


def for_reading(path: Path) -> apsw.Connection:
    """A connection that cannot write. Raises NotLaidOut, StoreMisconfigured or a fault of the file."""
    if missing(path):
        raise NotLaidOut
    connection = _opened(path)
    connection.pragma("query_only", True)
    if schema.outdated(connection):
        connection.close()
        raise NotLaidOut
    schema.verify(connection, path)
    return connection


def for_writing(path: Path) -> apsw.Connection:
    """A connection to the file, made if it is missing and brought to this version if it is older.

    Only for who has the turn to write. Raises StoreMisconfigured or a fault of the file.
    """
    if missing(path):
        _make(path)
    connection = _opened(path)
    connection.set_busy_timeout(_SHORT_WAIT_MS)
    if schema.outdated(connection):
        schema.upgrade(connection)
    schema.verify(connection, path)
    _keep_log(connection, path)
    connection.pragma("foreign_keys", True)
    connection.pragma("journal_size_limit", _CHECKPOINT_BYTES)
    return connection


def _opened(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.pragma("synchronous", "FULL")
    except apsw.NotADBError:
        raise StoreMisconfigured(f"{path} is not an SQLite database") from None
    return connection


def missing(path: Path) -> bool:
    """Whether there is nothing yet. An empty file, as a mount leaves it, counts as nothing."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return True


def _make(path: Path) -> None:
    """Makes the file under another name and moves it into place, so that nobody ever sees half of it.

    It is readable by its owner only; SQLite gives the same mode to the files beside it.
    """
    draft = path.with_name(path.name + "-draft")
    # What a process left that was killed here. Also the log of a file that somebody deleted without its log:
    # SQLite would play it into the new file.
    for leftover in (draft, *_beside(draft), *_beside(path)):
        leftover.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = _opened(draft)
    _keep_log(connection, path)
    schema.lay_out(connection)
    connection.close()
    draft.replace(path)
    _flush_directory(path.parent)


def _keep_log(connection: apsw.Connection, path: Path) -> None:
    if connection.pragma("journal_mode", "WAL") != "wal":
        raise StoreMisconfigured(f"{path} lies on a disk that SQLite cannot share memory through (a network disk?)")


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))


def _flush_directory(directory: Path) -> None:
    """Without this a power cut could take the new name back."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
