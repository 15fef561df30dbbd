"""Lets a process of the service say, when it is sent SIGURG, which tasks its event loop has.

Python imports a module of this name at its start, so `wicketgate serve` runs as it is; only its environment knows.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from types import FrameType


def _tell(number: int, frame: FrameType | None) -> None:
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:
        return  # no event loop runs here
    names = sorted(getattr(task.get_coro(), "__qualname__", "?") for task in tasks)
    told = Path(os.environ["SOAK_FOLDER"], f"tasks-{os.getpid()}.json")
    new = told.with_suffix(".new")
    new.write_text(json.dumps(names))
    new.rename(told)


# What this signal does by default is nothing, so it ends no process that does not listen yet.
signal.signal(signal.SIGURG, _tell)
