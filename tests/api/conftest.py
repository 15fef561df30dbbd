"""A service in memory for each test."""

from __future__ import annotations

import pytest

from tests.support.service import Service


@pytest.fixture
def service() -> Service:
    """A service as it is in development, on a store that is empty."""
    return Service()
