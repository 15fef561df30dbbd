"""A DynamoDB Local that a test may freeze, thaw and end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.ports import free_port


class Freezer:
    """The server's process group."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.endpoint = f"http://127.0.0.1:{port}"

    def freeze(self) -> None:
        """From now on it accepts connections and answers nothing."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def end(self) -> None:
        """It is gone; nothing accepts connections."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)


@contextmanager
def dynamodb_to_freeze() -> Iterator[Freezer]:
    """A server of one's own, in a group of its own, on a leash so that it cannot outlive the test."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.dynamodb_local", "--port", str(port), "--leashed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    freezer = Freezer(process, port)
    try:
        _wait(freezer.endpoint)
        yield freezer
    finally:
        if process.poll() is None:
            freezer.end()
        if process.stdin is not None:
            process.stdin.close()


def _wait(endpoint: str) -> None:
    for _ in range(600):
        try:
            httpx.get(endpoint, timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("DynamoDB Local did not start")
