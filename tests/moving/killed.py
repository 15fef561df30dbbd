"""A real `wicketgate` in a process of its own, and its sudden end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path


def started(folder: Path, variables: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """The command, running in a folder."""
    environment = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1", **variables}
    return subprocess.Popen(
        [sys.executable, "-m", "wicketgate", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


async def killed_when(process: subprocess.Popen[bytes], far_enough: Callable[[], Awaitable[bool]]) -> None:
    """Kills the process without a warning as soon as it has come so far. It must not be done by then."""
    try:
        while not await far_enough():
            assert process.poll() is None, process.communicate()
            await asyncio.sleep(0.02)
        assert process.poll() is None, "it was done before it could be killed"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
