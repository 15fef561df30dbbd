"""Both stores that people use, each property against each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.properties.world import DynamoDBDepths, SqliteDepths, World
from tests.support.dynamodb_local import dynamodb_store, random_table
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.sqlite import SqliteStore


@pytest.fixture(params=["sqlite", "dynamodb"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A service on a store of its own, shared by all examples of one property."""
    if request.param == "sqlite":
        path = tmp_path / "users.db"
        sqlite = World(SqliteStore(path), SqliteDepths(path))
        yield sqlite
        await sqlite.app.stop()
        return
    endpoint: str = request.getfixturevalue("dynamodb_local")
    table = random_table()
    meter = Meter()
    store = dynamodb_store(endpoint, table, meter)
    await store.create_table()
    async with ClientSession() as session:
        dynamodb = World(store, DynamoDBDepths(endpoint, table, session, meter))
        yield dynamodb
        await dynamodb.app.stop()
