"""Every test here runs against every store, and DynamoDB is asked for nothing that Terraform grants no right to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.dynamodb_local import fresh_dynamodb_store
from tests.terraform.module import local
from tests.terraform.recorder import RightsMeter
from wicketgate.core.ports import Store
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore

MAKING: Final = {"dynamodb:CreateTable", "dynamodb:UpdateTimeToLive", "dynamodb:UpdateContinuousBackups"}
"""What Terraform does itself."""


@pytest.fixture(params=["memory", "sqlite", "dynamodb"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    made: Store
    meter = RightsMeter()
    if request.param == "memory":
        made = MemoryStore()
    elif request.param == "sqlite":
        made = SqliteStore(tmp_path / "users.db")
    else:
        made = await fresh_dynamodb_store(request.getfixturevalue("dynamodb_local"), meter)
    yield made
    await made.close()
    of_table = {*local("service_table_actions"), *local("operator_table_actions"), *MAKING}
    assert {right.action for right in meter.rights if not right.index} <= of_table
    assert {right.action for right in meter.rights if right.index} <= set(local("operator_index_actions"))
