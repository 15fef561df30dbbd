"""Servers as processes of their own, on the cores they are given."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bench import machine

ROOT = Path(__file__).parent.parent
_PATIENCE = 60.0
_BYTECODE = Path(tempfile.gettempdir()) / f"wicketgate-bench-{os.getuid()}-bytecode"
# The child pins itself before it makes a thread, and then becomes the server.
_PINNED = (
    "import os, sys; os.sched_setaffinity(0, map(int, sys.argv[1].split(','))); os.execv(sys.argv[2], sys.argv[2:])"
)


class Server:
    """A server that answers on `port` when the `with` block begins and is gone when it ends."""

    def __init__(
        self, command: Sequence[str], port: int, cores: machine.Cores, environment: Mapping[str, str]
    ) -> None:
        self.port = port
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        listed = ",".join(map(str, cores))
        self.started = time.perf_counter()
        self._child = subprocess.Popen(
            [sys.executable, "-c", _PINNED, listed, *command],
            cwd=ROOT,
            env=clean_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + _PATIENCE
        while not answers(self.port):
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"a server did not start:\n{self.output()}")
            time.sleep(0.002)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process."""
        return self._child.pid

    @property
    def cpu(self) -> float:
        """The processor time used so far, in seconds."""
        return machine.cpu_seconds(self.pid)

    @property
    def memory(self) -> float:
        """Megabytes in RAM."""
        return machine.resident_megabytes(self.pid)

    def stop(self) -> None:
        """Ends the process."""
        self._child.terminate()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(10)

    def output(self) -> str:
        """What the process has written."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")


def wicketgate(settings: Mapping[str, str], cores: machine.Cores, *flags: str, workers: int = 1) -> Server:
    """The service as `wicketgate serve` runs it, its log going to a file."""
    port = free_port()
    command = [sys.executable, *flags, "-m", "wicketgate", "serve", "--workers", str(workers), "--port", str(port)]
    return Server(command, port, cores, {"LOG_FORMAT": "json", **settings})


def uvicorn(
    python: str, app: str, settings: Mapping[str, str], cores: machine.Cores, *flags: str, http: str = "auto"
) -> Server:
    """Another application under uvicorn with the options that `wicketgate serve` gives it; `http` is its protocol."""
    port = free_port()
    options = [
        "--no-access-log",
        "--no-server-header",
        "--no-proxy-headers",
        "--log-level",
        "warning",
        "--ws",
        "none",
        "--http",
        http,
    ]
    command = [python, *flags, "-m", "uvicorn", app, "--port", str(port), *options]
    return Server(command, port, cores, settings)


def clean_environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of the service. Bytecode is kept, as it is wherever a package is installed."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
    known = {name: value for name, value in os.environ.items() if name in kept}
    return {**known, "PYTHONPYCACHEPREFIX": str(_BYTECODE), **more}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether a server answers there, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status > 0
    connection.close()
    return False
