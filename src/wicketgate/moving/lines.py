"""JSON Lines as rows, and what every file is read through: lines of bounded length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec

from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.moving.rows import Found, Row, Unreadable

MAX_LINE: Final = 256 * 1024
"""Bytes. A user of that size would no longer fit into an item of DynamoDB."""

TOO_LONG: Final = f"the line has more than {MAX_LINE} bytes"
_MARK: Final = b"\xef\xbb\xbf"
_decode = msgspec.json.Decoder().decode


class UnusableFile(InvalidInput):
    """Nothing in a file can be read."""

    def __init__(self, message: str) -> None:
        super().__init__(Problem(message))


def numbered(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Each line with its number, None for one that is too long, of which no more than that is kept.

    Raises UnusableFile for UTF-16, in which no line would make sense.
    """
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            line = _first(line)
        if len(line) <= MAX_LINE:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE + 1)
        yield number, None


def _first(line: bytes) -> bytes:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnusableFile("the file is UTF-16; save it as UTF-8")
    return line.removeprefix(_MARK)


def json_lines(stream: BinaryIO) -> Iterator[Found]:
    """The rows of a file with one JSON object a line. Blank lines are none."""
    for number, line in numbered(stream):
        where = f"line {number}"
        if line is None:
            yield Unreadable(where, TOO_LONG)
        elif line.strip():
            yield _row(where, line)


def _row(where: str, line: bytes) -> Found:
    try:
        values: Any = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unreadable(where, "the line is no JSON in UTF-8")
    if not isinstance(values, dict):
        return Unreadable(where, "the line is no JSON object")
    return Row(where, values)
