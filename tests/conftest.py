"""What every test may ask for."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.support.chromium.report import pytest_terminal_summary
from tests.support.dynamodb_local import dynamodb_local

__all__ = ["dynamodb_local", "pytest_terminal_summary"]

# A service lives as long as one test, and its examples share it: starting one for each would take the most time.
settings.register_profile(
    "wicketgate",
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("wicketgate")
