"""One call of DynamoDB: however many attempts it takes, one deadline and one meaning of what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final

from aiodynamo.client import Client, Table
from aiodynamo.credentials import Credentials
from aiodynamo.errors import ItemNotFound, TransactionCanceled
from aiodynamo.http.types import HttpImplementation, Request, Response
from aiodynamo.models import BatchGetRequest
from yarl import URL

from wicketgate.core.errors import StoreUnavailable
from wicketgate.stores.dynamodb.capacity import Meter, MeteredClient
from wicketgate.stores.dynamodb.faults import meaning
from wicketgate.stores.dynamodb.http import transport
from wicketgate.stores.dynamodb.items import Item, number
from wicketgate.stores.dynamodb.keys import Key
from wicketgate.stores.dynamodb.loops import Loops
from wicketgate.stores.dynamodb.retries import FewAttempts, passing, summary

DEADLINE_SECONDS: Final = 2.5
"""For all attempts together, so that a service in front can still say 503 within three seconds."""

_RETRIES: Final = FewAttempts()
_BATCH: Final = 100


class Dynamo:
    """A table somewhere, and how to call it from any event loop."""

    def __init__(
        self,
        table: str,
        region: str,
        endpoint: str | None,
        credentials: Callable[[], Credentials],
        meter: Meter | None,
    ) -> None:
        self.table = table
        self.region = region
        self._endpoint = URL(endpoint) if endpoint else None
        self._meter = meter
        self._loops = Loops(transport, credentials)

    def call(self) -> Call:
        """`async with dynamo.call() as call: await call.table.get_item(…)`."""
        return Call(self, self._loops)

    async def read(self, key: Key) -> Item | None:
        """One item, strongly consistent, or None: one read unit up to 4 KB."""
        async with self.call() as call:
            try:
                return await call.table.get_item(key, consistent_read=True)
            except ItemNotFound:
                return None

    async def read_many(self, keys: Sequence[Key], *, consistent: bool = False) -> list[Item]:
        """Those items that there are, in no order, up to a hundred with one call.

        Half a read unit for each key and 4 KB, a whole one when consistent; AWS bills what is not there as well.
        """
        found: list[Item] = []
        for start in range(0, len(keys), _BATCH):
            found += await self._read_batch(keys[start : start + _BATCH], consistent)
        return found

    async def _read_batch(self, keys: Sequence[Key], consistent: bool) -> list[Item]:
        """DynamoDB may leave out some for lack of capacity or room in the answer; they are asked for again."""
        found: list[Item] = []
        left: list[Item] = [*keys]
        async with self.call() as call:
            attempts = aiter(_RETRIES.attempts())
            while left:
                await anext(attempts)
                answer = await call.client.batch_get({self.table: BatchGetRequest(left, consistent_read=consistent)})
                found += answer.items.get(self.table, [])
                left = answer.unprocessed_keys.get(self.table, [])
        return found

    async def close(self) -> None:
        """Closes the connections of every event loop."""
        await self._loops.close()

    def client(self, http: HttpImplementation, credentials: Credentials) -> Client:
        """A client that sends through `http`; making one costs a microsecond."""
        if self._meter is None:
            return Client(http, credentials, self.region, self._endpoint, number, _RETRIES)
        return MeteredClient(http, credentials, self.region, self._endpoint, number, _RETRIES, meter=self._meter)


class Part:
    """What the parts of a store have in common: the table they lie in."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo


class Call:
    """The time and the attempts of one call. Raises StoreUnavailable or StoreMisconfigured on leaving it."""

    __slots__ = ("_deadline", "_dynamo", "_http", "_loops", "client", "detail", "doubtful", "table")

    client: Client
    table: Table
    _deadline: asyncio.Timeout
    _http: HttpImplementation

    def __init__(self, dynamo: Dynamo, loops: Loops) -> None:
        self._dynamo = dynamo
        self._loops = loops
        self.detail = ""
        self.doubtful = False
        """Whether an attempt may have taken effect although its answer was lost."""

    async def __aenter__(self) -> Call:
        connection = await self._loops.connection()
        self._http = connection.http
        self.client = self._dynamo.client(self._send, connection.credentials)
        self.table = self.client.table(self._dynamo.table)
        self._deadline = asyncio.timeout(DEADLINE_SECONDS)
        await self._deadline.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._deadline.__aexit__(kind, error, trace)
        except TimeoutError as late:
            detail = self.detail or "no answer"
            raise StoreUnavailable(f"DynamoDB: {detail} within {DEADLINE_SECONDS} s") from late
        ours = meaning(error, self._dynamo.table, self.detail) if error is not None else None
        if ours is not None:
            raise ours from error

    async def _send(self, request: Request) -> Response:
        """One attempt. aiodynamo tries a 503 again and knows fewer faults than there are, so each becomes one."""
        try:
            response = await self._http(request)
        except Exception:
            self.doubtful = True
            raise
        if response.status == 200:
            return response
        self.detail = summary(response.status, response.body)
        if not passing(response.status, response.body):
            return response
        self.doubtful = True
        return Response(503, response.body)


def failed_conditions(error: TransactionCanceled) -> list[bool]:
    """Which operations of a cancelled transaction had a condition that failed.

    Raises StoreUnavailable if none had: then it was cancelled for a reason that says nothing about the data.
    """
    failed = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons]
    if not any(failed):
        raise StoreUnavailable(f"DynamoDB cancelled a transaction: {error.cancellation_reasons}") from error
    return failed
