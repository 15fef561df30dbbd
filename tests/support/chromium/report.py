"""Says in one line that the browser tests were left out, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chromium import why_not

BROWSER_TESTS = Path(__file__).parents[2] / "browser"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Adds the line to a run that asked for the browser tests and had none."""
    asked = [Path(config.invocation_params.dir, argument.partition("::")[0]).resolve() for argument in config.args]
    if any(BROWSER_TESTS.is_relative_to(path) or path.is_relative_to(BROWSER_TESTS) for path in asked):
        reason = why_not()
        if reason:
            terminalreporter.write_line(f"The browser tests were not run: {reason}", yellow=True)
