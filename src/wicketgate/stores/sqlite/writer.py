"""One thread writes, and commits at once whatever has been asked for in the meantime.

A commit costs a flush of the disk, however much it holds: with many callers they share one. Nobody is answered
before the commit.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

import apsw

from wicketgate import forks
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.stores.sqlite.links import FAULTS, Link
from wicketgate.stores.sqlite.opening import for_writing
from wicketgate.stores.sqlite.tickets import Ticket, answer
from wicketgate.stores.sqlite.turns import turn

T = TypeVar("T")

_MOST_AT_ONCE: Final = 500
_PAUSE_WHEN_LOCKED: Final = 0.01


class Writer:
    """The thread, started by the first job. It serves every event loop of the process."""

    def __init__(self, path: Path, refresh: Callable[[], None]) -> None:
        self._path = path
        self._refresh = refresh
        self._link = Link(path, for_writing)
        self._lock = threading.Lock()
        self._queue: SimpleQueue[Ticket | None] | None = None
        self._thread: threading.Thread | None = None
        forks.watch(self)

    async def run(self, job: Callable[[apsw.Connection], T]) -> T:
        """What the job returns, once it is on the disk. Raises what the job raises, or StoreUnavailable.

        Who stops waiting before the job has begun takes it back.
        """
        ticket = Ticket(job, asyncio.get_running_loop())
        with self._lock:
            self._running().put(ticket)
        outcome: T = await ticket.answer
        return outcome

    def close(self) -> threading.Thread | None:
        """Lets the thread end when it has done what was asked of it, and returns it. Another job starts another."""
        with self._lock:
            if self._queue is not None:
                self._queue.put(None)
            self._queue = None
            return self._thread

    def before_fork(self) -> None:
        """Keeps the queue as it is; the link takes care of the connection."""
        self._lock.acquire()

    def after_fork(self, child: bool) -> None:
        """The thread and its queue stay with the parent."""
        if child:
            self._queue = self._thread = None
        self._lock.release()

    def _running(self) -> SimpleQueue[Ticket | None]:
        if self._queue is None:
            self._queue = SimpleQueue()
            self._thread = threading.Thread(
                target=self._serve, args=(self._queue,), name="sqlite-writer", daemon=True
            )
            self._thread.start()
        return self._queue

    def _serve(self, queue: SimpleQueue[Ticket | None]) -> None:
        while (first := queue.get()) is not None:
            batch = [first]
            while batch:
                batch = self._attempt(batch, queue)
        self._link.close()

    def _attempt(self, batch: list[Ticket], queue: SimpleQueue[Ticket | None]) -> list[Ticket]:
        """Answers the batch and what has come in meanwhile. Returns those to try again: the file was locked."""
        try:
            with turn(self._path):
                batch = [*batch, *_waiting(queue)]
                self._refresh()
                self._link.refresh()
                self._link.use(_commit, batch)
        except apsw.BusyError:
            time.sleep(_PAUSE_WHEN_LOCKED)
            return [ticket for ticket in batch if ticket.wanted]
        except Exception as fault:  # a thread that died of a fault would leave every later caller waiting
            for ticket in batch:
                ticket.error = _told(fault)
        answer(batch)
        return []


def _waiting(queue: SimpleQueue[Ticket | None]) -> list[Ticket]:
    found: list[Ticket] = []
    try:
        while len(found) < _MOST_AT_ONCE:
            ticket = queue.get_nowait()
            if ticket is None:
                queue.put(None)
                break
            found.append(ticket)
    except Empty:
        pass
    return found


def _commit(connection: apsw.Connection, batch: list[Ticket]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for ticket in batch:
            # Asked at the last moment: who has given up is told that nothing was written, as far as that can be so.
            if ticket.wanted:
                _do(connection, ticket)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _do(connection: apsw.Connection, ticket: Ticket) -> None:
    """One job. What it raises is its own affair and undoes it alone, unless the file is at fault."""
    connection.execute("SAVEPOINT job")
    ticket.error = None
    try:
        ticket.result = ticket.job(connection)
    except FAULTS:
        raise
    except Exception as error:
        ticket.error = error
        connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")


def _told(fault: Exception) -> Exception:
    """A fault as the rules know it. The text is for the log."""
    if isinstance(fault, StoreMisconfigured):
        return fault
    return StoreUnavailable(f"{type(fault).__name__}: {fault}")
