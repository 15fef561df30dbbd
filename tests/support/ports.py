"""A real service in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number: int = listener.getsockname()[1]
        return number


@contextmanager
def running_service(
    port: int, cwd: Path, command: Sequence[str] | None = None, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`wicketgate serve` on a port, or another Python command that serves there, until the block ends."""
    arguments = command or ["-m", "wicketgate", "serve", "--port", str(port)]
    environment = {"BCRYPT_COST": "4", "PATH": os.environ["PATH"], "PYTHONPATH": str(cwd), **variables}
    log = cwd / f"service-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=1)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the service did not start:\n{log.read_text()}")
