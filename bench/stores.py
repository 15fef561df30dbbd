"""Where the users of a run are kept: settings for a service on each store, with every limit on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import machine
from tests.support.dynamodb.server import Server
from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table

SECRETS = {
    "JWT_SECRET": "the bench's own secret for sessions, used by nobody else",
    "API_TOKEN_SECRET": "the bench's own secret for API tokens, used by nobody else",
}

Settings = dict[str, str]


@contextmanager
def on_sqlite() -> Iterator[Settings]:
    """Settings for a new file."""
    with TemporaryDirectory(prefix="wicketgate-bench-") as folder:
        yield {**SECRETS, "SQLITE_PATH": str(Path(folder) / "wicketgate.db")}


class DynamoDBLocal:
    """A running DynamoDB Local. In production it is another machine, so it is kept off the servers' cores."""

    def __init__(self) -> None:
        before = set(machine.children(os.getpid()))
        self._server = Server()
        self._pids = set(machine.children(os.getpid())) - before

    @property
    def endpoint(self) -> str:
        """Its address."""
        return self._server.endpoint

    def keep_on(self, cores: machine.Cores) -> None:
        """Keeps it on these cores."""
        for pid in self._pids:
            machine.pin(pid, cores)

    def new_table(self) -> Settings:
        """Settings for a new table."""
        table = random_table()
        asyncio.run(_create(self.endpoint, table))
        return {**SECRETS, **endpoint_environment(self.endpoint, table)}

    def stop(self) -> None:
        """Ends it."""
        self._server.stop()


async def _create(endpoint: str, table: str) -> None:
    store = dynamodb_store(endpoint, table)
    await store.create_table()
    await store.close()
