"""Other processes for the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]


class Worker:
    """A process that runs one verb of `worker.py`. Ready once this exists."""

    def __init__(self, verb: str, path: Path, who: str) -> None:
        command = [sys.executable, "-m", "tests.unit.stores.sqlite.worker", verb, str(path), who]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def wait_until_ready(self) -> Worker:
        """Waits for the process to have come up."""
        assert self.line() == "ready"
        return self

    def go(self) -> None:
        """Gives the word."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def line(self) -> str:
        """The next line it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def answer(self) -> Any:
        """What it answers at the end."""
        answer = json.loads(self.line())
        assert self.process.wait() == 0
        return answer

    def kill(self) -> str:
        """Ends it as a power switch would, and returns what it had printed until then."""
        self.process.kill()
        assert self.process.stdout is not None
        return self.process.stdout.read()  # `communicate` would leave out what has been read but not asked for

    def end(self) -> None:
        """Leaves nothing behind."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        self.process.wait()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is to be; neither it nor its directory exists."""
    return tmp_path / "data" / "users.db"


Start = Callable[..., Worker]


@pytest.fixture
def start(path: Path) -> Iterator[Start]:
    """Starts a worker on the file; `wait_until_ready` before it is given the word."""
    workers: list[Worker] = []

    def started(verb: str, who: str = "") -> Worker:
        workers.append(Worker(verb, path, who))
        return workers[-1]

    yield started
    for worker in workers:
        worker.end()
