"""The service by a clock that is wrong: `python -m tests.faults.shifted PORT FILE`, in which are the milliseconds."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from wicketgate import Settings, Wicketgate
from wicketgate.core.clock import Clock, system_clock


def shifted(by: Path) -> Clock:
    """The machine's clock, moved by what a file says at the moment."""
    return lambda: system_clock() + int(by.read_text())


def main(port: str, by: str) -> None:
    """Serves until it is told to stop."""
    gate = Wicketgate(Settings.from_env(), clock=shifted(Path(by)))
    uvicorn.run(gate, port=int(port), log_level="warning", access_log=False, proxy_headers=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
