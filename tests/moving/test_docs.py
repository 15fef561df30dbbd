"""`docs/moving.md` is true: its examples run as they stand there, and every option that it names exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.moving.conftest import Run, everyone

TEXT = (Path(__file__).parents[2] / "docs" / "moving.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    """The examples of one kind, in the order of the page."""
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def test_the_commands_run_as_they_stand_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first import to the round trip into another store, every command succeeds."""
    (tmp_path / "people.csv").write_text(blocks("csv")[0])

    for line in "".join(blocks("sh")).splitlines():
        before, _, arguments = line.partition("wicketgate ")
        for name, _, value in (variable.partition("=") for variable in before.split()):
            monkeypatch.setenv(name, value)
        assert run(*shlex.split(arguments)).code == 0, line

    assert sorted(everyone()) == ["ada@example.com", "bob@example.com"]
    assert "SQLITE_PATH=other.db" in TEXT


def test_the_lines_of_json_come_along(run: Run) -> None:
    """The example of JSON Lines is one."""
    ran = run("users", "import", "-", stdin=blocks("json")[0].encode())

    assert ran.code == 0
    assert everyone()["ada@example.com"].bio == "I write programs."


@pytest.mark.parametrize("command", [("users", "import"), ("users", "export"), ("table", "adopt")])
def test_every_option_is_in_the_page(run: Run, command: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever `--help` lists for moving is told in the page."""
    with pytest.raises(SystemExit):
        run(*command, "--help")

    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert options
    assert {option for option in options if option not in TEXT} == set()
