"""The log: one line a request, and one for each thing that happens to an account.

Whole addresses, passwords, tokens, cookies and query strings never come here: a line is made of named
values that are none of these, and of a fault only its kind and where it happened.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from wicketgate.core.clock import iso, system_clock
from wicketgate.core.errors import WicketgateError
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import network_of

Line = Mapping[str, Any]
Write = Callable[[Line], None]
_encode = msgspec.json.Encoder().encode


class Log:
    """Makes lines and hands them to a writer, whose faults change nothing: what a line tells of has happened."""

    def __init__(self, write: Write) -> None:
        self._write = _without_faults(write)

    def request(
        self,
        request_id: str,
        method: str,
        route: str | None,
        status: int,
        milliseconds: float,
        user_id: str | None,
        source: str | None = None,
    ) -> None:
        """One answered request. `route` is None for a path that is none of ours, which is not repeated here.

        `source` is where a request came from that was refused: who tries doors shows in many of them.
        """
        line = {
            "time": iso(system_clock()),
            "level": "info",
            "event": "request",
            "id": request_id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(milliseconds, 2),
        }
        if user_id is not None:
            line["user"] = user_id
        if source is not None:
            line["source"] = network_of(source)
        self._write(line)

    async def security(self, event: SecurityEvent) -> None:
        """One thing that happened to an account."""
        level = "warning" if event.name in ("limit_hit", "login_failed", "signup_refused") else "info"
        known = {"user": event.user_id, "source": network_of(event.source), "detail": event.detail}
        self._note(event.name, level, known)

    def fault(self, request_id: str, error: BaseException) -> None:
        """Something went wrong on our side. Another's message may quote what a person typed, so only ours is kept."""
        own = isinstance(error, WicketgateError)
        message = str(error) if own else None
        known = {"id": request_id, "kind": type(error).__name__, "message": message, "at": _frames(error)}
        self._note("fault", "error", known)

    def note(self, event: str, message: str, level: str = "info") -> None:
        """Something about the service itself."""
        self._note(event, level, {"message": message})

    def _note(self, event: str, level: str, known: Line) -> None:
        given = {name: value for name, value in known.items() if value is not None}
        self._write({"time": iso(system_clock()), "level": level, "event": event, **given})


def to_stream(fd: int) -> Write:
    """Writes JSON lines to a file descriptor, each in one call so that processes do not mix theirs."""

    def write(line: Line) -> None:
        _put(fd, _encode(line) + b"\n")

    return write


def to_terminal(fd: int) -> Write:
    """Writes lines for a person to read."""

    def write(line: Line) -> None:
        _put(fd, f"{_readable(line)}\n".encode("utf-8", "replace"))

    return write


def to_logging(logger: logging.Logger) -> Write:
    """Hands lines to the standard library's logging, for an application that embeds the service."""

    def write(line: Line) -> None:
        level = logging.getLevelNamesMapping()[str(line["level"]).upper()]
        if logger.isEnabledFor(level):
            logger.log(level, "%s", _readable(line), extra={"wicketgate": dict(line)})

    return write


def for_process(style: Literal["auto", "json", "text"]) -> Write:
    """The writer for a service of its own: standard output, readable in a terminal and JSON elsewhere."""
    fd = 1
    readable = style == "text" or (style == "auto" and sys.stdout is not None and os.isatty(fd))
    return to_terminal(fd) if readable else to_stream(fd)


def _without_faults(write: Write) -> Write:
    """The writer. Of what it raises the first is told on standard error, by its kind: a message may quote a line."""
    told = False

    def written(line: Line) -> None:
        nonlocal told
        try:
            write(line)
        except Exception as error:
            if not told:
                told = True
                said = f"wicketgate: write_log raised {type(error).__name__}; such lines of the log are lost\n"
                _put(2, said.encode())

    return written


def _put(fd: int, data: bytes) -> None:
    try:
        os.write(fd, data)
    except OSError:
        return  # Whoever read our log has gone; that is no reason to stop serving.


def _readable(line: Line) -> str:
    clock = str(line["time"])[11:23]
    if line["event"] == "request":
        user = f"  user {line['user']}" if "user" in line else ""
        route = line["route"] or "(no such path)"
        return f"{clock}  {line['status']}  {line['method']:<4} {route}  {line['ms']} ms{user}"
    rest = "  ".join(f"{name} {value}" for name, value in line.items() if name not in ("time", "level", "event"))
    return f"{clock}  {line['level']}: {line['event']}  {rest}"


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]  # noqa: PTH119
