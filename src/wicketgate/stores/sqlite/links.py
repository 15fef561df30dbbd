"""A connection that is opened when it is first needed and thrown away after a fault."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import apsw

from wicketgate import forks

P = ParamSpec("P")
T = TypeVar("T")

FAULTS: Final = (
    apsw.BusyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.FullError,
    apsw.IOError,
    apsw.LockedError,
    apsw.NotADBError,
    apsw.PermissionsError,
    apsw.ProtocolError,
    apsw.ReadOnlyError,
)
"""What SQLite raises when the file is at fault, not the statement."""


class Link:
    """One connection, used by one thread at a time."""

    def __init__(self, path: Path, connect: Callable[[Path], apsw.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._lock = threading.Lock()
        self._connection: apsw.Connection | None = None
        self._file: tuple[int, int] | None = None
        forks.watch(self)

    def use(self, action: Callable[Concatenate[apsw.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the action returns. Raises one of FAULTS, and has then let go of the connection."""
        with self._lock:
            try:
                return action(self._connection or self._open(), *args, **kwargs)
            except apsw.BusyError:
                raise
            except FAULTS:
                self._drop()
                raise

    def refresh(self) -> None:
        """Lets go of a file that was replaced or removed: what is written to it would be lost."""
        with self._lock:
            if self._connection is not None and _identity(self._path) != self._file:
                self._drop()

    def close(self) -> None:
        """Closes the connection; the next use opens another."""
        with self._lock:
            self._drop()

    def before_fork(self) -> None:
        """Closes the connection and keeps it closed."""
        self._lock.acquire()
        self._drop()

    def after_fork(self, child: bool) -> None:  # nothing of the parent's is left in either
        """Lets the next use open a connection again."""
        self._lock.release()

    def _open(self) -> apsw.Connection:
        self._connection = self._connect(self._path)
        self._file = _identity(self._path)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(True)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
