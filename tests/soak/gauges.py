"""What a process holds, seen from outside."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CLOSE_WAIT: Final = "08"
_SOCKET: Final = re.compile(r"socket:\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Sample:
    """One process at a moment when nobody asks it anything; memory in KiB."""

    at: float
    pid: int
    memory: int
    descriptors: int
    threads: int
    half_closed: int
    tasks: Sequence[str]


def sample(pid: int, folder: Path) -> Sample | None:
    """The process as it is now; None if it ended meanwhile."""
    try:
        tasks = _tasks(pid, folder)
        status = Path(f"/proc/{pid}/status").read_text()
        open_files = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return None
    sockets = {found[1] for name in open_files if (found := _SOCKET.fullmatch(name))}
    half_closed = len(sockets & _close_wait())
    return Sample(
        time.monotonic(),
        pid,
        _field(status, "RssAnon"),
        len(open_files),
        _field(status, "Threads"),
        half_closed,
        tasks,
    )


def serves(pid: int) -> bool:
    """Whether a process is a worker, and not what watches over shared memory for it."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _tasks(pid: int, folder: Path) -> Sequence[str]:
    told = folder / f"tasks-{pid}.json"
    told.unlink(missing_ok=True)
    os.kill(pid, signal.SIGURG)
    for _ in range(100):
        if told.exists():
            names: list[str] = json.loads(told.read_text())
            return names
        time.sleep(0.02)
    return ["it did not say"]


def _field(status: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0


def _close_wait() -> set[str]:
    rows = [row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == _CLOSE_WAIT}
