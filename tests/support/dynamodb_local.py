"""A real DynamoDB for the tests, on this machine.

    from tests.support.dynamodb_local import dynamodb_local, fresh_dynamodb_store

    async def test_something(dynamodb_local: str) -> None:
        store = await fresh_dynamodb_store(dynamodb_local)

`python -m tests.support.dynamodb_local --port 8000` runs it in the foreground.
"""

from __future__ import annotations

import argparse
import atexit
import functools
import secrets
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.dynamodb.server import Server, run

if TYPE_CHECKING:
    from wicketgate.stores.dynamodb import DynamoDBStore
    from wicketgate.stores.dynamodb.capacity import Meter

REGION = "us-east-1"


@functools.cache
def running() -> Server:
    """This process's server, started by the first who asks and ended with the process."""
    server = Server()
    atexit.register(server.stop)
    return server


@pytest.fixture(scope="session")
def dynamodb_local() -> str:
    """The endpoint of a running DynamoDB Local, one for each test process."""
    return running().endpoint


def random_table() -> str:
    """A table name that nobody else uses."""
    return f"users-test-{secrets.token_hex(6)}"


async def fresh_dynamodb_store(endpoint: str, meter: Meter | None = None) -> DynamoDBStore:
    """A store on a new, empty table. Whoever asks closes it."""
    store = dynamodb_store(endpoint, random_table(), meter)
    await store.create_table()
    return store


def dynamodb_store(endpoint: str, table: str, meter: Meter | None = None) -> DynamoDBStore:
    """A store on a table that may exist or not, with credentials that open nothing."""
    from aiodynamo.credentials import Key, StaticCredentials

    from wicketgate.stores.dynamodb import DynamoDBStore

    key = Key("test", "test")
    return DynamoDBStore(table, REGION, endpoint, credentials=lambda: StaticCredentials(key), meter=meter)


def endpoint_environment(endpoint: str, table: str) -> dict[str, str]:
    """What to add to the environment of a process that is to use this table."""
    return {
        "DYNAMODB_TABLE_NAME": table,
        "AWS_ENDPOINT_URL_DYNAMODB": endpoint,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def main() -> int:
    """Runs the server in the foreground."""
    parser = argparse.ArgumentParser(description="Run DynamoDB Local, in memory.")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--leashed", action="store_true", help="end when standard input closes")
    chosen = parser.parse_args()
    return run(chosen.port, leashed=chosen.leashed)


if __name__ == "__main__":
    sys.exit(main())
