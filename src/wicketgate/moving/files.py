"""Which kind of file one is, and its rows in batches, read beside the event loop."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Final, Literal

from wicketgate.moving.lines import UnusableFile, json_lines
from wicketgate.moving.rows import Found, Source
from wicketgate.moving.sheets import csv_rows

Format = Literal["jsonl", "csv"]
_BATCH: Final = 200


async def rows_of(stream: io.BufferedReader[Any], format_: Format | None, ignored: Collection[str]) -> Source:
    """The rows of a file. Without a format the first character tells."""
    rows = await asyncio.to_thread(_rows, stream, format_, ignored)
    # In a thread: while a pipe has nothing to read, what was read before must go on being written.
    while batch := await asyncio.to_thread(lambda: list(islice(rows, _BATCH))):
        yield batch


def _rows(stream: io.BufferedReader[Any], format_: Format | None, ignored: Collection[str]) -> Iterator[Found]:
    return csv_rows(stream, ignored) if (format_ or _guessed(stream)) == "csv" else json_lines(stream)


def _guessed(stream: io.BufferedReader[Any]) -> Format:
    beginning = stream.peek(1).removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(b"["):
        raise UnusableFile("the file is one JSON array; write one object a line (`jq -c '.[]'` does)")
    return "jsonl" if beginning.startswith(b"{") or not beginning else "csv"
