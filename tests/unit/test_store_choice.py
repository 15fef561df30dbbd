"""Which store the settings name."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from subprocess import run

from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.sqlite import SqliteStore


def test_without_a_table_it_is_sqlite(tmp_path: Path) -> None:
    """A laptop needs no more than a file, which is not made before it is used."""
    file = tmp_path / "users.db"

    store = open_store(Settings(sqlite_path=str(file)))

    assert isinstance(store, SqliteStore)
    assert not file.exists()
    asyncio.run(store.close())


async def test_a_table_means_dynamodb() -> None:
    """A table's name is all it takes, and nothing is asked of AWS yet."""
    store = open_store(Settings(dynamodb_table_name="users-test"))

    assert isinstance(store, DynamoDBStore)
    await store.close()


def test_a_start_pays_for_one_store() -> None:
    """A service on SQLite never imports a DynamoDB client."""
    code = (
        "import sys\n"
        "from wicketgate.settings import Settings\n"
        "from wicketgate.stores.choice import open_store\n"
        "open_store(Settings())\n"
        "print([name for name in ('aiodynamo', 'aiohttp', 'wicketgate.stores.dynamodb') if name in sys.modules])\n"
    )

    ran = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
