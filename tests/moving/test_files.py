"""JSON Lines and CSV as rows: every bad line is told by its number, and stops nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.vectors import NAUGHTY
from wicketgate.moving.files import Format, rows_of
from wicketgate.moving.lines import MAX_LINE, UnusableFile
from wicketgate.moving.rows import Found, Row, Unreadable, shown

HUGE = b"x" * (3 * MAX_LINE)
NO_JSON = "the line is no JSON in UTF-8"
NO_CSV = "the line is no CSV (is a quote left open?)"


async def read(content: bytes, format_: Format | None = None, ignored: tuple[str, ...] = ()) -> list[Found]:
    """Everything in a file."""
    stream = io.BufferedReader(io.BytesIO(content))
    return [found async for batch in rows_of(stream, format_, ignored) for found in batch]


def told(found: list[Found]) -> Iterator[tuple[str, Any]]:
    """Each row's place, and its values or what is wrong with it."""
    for one in found:
        assert isinstance(one, Row | Unreadable)
        yield one.where, (dict(one.values) if isinstance(one, Row) else one.reason)


async def test_each_line_of_json_is_a_row() -> None:
    """Objects are rows with the number of their line; blank lines count and are none."""
    found = await read(b'{"email": "a@b.c"}\n\n  \r\n{"email": "\\u00e9@b.c", "bio": null}\r\n{"email": "z@b.c"}')

    assert list(told(found)) == [
        ("line 1", {"email": "a@b.c"}),
        ("line 4", {"email": "é@b.c", "bio": None}),
        ("line 5", {"email": "z@b.c"}),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"not json", NO_JSON),
        (b'{"email": ', NO_JSON),
        (b'{"email": "\xff@b.c"}', NO_JSON),
        (b'{"email": "\\ud800@b.c"}', NO_JSON),
        (b"{'email': 'a@b.c'}", NO_JSON),
        (b'{"email": NaN}', NO_JSON),
        (b'{"bio": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", NO_JSON),
        (b"\x00", NO_JSON),
        (b"[1]", "the line is no JSON object"),
        (b'"text"', "the line is no JSON object"),
        (b"null", "the line is no JSON object"),
        (HUGE, f"the line has more than {MAX_LINE} bytes"),
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_a_bad_line_of_json_stops_nothing(line: bytes, reason: str) -> None:
    """A line that cannot be read is told with its number and why, and those around it are rows."""
    found = await read(b'{"email": "a@b.c"}\n' + line + b'\n{"email": "z@b.c"}\n', "jsonl")

    assert list(told(found)) == [
        ("line 1", {"email": "a@b.c"}),
        ("line 2", reason),
        ("line 3", {"email": "z@b.c"}),
    ]


async def test_a_last_line_without_an_end_may_be_too_long() -> None:
    """A file that ends in the middle of a huge line is read to its end."""
    found = await read(b'{"email": "a@b.c"}\n' + HUGE, "jsonl")

    assert [one.where for one in found if isinstance(one, Unreadable)] == ["line 2"]


async def test_naughty_strings_come_through_json_and_csv() -> None:
    """Whatever a name is, it is in the row as it was written."""
    names = [text for text in NAUGHTY if "\x00" not in text and text]
    as_json = b"".join(json.dumps({"email": "a@b.c", "name": name}).encode() + b"\n" for name in names)
    quoted = "".join('a@b.c,"{}"\n'.format(name.replace('"', '""')) for name in names)

    from_json = [dict(told(await read(as_json)))[f"line {number}"]["name"] for number in range(1, len(names) + 1)]
    from_csv = [one.values["name"] for one in await read(b"email,name\n" + quoted.encode()) if isinstance(one, Row)]

    assert from_json == names
    assert from_csv == names


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
async def test_each_line_of_csv_is_a_row(delimiter: str) -> None:
    """The first line names the columns, in any order; an empty cell says nothing; cells may have several lines."""
    text = 'name,email,bio\nAda,ada@b.c,\n"Bob, jr; or\tso",bob@b.c,"two\nlines"\n\n,eve@b.c,x\n'

    found = await read(text.replace(",", delimiter).replace(f"Bob{delimiter}", "Bob,").encode())

    assert list(told(found)) == [
        ("line 2", {"name": "Ada", "email": "ada@b.c"}),
        ("lines 3 to 4", {"name": "Bob, jr; or\tso", "email": "bob@b.c", "bio": "two\nlines"}),
        ("line 6", {"email": "eve@b.c", "bio": "x"}),
    ]


@pytest.mark.parametrize(
    ("line", "where", "reason"),
    [
        (b'"a"b,c', "line 3", NO_CSV),
        (b"a@b.c", "line 3", "the line has 1 cells, the first line 2"),
        (b"a,b,c", "line 3", "the line has 3 cells, the first line 2"),
        (HUGE, "line 3", f"the line has more than {MAX_LINE} bytes"),
        (b"a," + b"x" * 140_000, "line 3", NO_CSV),
    ],
    ids=lambda value: repr(value[:20]),
)
async def test_a_bad_line_of_csv_stops_nothing(line: bytes, where: str, reason: str) -> None:
    """A line that cannot be read is told with its number and why, and those around it are rows."""
    found = await read(b"email,name\na@b.c,A\n" + line + b"\nz@b.c,Z\n", "csv")

    assert list(told(found)) == [
        ("line 2", {"email": "a@b.c", "name": "A"}),
        (where, reason),
        ("line 4", {"email": "z@b.c", "name": "Z"}),
    ]


async def test_an_open_quote_is_told_with_all_its_lines() -> None:
    """A quote that is never closed takes the lines behind it, and all of them are named."""
    found = await read(b'email,name\na@b.c,"A\nb@b.c,B\nc@b.c,C\n')

    assert list(told(found)) == [("lines 2 to 4", NO_CSV)]


async def test_a_huge_line_within_quotes_is_told() -> None:
    """A line that is too long ends the cell that it is in, and what follows is read."""
    found = await read(b'email,name\na@b.c,"A\n' + HUGE + b"\nz@b.c,Z\n", "csv")

    assert list(told(found)) == [
        ("lines 2 to 3", f"the line has more than {MAX_LINE} bytes"),
        ("line 4", {"email": "z@b.c", "name": "Z"}),
    ]


async def test_bytes_that_are_no_text_become_no_character() -> None:
    """A cell that is no UTF-8 comes through as what no field may have."""
    found = await read(b"email,name\na@b.c,\xff\n")

    assert list(told(found)) == [("line 2", {"email": "a@b.c", "name": "\udcff"})]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"email,nmae\n", "unknown columns: nmae"),
        (b"email,\n", r"unknown columns: \(no name\)"),
        (b"email,private\n", "unknown columns: private"),
        (b"email,name,name\n", "a column stands there twice"),
        (b"name,bio\n", "email must be one"),
        (b"hello world\n", "unknown columns: hello world"),
        ("email\n".encode("utf-16"), "UTF-16"),
        ('{"email": "a@b.c"}\n'.encode("utf-16-be"), "unknown columns"),
        (b'[{"email": "a@b.c"}]', "one object a line"),
        (b"\xef\xbb\xbf \n[]", "one object a line"),
        (b"email," + b"x" * 140_000, "is no CSV"),
    ],
)
async def test_a_file_that_makes_no_sense_is_refused_whole(content: bytes, reason: str) -> None:
    """A file in which no row would be right is refused before the first."""
    with pytest.raises(UnusableFile, match=reason):
        await read(content)


async def test_columns_can_be_passed_over() -> None:
    """A column that is not known may be there when it was said that it does not matter."""
    found = await read(b"email,shoeSize\na@b.c,42\n", ignored=("shoeSize",))

    assert list(told(found)) == [("line 2", {"email": "a@b.c", "shoeSize": "42"})]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"email\n", b"\xef\xbb\xbf"])
async def test_an_empty_file_has_no_rows(content: bytes) -> None:
    """Nothing is no error."""
    found = await read(content)

    assert found == []


@pytest.mark.parametrize(
    "content", [b'\xef\xbb\xbf{"email": "a@b.c"}', b"\xef\xbb\xbfemail\na@b.c", b'"email"\na@b.c']
)
async def test_the_kind_of_file_shows_in_its_first_character(content: bytes) -> None:
    """With a byte order mark as without, an opening brace begins JSON and anything else the columns' names."""
    found = await read(content)

    assert [dict(one.values) for one in found if isinstance(one, Row)] == [{"email": "a@b.c"}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ada", "ada"),
        ("a\x1b[31m\nb", "a[31mb"),
        ("\u202eevil", "evil"),
        ("\ud800", "\ufffd"),
        ("x" * 99, "x" * 80 + "…"),
        (7, "7"),
    ],
)
def test_what_is_shown_is_fit_for_a_terminal(value: object, text: str) -> None:
    """A value in a report is short and moves no cursor."""
    found = shown(value)

    assert found == text
