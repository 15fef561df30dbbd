"""`/metrics` of a real service, of one process and of several."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.support.ports import free_port, running_service

ACCOUNT = {"email": "ada@example.com", "password": "correct horse battery"}

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def shown(port: int) -> Samples:
    """The samples at `/metrics`."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def requests(samples: Samples, route: str) -> float:
    """How many requests of a route were counted."""
    return sum(
        value for (name, labels), value in samples.items()
        if name == "wicketgate_requests_total" and dict(labels)["route"] == route
    )  # fmt: skip


def pids(samples: Samples) -> set[int]:
    """The processes that are told apart."""
    return {int(dict(labels)["pid"]) for name, labels in samples if name == "process_resident_memory_bytes"}


def until(condition: Callable[[], bool]) -> bool:
    """Whether a condition came true while one waits."""
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_metrics_have_a_port_of_their_own(tmp_path: Path) -> None:
    """What the service counts is on the metrics' port, and its public port knows no `/metrics`."""
    port, metrics = free_port(), free_port()
    with running_service(port, tmp_path, METRICS="true", METRICS_PORT=str(metrics)):
        before = requests(shown(metrics), "unknown")

        public = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)

        after = shown(metrics)

    assert public.status_code == 404
    assert (before, requests(after, "unknown")) == (0, 1)
    assert after["process_resident_memory_bytes", ()] > 1_000_000
    assert not any(name.endswith("_created") for name, _ in after)


def test_workers_add_up(tmp_path: Path) -> None:
    """Whichever worker answered, each request is counted once, and a worker that is killed takes nothing along."""
    port, metrics = free_port(), free_port()
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", "2"]
    with running_service(port, tmp_path, command, METRICS="true", METRICS_PORT=str(metrics)) as parent:
        assert until(lambda: len(pids(shown(metrics))) == 3)
        base = requests(shown(metrics), "/healthz")
        for _ in range(40):  # each over a connection of its own, so that both workers get some
            assert httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
        httpx.post(f"http://127.0.0.1:{port}/api/auth/signup", json=ACCOUNT, trust_env=False)
        counted = shown(metrics)

        victim = max(pids(counted) - {parent.pid})
        os.kill(victim, signal.SIGKILL)
        gone = until(lambda: victim not in pids(shown(metrics)))
        renewed = until(lambda: len(pids(shown(metrics))) == 3)
        later = shown(metrics)

    assert requests(counted, "/healthz") == base + 40
    assert counted["wicketgate_sign_ups_total", (("outcome", "ok"),)] == 1
    assert (gone, renewed) == (True, True)
    assert requests(later, "/healthz") >= base + 40
    assert later["wicketgate_hashes_running", ()] == later["wicketgate_hashes_waiting", ()] == 0


def test_workers_leave_no_files(tmp_path: Path) -> None:
    """The folder in which workers keep their numbers is gone when the service is, and nobody else may read it."""
    port, metrics = free_port(), free_port()
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", "2"]

    with running_service(port, tmp_path, command, METRICS="true", METRICS_PORT=str(metrics)) as parent:
        assert until(lambda: len(pids(shown(metrics))) == 3)
        worker = max(pids(shown(metrics)) - {parent.pid})
        variables = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
        (folder,) = [Path(line.partition(b"=")[2].decode()) for line in variables if line.startswith(b"PROMETHEUS_")]
        mode = folder.stat().st_mode & 0o777

    assert mode == 0o700
    assert not folder.exists()


def test_a_folder_that_is_named_is_used(tmp_path: Path) -> None:
    """A folder that the operator names is made, used and kept."""
    port, metrics, named = free_port(), free_port(), tmp_path / "of" / "metrics"
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", "2"]
    given = {"METRICS": "true", "METRICS_PORT": str(metrics), "PROMETHEUS_MULTIPROC_DIR": str(named)}

    with running_service(port, tmp_path, command, **given):
        while_it_runs = {file.suffix for file in named.iterdir()}

    assert while_it_runs == {".db"}
    assert named.is_dir()


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    environment = {"BCRYPT_COST": "4", "PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-m", "wicketgate", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_a_port_that_is_taken_is_refused_in_one_line(tmp_path: Path) -> None:
    """Metrics that cannot be shown keep the service from starting, with the reason."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]

        ran = run(tmp_path, "serve", "--port", "0", METRICS="true", METRICS_PORT=str(taken))

    assert ran.returncode == 1
    assert ran.stderr == f"wicketgate: metrics cannot listen on 127.0.0.1 port {taken}: Address already in use\n"


def test_the_services_own_port_is_refused(tmp_path: Path) -> None:
    """Metrics never share the public port."""
    port = free_port()

    ran = run(tmp_path, "serve", "--port", str(port), METRICS="true", METRICS_PORT=str(port))

    assert ran.returncode == 1
    assert ran.stderr.startswith("wicketgate: METRICS_PORT is ")


def test_the_place_is_announced(tmp_path: Path) -> None:
    """Whoever lets the system choose a port is told which it is, also with an IPv6 host."""
    port = free_port()
    with running_service(port, tmp_path, METRICS="true", METRICS_PORT="0", METRICS_HOST="::1"):
        said = (tmp_path / f"service-{port}.log").read_text()

        (place,) = re.findall(r"Metrics are on (http://\[::1\]:\d+/metrics)\n", said)
        answer = httpx.get(place, trust_env=False)

    assert answer.status_code == 200
    assert "wicketgate_build_info{" in answer.text
