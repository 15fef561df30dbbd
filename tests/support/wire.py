"""Requests byte by byte, as no client library would send them."""

from __future__ import annotations

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer as it came over the wire; status 0 when the server only closed the connection."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        lines = [line.split(b":", 1) for line in self.head.split(b"\r\n")[1:] if b":" in line]
        return [value.strip().decode("latin-1") for key, value in lines if key.decode().lower() == name]


def exchange(port: int, *pieces: bytes, finish: bool = False) -> Answer:
    """Sends the pieces and reads until the server closes or says nothing for a while.

    With `finish` no more is going to be sent.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if finish:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server may have answered and closed already
        received = _read(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    status = int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.1 ") else 0
    return Answer(status, head, body)


def _read(connection: socket.socket) -> bytes:
    received = b""
    connection.settimeout(10)
    try:
        while chunk := connection.recv(65536):
            received += chunk
            connection.settimeout(0.3)
    except OSError:
        pass
    return received
