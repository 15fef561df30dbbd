"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests.support.chromium.report import pytest_terminal_summary
from tests.support.dynamodb_local import dynamodb_local

__all__ = ["dynamodb_local", "pytest_terminal_summary"]

TESTS: Final = Path(__file__).parent
UNCOUNTED: Final = frozenset(
    {"architecture", "browser", "docs", "faults", "fuzz", "model", "properties", "soak", "terraform"}
)
"""Folders whose tests do not count for the coverage, which others have without them.

Most of them do much the same hundreds of times, and tracing takes as long again as doing it.
"""

# A service lives as long as one test, and its examples share it: starting one for each would take the most time.
settings.register_profile(
    "wicketgate",
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("wicketgate")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Has the tests of some folders run without being traced."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in UNCOUNTED:
            item.add_marker("no_cover")
