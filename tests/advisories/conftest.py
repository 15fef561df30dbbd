"""What tests of advisories share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wicketgate.core.ports import Store
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store, of each kind that needs nothing else."""
    opened: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "users.db")
    yield opened
    await opened.close()
