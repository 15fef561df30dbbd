"""A connection that is opened when needed and thrown away after a fault."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from wicketgate.stores.sqlite.links import FAULTS, Link


@pytest.fixture
def opened() -> list[apsw.Connection]:
    """The connections that were opened, in order."""
    return []


@pytest.fixture
def link(path: Path, opened: list[apsw.Connection]) -> Link:
    """A link that notes what it opens."""

    def connect(path: Path) -> apsw.Connection:
        opened.append(apsw.Connection(":memory:"))
        return opened[-1]

    return Link(path, connect)


def itself(connection: apsw.Connection) -> apsw.Connection:
    """The connection that an action gets."""
    return connection


def raising(connection: apsw.Connection, error: Exception) -> None:
    """An action that fails."""
    raise error


def test_opened_once(link: Link, opened: list[apsw.Connection]) -> None:
    """Nothing is opened before the first use, and one connection serves until it is closed."""
    before = len(opened)
    used = [link.use(itself), link.use(itself)]
    link.close()
    link.close()
    used.append(link.use(itself))

    assert before == 0
    assert len(opened) == 2
    assert used == [opened[0], opened[0], opened[1]]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault is not apsw.BusyError])
def test_fault(link: Link, opened: list[apsw.Connection], fault: type[Exception]) -> None:
    """After a fault of the file the connection is closed and the next use opens another."""
    with pytest.raises(fault):
        link.use(raising, fault())
    link.use(itself)

    assert len(opened) == 2
    with pytest.raises(apsw.ConnectionClosedError):
        opened[0].pragma("user_version")


@pytest.mark.parametrize("error", [apsw.BusyError, apsw.SQLError, ValueError])
def test_other_error(link: Link, opened: list[apsw.Connection], error: type[Exception]) -> None:
    """A lock, a mistaken statement or a rule that was broken costs no connection."""
    with pytest.raises(error):
        link.use(raising, error())
    link.use(itself)

    assert len(opened) == 1


def test_fork(link: Link, opened: list[apsw.Connection]) -> None:
    """Before a fork the connection is closed; afterwards the next use opens another."""
    link.use(itself)
    link.before_fork()
    with pytest.raises(apsw.ConnectionClosedError):
        opened[0].pragma("user_version")
    link.after_fork(child=False)

    assert link.use(itself) is opened[1]
