"""Where log lines go."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wicketgate.logs import Line, Write, for_process, to_logging, to_stream, to_terminal

REQUEST: Line = {
    "time": "2030-01-31T12:34:56.789Z",
    "level": "info",
    "event": "request",
    "id": "id-1",
    "method": "GET",
    "route": "/api/profile",
    "status": 200,
    "ms": 1.5,
    "user": "ada-id",
}
EVENT: Line = {"time": "2030-01-31T12:34:56.789Z", "level": "warning", "event": "limit_hit", "detail": "login"}


def output(make: Callable[[int], Write], *lines: Line) -> str:
    """What a writer writes."""
    reading, writing = os.pipe()
    try:
        write = make(writing)
        for line in lines:
            write(line)
        return os.read(reading, 65_536).decode()
    finally:
        os.close(reading)
        os.close(writing)


def test_a_stream_gets_one_json_value_a_line() -> None:
    """Machines read each line by itself."""
    text = output(to_stream, REQUEST, {**EVENT, "detail": "two\nlines ☕"})

    lines = text.splitlines()
    assert [json.loads(line) for line in lines] == [REQUEST, {**EVENT, "detail": "two\nlines ☕"}]
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (REQUEST, "12:34:56.789  200  GET  /api/profile  1.5 ms  user ada-id\n"),
        (
            {name: value for name, value in REQUEST.items() if name != "user"} | {"route": None, "method": "DELETE"},
            "12:34:56.789  200  DELETE (no such path)  1.5 ms\n",
        ),
        (EVENT, "12:34:56.789  warning: limit_hit  detail login\n"),
    ],
)
def test_a_terminal_gets_lines_for_a_person(line: Line, shown: str) -> None:
    """People read time, status, route and how long it took."""
    text = output(to_terminal, line)

    assert text == shown


def test_what_a_terminal_cannot_show_is_replaced() -> None:
    """A broken character is no reason to lose the line."""
    text = output(to_terminal, {**EVENT, "detail": "a\ud800b"})

    assert text.endswith("detail a?b\n")


@pytest.mark.parametrize("make", [to_stream, to_terminal])
def test_a_reader_that_has_gone_stops_nothing(make: Callable[[int], Write]) -> None:
    """Writing to a closed pipe is no error."""
    reading, writing = os.pipe()
    os.close(reading)
    write = make(writing)

    write(EVENT)

    os.close(writing)
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(writing)


def test_an_application_gets_records(caplog: pytest.LogCaptureFixture) -> None:
    """The standard library's logging gets the line to read and the values beside it, at its level."""
    write = to_logging(logging.getLogger("wicketgate.test"))

    with caplog.at_level(logging.INFO, "wicketgate.test"):
        write(REQUEST)
        write(EVENT)

    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]
    assert "GET  /api/profile" in caplog.records[0].getMessage()
    assert vars(caplog.records[1])["wicketgate"] == dict(EVENT)


def test_an_application_may_hear_less(caplog: pytest.LogCaptureFixture) -> None:
    """A level that is switched off costs no record."""
    write = to_logging(logging.getLogger("wicketgate.test"))

    with caplog.at_level(logging.WARNING, "wicketgate.test"):
        write(REQUEST)
        write(EVENT)

    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize(("style", "readable"), [("json", False), ("text", True), ("auto", False)])
def test_a_process_of_its_own_writes_to_standard_output(style: str, readable: bool, tmp_path: Path) -> None:
    """Into a file "auto" writes JSON, and each style is what it says."""
    code = (
        "import json, sys\n"
        "from wicketgate.logs import for_process\n"
        "for_process(sys.argv[1])(json.loads(sys.argv[2]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, style, json.dumps(EVENT)], capture_output=True, check=True)

    assert ran.stdout.startswith(b"12:34") is readable
    assert ran.stdout.startswith(b"{") is not readable


@pytest.mark.parametrize("style", ["json", "text", "auto"])
def test_every_style_has_a_writer(style: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The writer of each style writes the line to standard output."""
    write = for_process(style)  # type: ignore[arg-type]

    write(EVENT)

    assert "limit_hit" in capfd.readouterr().out
