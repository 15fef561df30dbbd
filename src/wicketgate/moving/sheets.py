"""CSV as rows."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO, Final

from wicketgate.moving.columns import COLUMNS
from wicketgate.moving.lines import TOO_LONG, UnusableFile, numbered
from wicketgate.moving.rows import Found, Row, Unreadable, shown

_DELIMITERS: Final = ",;\t"
# A line that breaks off whatever the reader is in the middle of: text after a closing quote is an error.
_BREAK: Final = '"x"x\n'
_STRUCTURED: Final = frozenset({"revokedSessions", "private"})


class _Texts:
    """The lines as text; what is no UTF-8 becomes surrogates, which no field may have."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = numbered(stream)
        self.was_too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        _, line = next(self._lines)
        if line is None:
            self.was_too_long = True
            return _BREAK
        return line.decode("utf-8", "surrogateescape")


def csv_rows(stream: BinaryIO, ignored: Collection[str] = ()) -> Iterator[Found]:
    """The rows below a line of column names, which may be separated by commas, semicolons or tabs.

    An empty cell says nothing. Raises UnusableFile when a column is not known.
    """
    texts = _Texts(stream)
    first = next(texts, "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        names = _names(next(csv.reader([first], delimiter=delimiter), []), ignored)
    except csv.Error:
        raise UnusableFile("the first line must name the columns, and it is no CSV") from None
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    while True:
        began = reader.line_num + 2
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            reason = TOO_LONG if texts.was_too_long else "the line is no CSV (is a quote left open?)"
            texts.was_too_long = False
            yield Unreadable(_where(began, reader.line_num + 1), reason)
            continue
        if cells:
            yield _row(_where(began, reader.line_num + 1), names, cells)


def _names(cells: Sequence[str], ignored: Collection[str]) -> Sequence[str]:
    names = [cell.strip() for cell in cells]
    known = (*COLUMNS, *ignored)
    if unknown := [shown(name) or "(no name)" for name in names if name not in known or name in _STRUCTURED]:
        raise UnusableFile(f"unknown columns: {', '.join(unknown)} (a file can have {', '.join(COLUMNS)})")
    if len(set(names)) < len(names):
        raise UnusableFile("a column stands there twice")
    if "email" not in names:
        raise UnusableFile("the first line must name the columns, and email must be one")
    return names


def _row(where: str, names: Sequence[str], cells: Sequence[str]) -> Found:
    if len(cells) != len(names):
        return Unreadable(where, f"the line has {len(cells)} cells, the first line {len(names)}")
    return Row(where, {name: cell for name, cell in zip(names, cells, strict=True) if cell})


def _where(first: int, last: int) -> str:
    return f"line {first}" if first >= last else f"lines {first} to {last}"
