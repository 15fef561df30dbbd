"""How long a client may take, and how many there may be.

uvicorn waits for a head or a body as long as the client likes, and so whoever sends one byte a minute over some
thousand connections (Slowloris, and its kin for bodies and answers) keeps all others out. A timer for each request
would be paid by each. Here somebody looks at all connections once a second, and remembers since how many looks each
has been at the same point: that costs the path of a request nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol


class Stage(Enum):
    """What a connection waits for."""

    HEAD = auto()
    """The client, to send the rest of a head, or the first one at all."""

    BODY = auto()
    """The client, to send the rest of a body that has not been answered."""

    WORK = auto()
    """The service."""

    ANSWER = auto()
    """The client, to take what was answered."""

    IDLE = auto()
    """The client, to send another request, or what is left of a body that has been answered."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most connections of one process, and the most seconds at each stage.

    A body is 64 KiB at most, which a telephone far away sends in 30 seconds; an answer is shorter than 300 KiB, and
    most of it lies in the kernel. Load balancers keep idle connections for up to 60 seconds, and must be the ones to
    close them: what they send into a connection that we just closed is lost.
    """

    connections: int = 4096
    head: int = 10
    body: int = 30
    answer: int = 60
    idle: int = 75
    second: float = 1.0
    """How long a second is; shorter in tests."""

    def of(self, stage: Stage) -> float:
        """The most seconds at a stage. The service has its own bounds."""
        most = {Stage.HEAD: self.head, Stage.BODY: self.body, Stage.ANSWER: self.answer, Stage.IDLE: self.idle}
        return most.get(stage, float("inf"))


class Connection(Protocol):
    """What is asked of a connection."""

    def point(self) -> tuple[object, Stage]:
        """Which request it has come to, and what it waits for."""
        ...

    def time_is_up(self, stage: Stage) -> None:
        """Ends it, after too long a wait."""
        ...

    def give_way(self) -> None:
        """Ends it at once, to make room."""
        ...


_ROOM: Final = 32
"""One in so many is closed when one more comes, and not just one, so that finding them costs little."""


class Patience:
    """Looks after the connections of one process. Those that came first stand first."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._most = {stage: bounds.of(stage) for stage in Stage}
        self._open: dict[Connection, tuple[tuple[object, Stage], int]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def arrived(self, connection: Connection) -> None:
        """Looks after one more. If there are too many, those go that have kept us waiting longest."""
        if len(self._open) >= self._bounds.connections and not self._make_room():
            connection.give_way()
            return
        self._open[connection] = ((None, Stage.HEAD), 0)
        if self._timer is None:
            self._set_timer()

    def left(self, connection: Connection) -> None:
        """Forgets one."""
        self._open.pop(connection, None)

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._bounds.second, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._open:
            self._set_timer()
        for connection, (before, looks) in list(self._open.items()):
            point = connection.point()
            same = point[0] is before[0] and point[1] is before[1]
            self._open[connection] = (point, looks + 1 if same else 0)
            if same and looks >= self._most[point[1]]:
                connection.time_is_up(point[1])

    def _make_room(self) -> bool:
        """Whether there is room now: nobody is sent away whose request is being worked on."""
        waiting = [connection for connection in self._open if connection.point()[1] is not Stage.WORK]
        waiting.sort(key=lambda connection: -self._open[connection][1])
        for connection in waiting[: max(1, self._bounds.connections // _ROOM)]:
            self.left(connection)
            connection.give_way()
        return bool(waiting)
