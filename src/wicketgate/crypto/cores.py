"""The cores that hashing takes, and how it shares them with whoever answers."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

STEP: Final = 10
"""Of `nice`: who answers gets a core at once, and nine tenths of it while both want it. Hashing is never shut out."""


def count() -> int:
    """How many this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def step_back() -> None:
    """Lowers the priority of this thread, so that whoever wants its core need not wait. Does so on Linux only."""
    if sys.platform == "linux":  # elsewhere it would be said of the whole process
        thread = threading.get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + STEP)
