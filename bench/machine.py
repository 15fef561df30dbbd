"""The machine: its cores, the clocks of its processes, and what it is called in a report."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = (
    "wicketgate",
    "uvicorn",
    "uvloop",
    "httptools",
    "starlette",
    "msgspec",
    "bcrypt",
    "apsw",
    "aiodynamo",
    "aiohttp",
)

Cores = frozenset[int]


def cores() -> list[int]:
    """The cores this process was given at its start."""
    return sorted(_GIVEN)


def server_cores() -> Cores:
    """Where a server with all its threads runs: every core but the last, which the load generator has."""
    given = cores()
    return frozenset(given[:-1] or given)


def server_core() -> Cores:
    """Where a server that is to have one core runs."""
    return frozenset(cores()[:1])


def client_core() -> Cores:
    """Where the load generator runs."""
    return frozenset(cores()[-1:])


def other_cores() -> Cores:
    """Every core but the one that a server has to itself."""
    given = cores()
    return frozenset(given[1:] or given)


def store_cores() -> Cores:
    """Where a store runs while a server has one core: those that neither it nor the generator has, if any."""
    return frozenset(cores()[1:-1]) or client_core()


def pin(pid: int, to: Collection[int]) -> None:
    """Keeps every thread of a process and of its children on these cores. Does nothing where that is not possible."""
    for task in _tasks(pid):
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(task, to)
    for child in children(pid):
        pin(child, to)


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found += map(int, file.read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """The processor time a process has used, in all its threads (Linux: clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_megabytes(pid: int) -> float:
    """The memory of a process that lies in RAM."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def described() -> dict[str, str]:
    """What was measured on, and with which versions."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": _processor(),
        "cores": str(len(_GIVEN)),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": sys.version.split()[0],
        "load": " ".join(f"{value:.1f}" for value in os.getloadavg()),
        **{package: version(package) for package in PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _tasks(pid: int) -> list[int]:
    return [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()]


_GIVEN = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
