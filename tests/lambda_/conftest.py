"""What the tests of the function share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lambda_ import places
from tests.lambda_.runtime import Environment


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each thing that this machine does not have."""
    for missing in places.missing():
        terminalreporter.write_line(missing)


@pytest.fixture(scope="session")
def package() -> Path:
    """The package for x86-64, made once for each state of the sources."""
    return places.package()


@pytest.fixture
def environments(tmp_path: Path) -> Iterator[Environment.Starter]:
    """Starts environments as Lambda does, and ends them with the test."""
    starter = Environment.Starter(tmp_path)
    yield starter
    starter.end()
