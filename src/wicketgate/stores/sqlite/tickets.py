"""A job that waits to be written, and how its caller is told."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import apsw


class Ticket:
    """One job, and the future on the caller's own event loop that gets its outcome."""

    __slots__ = ("answer", "error", "job", "loop", "result")

    def __init__(self, job: Callable[[apsw.Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.job = job
        self.loop = loop
        self.answer: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: Exception | None = None

    @property
    def wanted(self) -> bool:
        """Whether the caller is still waiting."""
        return not self.answer.cancelled()

    def settle(self) -> None:
        """Gives the caller the outcome. Only on the caller's event loop."""
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)


def answer(tickets: Iterable[Ticket]) -> None:
    """Tells all callers. Each loop is woken once, since waking one costs a system call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        by_loop[ticket.loop].append(ticket)
    for loop, group in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, group)
        except RuntimeError:
            continue  # the loop was closed, so nobody waits there


def _settle(group: Iterable[Ticket]) -> None:
    for ticket in group:
        ticket.settle()
