"""A service on a real store, and a way past it to what the store holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Protocol

import apsw
from aiodynamo.client import Client
from aiodynamo.credentials import Key, StaticCredentials
from aiodynamo.expressions import F
from aiodynamo.http.aiohttp import AIOHTTP
from aiohttp import ClientSession
from yarl import URL

from tests.support.dynamodb_local import REGION
from tests.support.faulty import FaultyStore
from tests.support.service import Service
from wicketgate.core.ports import Store
from wicketgate.stores.dynamodb.capacity import Meter

Raw = dict[str, Any]


class Depths(Protocol):
    """What lies in a store, under the design's own names of attributes, read without any of our code."""

    async def user(self, user_id: str) -> Raw:
        """The user kept under this primary key."""
        ...

    async def everything(self) -> str:
        """All that the store holds, as text."""
        ...

    async def set_plan(self, user_id: str, plan: str) -> None:
        """Changes one attribute of the user kept under this primary key."""
        ...

    def searches(self) -> int:
        """How often the service looked for something otherwise than by primary key, as far as that is counted."""
        ...


class SqliteDepths:
    """Reads the file with a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def user(self, user_id: str) -> Raw:
        """One row of `users`."""
        columns = self._columns()
        (row,) = self._run("SELECT * FROM users WHERE id = ?", user_id)
        raw = dict(zip(columns, row, strict=True))
        private: Raw = json.loads(raw.pop("private") or "{}")
        return {_camel(name): value for name, value in raw.items()} | {"userId": raw["id"]} | private

    async def everything(self) -> str:
        """Every row of every table."""
        names = [name for (name,) in self._run("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return "\n".join(repr(self._run(f'SELECT * FROM "{name}"')) for name in names)

    async def set_plan(self, user_id: str, plan: str) -> None:
        """Writes the row."""
        self._run("UPDATE users SET plan = ? WHERE id = ?", plan, user_id)

    def searches(self) -> int:
        """Not counted: the statements are in `rows.py`."""
        return 0

    def _columns(self) -> list[str]:
        return [name for _, name, *_ in self._run("PRAGMA table_info(users)")]

    def _run(self, statement: str, *values: str) -> list[Any]:
        connection = apsw.Connection(str(self._path))
        try:
            connection.set_busy_timeout(5000)
            return list(connection.execute(statement, values))
        finally:
            connection.close()


class DynamoDBDepths:
    """Asks DynamoDB itself."""

    def __init__(self, endpoint: str, table: str, session: ClientSession, meter: Meter) -> None:
        self._meter = meter
        client = Client(AIOHTTP(session), StaticCredentials(Key("test", "test")), REGION, URL(endpoint))
        self._table = client.table(table)

    async def user(self, user_id: str) -> Raw:
        """One item."""
        return await self._table.get_item({"userId": user_id}, consistent_read=True)

    async def everything(self) -> str:
        """Every item."""
        return "\n".join([repr(item) async for item in self._table.scan()])

    async def set_plan(self, user_id: str, plan: str) -> None:
        """Updates the item."""
        await self._table.update_item({"userId": user_id}, F("plan").set(plan))

    def searches(self) -> int:
        """Queries and scans that DynamoDB answered to the service."""
        return self._meter.calls.get("Query", 0) + self._meter.calls.get("Scan", 0)


class World(Service):
    """A service, the depths of its store, and the same service on a store that breaks on demand."""

    def __init__(self, store: Store, depths: Depths, **changes: Any) -> None:
        # Examples share the store; only Property 15 is about how often something may be tried.
        limits: dict[str, Any] = {
            "rate_limit_max_requests": 0,
            "signup_limit_max_requests": 0,
            "account_limit_max_failures": 0,
            "mail_limit_max_requests": 0,
            "mail_limit_per_address": 0,
            "link_limit_max_requests": 0,
        }
        super().__init__(store, **{**limits, **changes})
        self.depths = depths
        self.faulty = FaultyStore(store)
        self.broken = Service(self.faulty, clock=self.clock)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
