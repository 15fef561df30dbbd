"""Says in one line each what could not be looked at here."""

from __future__ import annotations

import shutil

import pytest

from tests.terraform.container import hadolint
from tests.terraform.tools import provider


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each tool that this machine does not have."""
    if not shutil.which("terraform"):
        terminalreporter.write_line("terraform is not on this machine: format, validate and test were not run.")
        return
    found = provider()
    if found is None:
        terminalreporter.write_line("No AWS provider (TF_PLUGIN_DIR): terraform validate and test were not run.")
    elif not found.complete:
        terminalreporter.write_line(f"terraform ran with provider {found.version}, less what only 6.29 knows.")
    if hadolint() is None:
        terminalreporter.write_line(
            "hadolint is not on this machine: the Dockerfile was checked by our own rules only."
        )
