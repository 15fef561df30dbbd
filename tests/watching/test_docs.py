"""What docs/watching.md says to do works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx

from tests.support.events import notes, security_events
from tests.support.ports import free_port, running_service
from tests.watching.shell import ROOT, Shell, sections
from tests.watching.test_served import until
from wicketgate.core.events import SecurityEvent
from wicketgate.logs import Line, Log

WATCHING = sections("watching.md")
TEXT = (ROOT / "docs" / "watching.md").read_text()


def test_an_application_that_sets_up_an_sdk_sees_spans(tmp_path: Path) -> None:
    """The Python block, served by uvicorn with `TRACES=true`, prints the spans of a request."""
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```$", TEXT)
    (tmp_path / "traced.py").write_text(code)
    port = free_port()
    command = ["-m", "uvicorn", "traced:app", "--port", str(port), "--log-level", "warning"]

    def spans() -> set[str]:
        said = (tmp_path / f"service-{port}.log").read_text()
        return set(re.findall(r'"name": "([^"]+)"', said))

    with running_service(port, tmp_path, command, TRACES="true", OTEL_BSP_SCHEDULE_DELAY="100"):
        assert httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200

        shown = until(lambda: {"GET /readyz", "store ping"} <= spans())

    assert shown, spans()


def test_stats_runs_as_shown(tmp_path: Path) -> None:
    """The command counts the users of the file in the folder."""
    (block,) = WATCHING["Users in numbers"]

    assert Shell(tmp_path).run(block).startswith("users")


def test_what_is_to_be_installed_are_extras() -> None:
    """Each extra that a page names is one of the package's."""
    project = (ROOT / "pyproject.toml").read_text()

    named = set(re.findall(r"wicketgate\[([a-z]+)\]", TEXT))

    assert named == {"metrics", "otel"}
    assert all(re.search(rf"(?m)^{extra} = \[", project) for extra in named)


async def test_every_event_is_in_the_table() -> None:
    """Events that the code writes are explained, and those that are explained exist, at the level that is said."""
    rows = re.findall(r"(?m)^\| (`[a-z_`, ]+) \| [^|]* \| (info|warning|error) \|$", TEXT)
    explained = {name: level for names, level in rows for name in re.findall(r"`([a-z_]+)`", names)}

    assert set(explained) == security_events() | notes() | {"request", "fault"}
    lines: list[Line] = []
    for name in security_events():
        await Log(lines.append).security(SecurityEvent(name))
    assert {line["event"]: line["level"] for line in lines} == {name: explained[name] for name in security_events()}


async def test_a_metric_filter_matches_the_log() -> None:
    """The filter for CloudWatch names a field and an event that lines have."""
    lines: list[Line] = []
    await Log(lines.append).security(SecurityEvent("login_failed"))

    assert '{ $.event = "login_failed" }' in TEXT
    assert json.loads(json.dumps(lines))[0]["event"] == "login_failed"
