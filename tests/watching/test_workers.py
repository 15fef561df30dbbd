"""Numbers of several processes added up, and shown."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from wicketgate.core.errors import ConfigurationError
from wicketgate.watching import folder
from wicketgate.watching.exporter import exporting
from wicketgate.watching.folder import VARIABLE, shared_folder
from wicketgate.watching.workers import all_workers

WORKER = (
    "import sys\n"
    "from prometheus_client import REGISTRY\n"
    "from wicketgate.watching.instruments import Instruments\n"
    "found = Instruments(REGISTRY)\n"
    "found.logouts.inc(int(sys.argv[1]))\n"
    "found.hashes_waiting.inc(5)\n"
    "print('ready', flush=True)\n"
    "sys.stdin.read()\n"
)


class Worker:
    """A process that has counted some logouts and in which five passwords wait, until it is told to end."""

    def __init__(self, numbers: Path, logouts: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(logouts)],
            env={**os.environ, VARIABLE: str(numbers)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def end(self) -> None:
        """Returns when it is gone."""
        self.process.communicate()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[tuple[Worker, Worker]]:
    """Two processes that share a folder."""
    both = Worker(tmp_path, 2), Worker(tmp_path, 3)
    yield both
    for worker in both:
        if worker.process.poll() is None:
            worker.end()


def process_metrics(registry: CollectorRegistry) -> set[int]:
    """The processes whose memory is shown."""
    samples = [sample for metric in registry.collect() for sample in metric.samples]
    return {int(one.labels["pid"]) for one in samples if one.name == "process_resident_memory_bytes"}


def test_counters_and_levels_add_up(workers: tuple[Worker, Worker], tmp_path: Path) -> None:
    """Two and three logouts are five, five and five who wait are ten, and each process has its memory."""
    registry = all_workers(tmp_path)

    assert registry.get_sample_value("wicketgate_logouts_total") == 5
    assert registry.get_sample_value("wicketgate_hashes_waiting") == 10
    assert process_metrics(registry) == {worker.pid for worker in workers}


def test_who_has_gone_has_counted_and_waits_no_more(workers: tuple[Worker, Worker], tmp_path: Path) -> None:
    """A process that ended keeps its logouts in the sum, and nobody waits in it."""
    registry = all_workers(tmp_path)
    gone, stays = workers

    gone.end()

    assert registry.get_sample_value("wicketgate_hashes_waiting") == 5
    assert registry.get_sample_value("wicketgate_logouts_total") == 5
    assert process_metrics(registry) == {stays.pid}


def test_a_registry_is_shown_while_the_block_lasts() -> None:
    """The port that was free answers with the metrics, and with nothing afterwards."""
    registry = CollectorRegistry()
    Counter("seen", "For the test", registry=registry).inc(3)

    with exporting("127.0.0.1", 0, registry) as port:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text

    assert "seen_total 3.0" in text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)


def test_a_taken_port_is_refused() -> None:
    """The message says where nobody can listen."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(ConfigurationError, match=f"127.0.0.1 port {port}"), exporting("127.0.0.1", port):
            pass


def test_a_host_that_is_none_is_refused() -> None:
    """A name that leads nowhere is a setting that does not do, not a traceback."""
    with pytest.raises(ConfigurationError, match=r"nowhere\.invalid"), exporting("nowhere.invalid", 0):
        pass


def test_the_folder_lasts_as_long_as_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, its owner's alone and named to the library; then all of that is gone."""
    monkeypatch.delenv(VARIABLE, raising=False)

    with shared_folder() as made:
        (made / "counter_1.db").write_bytes(b"numbers")
        named, mode = os.environ[VARIABLE], made.stat().st_mode & 0o777

    assert (named, mode) == (str(made), 0o700)
    assert not made.exists()
    assert VARIABLE not in os.environ


def test_a_folder_that_is_named_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the operator chose is made if it is missing, used and left alone."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "of" / "metrics"))

    with shared_folder() as used:
        pass

    assert used == tmp_path / "of" / "metrics"
    assert used.is_dir()


def test_without_memory_to_write_to_it_is_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no place in memory, the folder for temporary files does."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(folder, "_MEMORY", str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with shared_folder() as made:
        assert made.parent == tmp_path
