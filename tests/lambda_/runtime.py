"""Lambda's side: the Runtime API on loopback, and an environment that runs the function with the real client.

"Using the Lambda runtime API for custom runtimes" in the Lambda Developer Guide says what it has to be like.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.lambda_.events import Event, Result
from tests.lambda_.places import Place

PATIENCE_SECONDS = 60
_BASE = "/2018-06-01/runtime"


class InvocationFailed(Exception):
    """The function raised. Behind a function URL a visitor would see 502."""


class RuntimeApi:
    """Hands out events one after another, and takes what became of them."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[tuple[str, Event]] = queue.Queue()
        self.results: queue.Queue[tuple[str, str, Any]] = queue.Queue()
        self.asked = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._count = 0
        self.open = True

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    def invoke(self, event: Event) -> Result:
        """The result of one event. Raises InvocationFailed, with the error's type."""
        self._count += 1
        request_id = f"00000000-0000-0000-0000-{self._count:012}"
        self.waiting.put((request_id, event))
        answered, kind, value = self.results.get(timeout=PATIENCE_SECONDS)
        if kind != "response":
            raise InvocationFailed(value["errorType"])
        assert answered == request_id
        result: Result = value
        return result

    def close(self) -> None:
        """Ends the server."""
        self.open = False
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # The answer is written in two parts, which Nagle's algorithm would hold 40 ms apart.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            assert self.path == f"{_BASE}/invocation/next"
            api.asked.set()
            while api.open:
                try:
                    request_id, event = api.waiting.get(timeout=0.2)
                except queue.Empty:
                    continue
                deadline = int((time.time() + 15) * 1000)
                self._send(200, event, request_id=request_id, deadline=str(deadline))
                return

        def do_POST(self) -> None:
            value = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            parts = self.path.removeprefix(f"{_BASE}/").split("/")
            self._send(202, {"status": "OK"})
            api.results.put((parts[1], parts[-1], value))

        def _send(self, status: int, body: Any, request_id: str = "", deadline: str = "") -> None:
            encoded = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            if request_id:
                self.send_header("Lambda-Runtime-Aws-Request-Id", request_id)
                self.send_header("Lambda-Runtime-Deadline-Ms", deadline)
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:1:function:test")
            self.end_headers()
            self.wfile.write(encoded)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
            return

    return Handler


class Environment:
    """A process as Lambda starts one: the real client, which asks our Runtime API for events."""

    def __init__(self, place: Place, settings: Mapping[str, str], folder: Path) -> None:
        self.api = RuntimeApi()
        self._output = folder / f"output-{id(self)}"
        env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(map(str, place.paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_NAME": "wicketgate-test",
            **settings,
        }
        command = place.command("-m", "awslambdaric", "wicketgate.aws_lambda.handler")
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(command, cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT)

    @property
    def output(self) -> str:
        """What the process has written so far."""
        return self._output.read_text("utf-8")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.output.splitlines() if line.startswith("{")]

    @property
    def resident_kilobytes(self) -> int:
        """The memory of the process that lies in RAM."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def invoke(self, event: Event) -> Result:
        """The result of one event."""
        return self.api.invoke(event)

    def idle(self) -> None:
        """Returns when the function waits for its first event."""
        assert self.api.asked.wait(PATIENCE_SECONDS), self.output

    def terminate(self) -> int:
        """Ends it as Lambda does; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        """Ends it at once."""
        self.process.kill()
        self.process.wait()
        self.api.close()

    class Starter:
        """Starts environments, and ends them all."""

        def __init__(self, folder: Path) -> None:
            self._folder = folder
            self._started: list[Environment] = []

        def start(self, place: Place, settings: Mapping[str, str]) -> Environment:
            """A new environment."""
            started = Environment(place, settings, self._folder)
            self._started.append(started)
            return started

        def end(self) -> None:
            """Ends all."""
            for started in self._started:
                started.end()
