"""The least that answers a session read: an empty answer on the same server, after one read without anything around.

No session is checked, nothing is logged, the row or item is not looked at. What is read is the first user there is.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import apsw
from aiodynamo.credentials import Key
from starlette.types import Receive, Scope, Send

from bench import empty
from tests.support.dynamodb_local import REGION, dynamodb_store
from wicketgate.stores.dynamodb.calls import encode
from wicketgate.stores.dynamodb.signing import Signer

Read = Callable[[], Awaitable[None]]


class Floor:
    """Reads once, then answers as `empty.bare`."""

    def __init__(self, prepared: Callable[[], Awaitable[Read]]) -> None:
        self._prepared = prepared
        self._read: Read | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if self._read is None:
                self._read = await self._prepared()
            await self._read()
            await empty.bare(scope, receive, send)


def reading_sqlite(path: str) -> Read:
    """One row by its key."""
    connection = apsw.Connection(path)
    user = connection.execute("SELECT id FROM users LIMIT 1").get

    async def read() -> None:
        assert connection.execute("SELECT * FROM users WHERE id = ?", (user,)).get is not None

    return read


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of DynamoDB, and who signs it with which key."""

    asked: Mapping[str, Any]
    signer: Signer
    key: Key

    @property
    def request(self) -> bytes:
        """The whole request, which may be sent again and again: DynamoDB Local looks at no clock."""
        return self.signer.signed("GetItem", encode(self.asked), self.key)


async def question(endpoint: str, table: str) -> Question:
    """The question for a user of the table."""
    store = dynamodb_store(endpoint, table)
    [user], _ = await store.page(None, 1)
    await store.close()
    asked = {"TableName": table, "Key": {"userId": {"S": user.id}}, "ConsistentRead": True}
    return Question(asked, Signer(REGION, endpoint), Key("test", "test"))


def reading_dynamodb(question: Question) -> Read:
    """One item by its key: bytes that are ready leave, and others come."""
    request, place = question.request, question.signer.place
    idle: list[_Connection] = []

    async def read() -> None:
        connection = idle.pop() if idle else await _connected(place.host, place.port)
        assert (await connection.ask(request)).startswith(b"HTTP/1.1 200")
        idle.append(connection)

    return read


class _Connection(asyncio.Protocol):
    """A connection whose answers are small and come in one piece."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """The answer to come."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        assert self._answer is not None
        self._answer.set_result(data)


async def _connected(host: str, port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, host, port)
    return connection


async def _on_sqlite() -> Read:
    return reading_sqlite(os.environ["SQLITE_PATH"])


async def _on_dynamodb() -> Read:
    asked = await question(os.environ["AWS_ENDPOINT_URL_DYNAMODB"], os.environ["DYNAMODB_TABLE_NAME"])
    return reading_dynamodb(asked)


on_sqlite = Floor(_on_sqlite)
on_dynamodb = Floor(_on_dynamodb)
