"""What a log line holds, and what it never does."""

from __future__ import annotations

import pytest

from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import network_of
from wicketgate.logs import Line, Log


def written(use: str, *values: object) -> Line:
    """The one line that a call writes, without its time."""
    lines: list[Line] = []
    getattr(Log(lines.append), use)(*values)
    (line,) = lines
    assert str(line["time"]).endswith("Z")
    return {name: value for name, value in line.items() if name != "time"}


async def told(event: SecurityEvent) -> Line:
    """The one line that an event writes, without its time."""
    lines: list[Line] = []
    await Log(lines.append).security(event)
    (line,) = lines
    return {name: value for name, value in line.items() if name != "time"}


async def test_a_writer_that_raises(capfd: pytest.CaptureFixture[str]) -> None:
    """What was to be noted has happened: nobody meets the fault. It is told on standard error once, by its kind."""
    lines: list[Line] = []

    def write(line: Line) -> None:
        if line["event"] != "logout":
            raise ConnectionError("ada@example.com could not be noted")
        lines.append(line)

    log = Log(write)
    log.request("id-1", "GET", "/api/profile", 200, 1.2, None)
    for event in ("login", "logout"):
        await log.security(SecurityEvent(event))

    assert [line["event"] for line in lines] == ["logout"]
    assert capfd.readouterr().err == "wicketgate: write_log raised ConnectionError; such lines of the log are lost\n"


def test_a_request_is_a_line() -> None:
    """A request's line has its id, method, route, status, milliseconds and user."""
    line = written("request", "id-1", "GET", "/api/profile", 200, 1.23456, "ada-id")

    assert line == {
        "level": "info",
        "event": "request",
        "id": "id-1",
        "method": "GET",
        "route": "/api/profile",
        "status": 200,
        "ms": 1.23,
        "user": "ada-id",
    }


def test_a_refused_request_says_from_which_network() -> None:
    """Who knocks at many doors can be seen, and nobody is named."""
    line = written("request", "id-1", "POST", "/api/auth/login", 403, 1.0, None, "203.0.113.7")

    assert line["source"] == "203.0.113.0/24"


def test_an_unknown_path_and_user_are_not_named() -> None:
    """A path that is none of ours is null, and a user who is not known is left out."""
    line = written("request", "id-1", "GET", None, 404, 1.0, None)

    assert line["route"] is None
    assert "user" not in line


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("signup", "info"),
        ("login", "info"),
        ("logout", "info"),
        ("api_token_rotated", "info"),
        ("login_failed", "warning"),
        ("signup_refused", "warning"),
        ("limit_hit", "warning"),
    ],
)
async def test_what_happens_to_an_account_is_a_line(name: str, level: str) -> None:
    """A security event is a line of its own, a warning when someone was refused."""
    line = await told(SecurityEvent(name, "ada-id", "203.0.113.7", "login"))

    assert line == {"level": level, "event": name, "user": "ada-id", "source": "203.0.113.0/24", "detail": "login"}


async def test_what_is_not_known_is_left_out() -> None:
    """An event without a user or a source has no such names."""
    line = await told(SecurityEvent("signup"))

    assert line == {"level": "info", "event": "signup"}


@pytest.mark.parametrize(
    ("source", "network"),
    [
        (None, None),
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("unknown", "unknown"),
    ],
)
def test_no_whole_address_is_written(source: str | None, network: str | None) -> None:
    """A source is told by its neighbourhood."""
    found = network_of(source)

    assert found == network


def fault(error: Exception) -> Line:
    """The line of a fault."""
    try:
        raise error
    except Exception as raised:
        return written("fault", "id-1", raised)


def test_the_message_of_another_is_never_written() -> None:
    """A foreign error may quote what a person typed, so only its kind and its place are told."""
    line = fault(ValueError("correct horse"))

    assert (line["level"], line["event"], line["id"], line["kind"]) == ("error", "fault", "id-1", "ValueError")
    assert "message" not in line
    assert "correct horse" not in str(line)


def test_the_place_of_a_fault_is_written() -> None:
    """The last frames are told by file, line and function, without folders or source."""
    line = fault(ValueError("secret"))

    (frame,) = line["at"]
    file, _, rest = frame.partition(":")
    assert file == "test_lines.py"
    assert rest.endswith(" fault")


def test_a_deep_fault_is_bounded() -> None:
    """Of a long trace the last twelve frames are told."""

    def deep(levels: int) -> None:
        if levels == 0:
            raise ValueError
        deep(levels - 1)

    try:
        deep(50)
    except ValueError as error:
        line = written("fault", "id-1", error)

    assert len(line["at"]) == 12


def test_our_own_message_is_written() -> None:
    """What we say ourselves holds nothing that a person typed."""
    line = fault(StoreUnavailable("the database file is locked"))

    assert (line["kind"], line["message"]) == ("StoreUnavailable", "the database file is locked")


def test_the_service_speaks_of_itself() -> None:
    """A note has a level and a message."""
    line = written("note", "store_unavailable", "gone", "warning")

    assert line == {"level": "warning", "event": "store_unavailable", "message": "gone"}
