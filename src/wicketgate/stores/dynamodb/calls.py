"""One call of DynamoDB: however many attempts it takes, one deadline and one meaning of what went wrong.

aiodynamo puts requests into DynamoDB's words and reads its answers. How they are sent is ours, for it costs more
than anything else that a session read does (bench/README.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

import msgspec
from aiodynamo.client import Client, Table
from aiodynamo.credentials import Credentials
from aiodynamo.credentials import Key as AwsKey
from aiodynamo.errors import ExpiredToken, NoCredentialsFound, TransactionCanceled, exception_from_response
from aiodynamo.http.types import RequestFailed
from aiodynamo.models import BatchGetRequest

from wicketgate.core.errors import StoreUnavailable
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.dynamodb.faults import meaning
from wicketgate.stores.dynamodb.http import transport
from wicketgate.stores.dynamodb.items import Item, number, plain
from wicketgate.stores.dynamodb.keys import KEY, Key
from wicketgate.stores.dynamodb.loops import Connection, Loops
from wicketgate.stores.dynamodb.retries import passing, pauses, summary
from wicketgate.stores.dynamodb.signing import Signer

DEADLINE_SECONDS: Final = 2.5
"""For all attempts together, so that a service in front can still say 503 within three seconds."""

_BATCH: Final = 100

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(dict[str, Any]).decode


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
        self.meter = meter
        self.signer = Signer(region, endpoint or f"https://dynamodb.{region}.amazonaws.com/")
        self._loops = Loops(transport, credentials)

    def call(self) -> Call:
        """`async with dynamo.call() as call: await call.table.get_item(…)`."""
        return Call(self, self._loops)

    async def read(self, key: Key) -> Item | None:
        """One item, strongly consistent, or None: one read unit up to 4 KB."""
        async with self.call() as call:
            return await call.read(key)

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
            for pause in (0, *pauses()):
                await asyncio.sleep(pause)
                answer = await call.client.batch_get({self.table: BatchGetRequest(left, consistent_read=consistent)})
                found += answer.items.get(self.table, [])
                left = answer.unprocessed_keys.get(self.table, [])
                if not left:
                    return found
        raise StoreUnavailable(f"DynamoDB: {len(left)} of {len(keys)} items left out each time")

    async def close(self) -> None:
        """Closes the connections of every event loop."""
        await self._loops.close()


class Part:
    """What the parts of a store have in common: the table they lie in."""

    def __init__(self, dynamo: Dynamo) -> None:
        self._dynamo = dynamo


@dataclass(frozen=True, kw_only=True)
class Speaker(Client):
    """aiodynamo's client, for its expressions and what it makes of answers; what it says goes our way."""

    call: Call

    async def send_request(self, *, action: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """As part of the call."""
        return await self.call.send(action, payload)


class Call:
    """The time and the attempts of one call. Raises StoreUnavailable or StoreMisconfigured on leaving it."""

    __slots__ = ("_connection", "_dynamo", "_loops", "_until", "detail", "doubtful")

    _connection: Connection
    _until: float

    def __init__(self, dynamo: Dynamo, loops: Loops) -> None:
        self._dynamo = dynamo
        self._loops = loops
        self.detail = ""
        self.doubtful = False
        """Whether an attempt may have taken effect although its answer was lost."""

    @property
    def client(self) -> Client:
        """What says things in DynamoDB's words."""
        connection = self._connection
        return Speaker(connection.http, connection.keys.source, self._dynamo.region, numeric_type=number, call=self)

    @property
    def table(self) -> Table:
        """The same, of the table."""
        return self.client.table(self._dynamo.table)

    async def read(self, key: Key) -> Item | None:
        """One item, strongly consistent, or None."""
        asked = {"TableName": self._dynamo.table, "Key": {KEY: {"S": key[KEY]}}, "ConsistentRead": True}
        answer = await self.send("GetItem", asked)
        return plain(answer["Item"]) if "Item" in answer else None

    async def send(self, action: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What DynamoDB answers to this, at the last of a few attempts. Raises its errors as aiodynamo names them."""
        meter = self._dynamo.meter
        body = encode(payload if meter is None else meter.asking(action, payload))
        waits = pauses()
        while isinstance(answer := await self._attempt(action, body), Exception):
            pause = next(waits, None)
            if pause is None or _now() + pause > self._until:
                raise answer
            await asyncio.sleep(pause)
        if meter is not None:
            meter.note(action, answer)
        return answer

    async def _attempt(self, action: str, body: bytes) -> dict[str, Any] | Exception:
        """The answer, or what went wrong and may go right the next time. Raises what will not."""
        connection, signer = self._connection, self._dynamo.signer
        key = connection.keys.at_hand or await self._key()
        if key is None:
            return NoCredentialsFound()
        try:
            response = await connection.http.ask(signer.place, signer.signed(action, body, key), self._until)
        except (TimeoutError, RequestFailed) as fault:
            self.doubtful = True
            return fault
        if response.status == 200:
            return _read(response.body)
        self.detail = summary(response.status, response.body)
        error = exception_from_response(response.status, response.body)
        if passing(response.status, response.body):
            self.doubtful = True
        elif not (isinstance(error, ExpiredToken) and connection.keys.invalidate()):
            raise error
        return error

    async def _key(self) -> AwsKey | None:
        async with asyncio.timeout_at(self._until):
            return await self._connection.keys.looked_up()

    async def __aenter__(self) -> Call:
        self._connection = await self._loops.connection()
        self._until = _now() + DEADLINE_SECONDS
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ours = meaning(error, self._dynamo.table, self.detail) if error is not None else None
        if ours is not None:
            raise ours from error


def _now() -> float:
    return asyncio.get_running_loop().time()


def _read(body: bytes) -> dict[str, Any]:
    try:
        return decode(body)
    except ValueError as error:
        raise StoreUnavailable("DynamoDB: an answer that is no JSON") from error


def failed_conditions(error: TransactionCanceled) -> list[bool]:
    """Which operations of a cancelled transaction had a condition that failed.

    Raises StoreUnavailable if none had: then it was cancelled for a reason that says nothing about the data.
    """
    failed = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons]
    if not any(failed):
        raise StoreUnavailable(f"DynamoDB cancelled a transaction: {error.cancellation_reasons}") from error
    return failed
