"""No connection of SQLite may be open while the process forks.

A child inherits SQLite's own account of the locks its parent holds, but not the locks themselves, and would
corrupt the file in good faith (https://sqlite.org/howtocorrupt.html, 2.6). So whatever owns a connection is told.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """Something that has to let go before a fork."""

    def before_fork(self) -> None:
        """Lets go, and keeps other threads from taking hold again."""
        ...

    def after_fork(self, child: bool) -> None:
        """Lets other threads in again; a child starts anew, since it has none of its parent's threads."""
        ...


_watched: WeakSet[Forkable] = WeakSet()
_held: list[Forkable] = []


def watch(member: Forkable) -> None:
    """Has this told about every fork for as long as it lives."""
    _watched.add(member)


def _before() -> None:
    _held[:] = list(_watched)
    for member in _held:
        member.before_fork()


def _after_in_parent() -> None:
    while _held:
        _held.pop().after_fork(child=False)


def _after_in_child() -> None:
    while _held:
        _held.pop().after_fork(child=True)


os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
