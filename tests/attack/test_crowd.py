"""More connections than there is room for: whoever comes is served, and what the crowd took comes back."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.attack.wire import BODY, END, GET, HURRIED, LENGTH, LOGIN, UNLIMITED, connect, read_all, served, statuses
from tests.support.ports import free_port, running_service

CROWD = 10_000
ROOM = 4_096
MOST_KIB = 16
"""What one connection may take of the memory. An idle one takes five."""

LITTLE_ROOM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
from wicketgate.cli.main import main
sys.exit(main(["serve", "--port", sys.argv[1]]))
"""

TOO_LITTLE_ROOM = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""

Process = subprocess.Popen[bytes]


@pytest.fixture(autouse=True)
def many_descriptors() -> Iterator[None]:
    """Lets this process open as many connections as the crowd needs."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], CROWD + 1_000), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[int, Process]]:
    """The port of a service as `wicketgate serve` runs it, and its process."""
    port = free_port()
    with running_service(port, tmp_path, **UNLIMITED) as process:
        yield port, process


@contextmanager
def crowd(port: int, size: int, *starts: bytes) -> Iterator[None]:
    """So many connections, each of which has sent one of the starts."""
    connections = []
    try:
        for number in range(size):
            connection = connect(port)
            connections.append(connection)
            connection.sendall(starts[number % len(starts)])
        yield
    finally:
        for connection in connections:
            connection.close()


def descriptors(process: Process) -> int:
    """How many files and connections a process has open."""
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def memory_kib(process: Process) -> int:
    """What a process takes of the memory."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def descriptors_at_last(process: Process, most: int) -> int:
    """How many are open once that many are, or after ten seconds."""
    for _ in range(100):
        if descriptors(process) >= most:
            break
        time.sleep(0.1)
    return descriptors(process)


def descriptors_afterwards(process: Process, before: int) -> int:
    """How many are open once as few are as before, or after ten seconds."""
    for _ in range(100):
        if descriptors(process) <= before:
            break
        time.sleep(0.1)
    return descriptors(process)


def test_ten_thousand_who_say_little(service: tuple[int, Process]) -> None:
    """Idle, amid a head, amid a body: others are served, the memory has a bound, and all of it comes back."""
    port, process = service
    connect(port).close()
    before, memory = descriptors(process), memory_kib(process)

    with crowd(port, CROWD, b"", GET, LOGIN + LENGTH + END + b"{"):
        answered = [served(port) for _ in range(20)]
        during, grown = descriptors(process), memory_kib(process) - memory

    assert answered == [True] * 20
    assert during <= before + ROOM
    assert grown < ROOM * MOST_KIB
    assert descriptors_afterwards(process, before) <= before


def test_ten_thousand_who_ask(service: tuple[int, Process]) -> None:
    """Of as many as there is room for each is answered, wave after wave, on connections that stay open."""
    port, process = service
    before = descriptors(process)

    waves = [asked_at_once(port, ROOM - 100) for _ in range(3)]

    assert waves == [ROOM - 100] * 3
    assert descriptors_afterwards(process, before) <= before


def asked_at_once(port: int, size: int) -> int:
    """How many of so many, all of whom are there before the first asks, are answered."""
    connections = [connect(port) for _ in range(size)]
    try:
        for connection in connections:
            connection.sendall(GET + END)
        return sum(statuses(connection.recv(4096)) == [200] for connection in connections)
    finally:
        for connection in connections:
            connection.close()


def test_a_system_that_allows_few(tmp_path: Path) -> None:
    """Under a low limit of file descriptors there is room for fewer, and never none for the store or a newcomer."""
    port = free_port()
    with running_service(port, tmp_path, ["-c", LITTLE_ROOM, str(port)], **UNLIMITED) as process:
        with crowd(port, 500, b"", GET):
            answered = [served(port) for _ in range(20)]
            logged_in = statuses(login(port))

        assert (answered, logged_in) == ([True] * 20, [401])
        assert process.poll() is None


def login(port: int) -> bytes:
    """The answer to a login, for which the store and a thread are needed."""
    with connect(port) as connection:
        connection.sendall(LOGIN + LENGTH + b"Connection: close\r\n" + END + BODY)
        return read_all(connection)


def test_out_of_descriptors_all_the_same(tmp_path: Path) -> None:
    """A service that was promised more than the system has drops whom it cannot hold, and lives on."""
    port = free_port()
    arguments = [str(HURRIED), str(port), "10", "4096"]
    with running_service(port, tmp_path, ["-c", TOO_LITTLE_ROOM, *arguments], **UNLIMITED) as process:
        with crowd(port, 500, b""):
            held = descriptors_at_last(process, 190)
        descriptors_afterwards(process, held // 2)

        assert held >= 190
        assert served(port)
