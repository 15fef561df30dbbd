"""What cannot go on in a child is told before the process forks, and after.

A child inherits SQLite's own account of the locks its parent holds, but not the locks themselves, and would
corrupt the file in good faith (https://sqlite.org/howtocorrupt.html, 2.6): no connection may be open meanwhile.
Threads stay with the parent, so in the child nobody takes from their queue.
"""

from __future__ import annotations

import os
import threading
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """Something that has to let go before a fork, or to begin anew after one."""

    def before_fork(self) -> None:
        """Lets go, and keeps other threads from taking hold again."""
        ...

    def after_fork(self, child: bool) -> None:
        """Lets other threads in again; a child starts anew, since it has none of its parent's threads."""
        ...


_lock = threading.Lock()
"""Held for the whole of a fork: of two that overlapped, each would wait for what the other keeps."""

_watched: WeakSet[Forkable] = WeakSet()
_held: list[Forkable] = []


def watch(member: Forkable) -> None:
    """Has this told about every fork for as long as it lives."""
    with _lock:
        _watched.add(member)


def _before() -> None:
    _lock.acquire()
    _held[:] = list(_watched)
    for member in _held:
        member.before_fork()


def _after_in_parent() -> None:
    _after(child=False)


def _after_in_child() -> None:
    _after(child=True)


def _after(child: bool) -> None:
    while _held:
        _held.pop().after_fork(child)
    _lock.release()


os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
