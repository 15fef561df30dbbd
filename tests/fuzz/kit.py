"""What a target is, and a server that says whatever it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass

Reads = Callable[[bytes], None]
"""Reads bytes as the service would. Raises AssertionError, or what should never have been raised."""


@dataclass(frozen=True, slots=True)
class Target:
    """One reader of bytes. `seeds` are inputs as they should be, `examples` how many changed ones a test tries."""

    seeds: tuple[bytes, ...]
    ready: Callable[[], AbstractContextManager[Reads]]
    examples: int = 150


def simple(reads: Reads, *seeds: bytes, examples: int = 150) -> Target:
    """A target that needs nothing around it."""
    return Target(seeds, lambda: nullcontext(reads), examples)


def says_nothing_of(error: Exception, *words: str) -> None:
    """Raises AssertionError if a message has something in it that it must not repeat."""
    assert not any(word in str(error) for word in words), error


class Canned:
    """A server that says the same bytes to whoever connects, and then that there are no more."""

    def __init__(self) -> None:
        self.says = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(1)
                connection.sendall(self.says)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

    def start(self) -> None:
        """Listens."""
        self._thread.start()

    def stop(self) -> None:
        """Stops listening."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


@contextmanager
def canned() -> Iterator[Canned]:
    """A server that is stopped again."""
    server = Canned()
    server.start()
    try:
        yield server
    finally:
        server.stop()
