"""What the server itself answers, to what never becomes a request of the application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_LINES: Final = (
    b"content-type: application/json\r\ncontent-length: %d\r\ncache-control: no-store\r\n"
    b"x-content-type-options: nosniff\r\nconnection: close\r\n\r\n%s"
)


def _answer(status: bytes, error: bytes) -> bytes:
    body = b'{"success":false,"error":"%s"}' % error
    return b"HTTP/1.1 " + status + b"\r\n" + _LINES % (len(body), body)


UNREADABLE: Final = _answer(b"400 Bad Request", b"The request is not valid HTTP")
NO_UPGRADE: Final = _answer(b"400 Bad Request", b"Send the request without Upgrade: HTTP/1.1 alone is spoken here")
TOO_SLOW: Final = _answer(b"408 Request Timeout", b"The request took too long")
TOO_LARGE: Final = _answer(b"431 Request Header Fields Too Large", b"The request headers are too large")


class Refused(Exception):
    """A request that is not let in, with what is answered."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.answer = answer


def refuse_disputed(target: bytes, version: str, headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raises Refused for a head that another server might read differently (RFC 9112, 3.2, 6.1 and 11.2).

    What two servers on the way of a request take for different hosts, or for ends of its body, one can use to speak
    to the second past the first.
    """
    names = [name for name, _ in headers]
    hosts = names.count(b"host")
    if hosts != 1 and (hosts or version != "1.0"):
        raise Refused(UNREADABLE)
    if b"transfer-encoding" in names and _values(headers, b"transfer-encoding") != [b"chunked"]:
        raise Refused(UNREADABLE)
    if not target.startswith((b"/", b"*")) and _values(headers, b"host") != [_authority(target)]:
        raise Refused(UNREADABLE)


def refuse_upgrade(method: bytes, headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Raises Refused when what follows the head is not for us to read, or would be lost.

    The parser stops behind a head that offers an upgrade, and takes what comes then, the body of this request too,
    for the next request.
    """
    lengths = _values(headers, b"content-length") + _values(headers, b"transfer-encoding")
    if method == b"CONNECT" or lengths not in ([], [b"0"]):
        raise Refused(NO_UPGRADE)


def _values(headers: Sequence[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    return [value.strip(b" \t").lower() for name, value in headers if name == wanted]


def _authority(target: bytes) -> bytes:
    """The host of a target in absolute form."""
    return target.partition(b"://")[2].partition(b"/")[0].lower()
