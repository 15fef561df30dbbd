"""Whose turn it is to write, among the processes that share a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Waits for the turn and keeps it. Raises OSError when the directory cannot be used.

    SQLite's own waiting polls, so a process that writes without pause starves the others; the kernel's queue
    for this lock does not. The kernel also ends the turn of a process that is killed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(path.with_name(path.name + "-turn"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        # Unlocked by name: a child forked just now holds a copy of the descriptor, and with it the lock.
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)
