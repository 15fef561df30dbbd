"""Every test here runs against every store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.dynamodb_local import fresh_dynamodb_store
from wicketgate.core.ports import Store
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite", "dynamodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = SqliteStore(tmp_path / "users.db")
    else:
        made = await fresh_dynamodb_store(request.getfixturevalue("dynamodb_local"))
    yield made
    await made.close()
