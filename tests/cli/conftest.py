"""The command line in this process: an empty folder, an environment of its own, and what it prints."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from wicketgate.cli import main
from wicketgate.settings import Settings, variables


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A standard input with a person in front of it."""

    def isatty(self) -> bool:
        """It is one."""
        return True


Wicketgate = Callable[..., Ran]


@pytest.fixture
def wicketgate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Wicketgate:
    """`wicketgate("users", "list", stdin="…")`, in a folder where nothing is yet."""
    monkeypatch.chdir(tmp_path)
    for name, _ in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BCRYPT_COST", "4")

    def run(*arguments: str, stdin: str = "", terminal: bool = False) -> Ran:
        monkeypatch.setattr("sys.stdin", Terminal(stdin) if terminal else io.StringIO(stdin))
        code = main(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def ada(wicketgate: Wicketgate) -> str:
    """The address of a user who exists."""
    created = wicketgate("users", "create", "ada@example.com", "--name", "Ada", stdin="correct horse battery\n")
    assert created.code == 0
    return "ada@example.com"


def settings() -> Settings:
    """The settings that the commands see."""
    return Settings.from_env(os.environ)
