"""What DynamoDB answers, from the bytes of its connection to the user that an item holds."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any, cast

from aiodynamo.credentials import Key, StaticCredentials
from aiodynamo.errors import ConditionalCheckFailed, TransactionCanceled
from aiodynamo.http.types import RequestFailed, Response

from tests.fuzz.kit import Reads, Target, says_nothing_of
from wicketgate.core.errors import WicketgateError
from wicketgate.core.users import UserRecord
from wicketgate.stores.dynamodb import DynamoDBStore, http
from wicketgate.stores.dynamodb.loops import Loops

STATUSES = (b"200", b"400", b"413")


class _Wire(asyncio.Transport):
    """A transport to nobody."""

    def write(self, data: Any) -> None:
        pass

    def abort(self) -> None:
        pass


@contextmanager
def connection() -> Iterator[Reads]:
    """Bytes are an answer, a broken connection or the beginning of either, and never anything else."""

    async def fed(data: bytes) -> None:
        connection = http._Connection()
        connection.connection_made(cast(asyncio.Transport, _Wire()))
        answer = connection.ask(b"request", math.inf)
        for start in range(0, len(data), 7):
            connection.data_received(data[start : start + 7])
        connection.connection_lost(None)
        try:
            found = await answer
        except RequestFailed:
            return
        assert found.body in data or b"chunked" in data.lower()

    with asyncio.Runner() as runner:
        yield lambda data: runner.run(fed(data))


class _Mouth(http.Transport):
    """Answers everything with what it is told to say."""

    says = Response(200, b"")

    async def ask(self, place: http.Place, request: bytes, until: float) -> Response:
        return self.says


@contextmanager
def store() -> Iterator[Reads]:
    """An answer is a user, nobody, or a fault of the store."""

    async def transport() -> AsyncGenerator[http.Transport]:
        yield _Mouth()

    store = DynamoDBStore("users", "us-east-1", "http://localhost:1")
    store._dynamo._loops = Loops(transport, lambda: StaticCredentials(Key("id", "secret")))

    def read(data: bytes) -> None:
        status, _, body = data.partition(b" ")
        _Mouth.says = Response(int(status) if status in STATUSES else 200, body)
        try:
            found = runner.run(store.get("u"))
        except (ConditionalCheckFailed, TransactionCanceled):
            pass  # These answer writes, whose makers know what they mean.
        except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
            if not _is_json(body):  # JSON that DynamoDB never sends is a fault, which is answered 500.
                raise AssertionError from error
        except WicketgateError as error:
            says_nothing_of(error, "\n")
        else:
            assert found is None or isinstance(found, UserRecord)

    with asyncio.Runner() as runner:
        yield read
        runner.run(store.close())


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        return isinstance(error, RecursionError)
    return True


ITEM = {
    "Item": {
        **{name: {"S": name} for name in ("userId", "email", "name", "bio", "plan", "createdAt", "lastModified")},
        "sessionVersion": {"N": "1"},
        "revokedSessions": {"M": {"j": {"N": "1900000000"}}},
        "more": {
            "L": [{"B": "YQ=="}, {"SS": ["a"]}, {"NS": ["1"]}, {"BOOL": True}, {"NULL": True}, {"BS": ["YQ=="]}]
        },
    }
}
CANCELLED = {"__type": "a#TransactionCanceledException", "CancellationReasons": [{"Code": "None"}], "message": "m"}
REFUSED = {"__type": "com.amazon.coral#AccessDeniedException", "Message": "you may not\nread this"}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"

TARGETS = {
    "connection of DynamoDB": Target(
        (
            OK % (2, b"{}"),
            b"HTTP/1.1 503 x\r\nConnection: close\r\n\r\noops",
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3;x=1\r\n:1}\r\n0\r\nT: x\r\n\r\n',
            b"HTTP/1.1 100 Continue\r\n\r\n" + OK % (0, b"") + OK % (2, b"{}"),
            b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        ),
        connection,
    ),
    "answer of DynamoDB": Target(
        (
            b"200 " + json.dumps(ITEM).encode(),
            b"200 {}",
            b"400 " + json.dumps(CANCELLED).encode(),
            b"400 " + json.dumps(REFUSED).encode(),
            b"413 <html>",
        ),
        store,
    ),
}
