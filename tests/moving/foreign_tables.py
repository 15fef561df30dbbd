"""Tables that other programs made and filled, in DynamoDB Local."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiodynamo.credentials import Key, StaticCredentials
from aiodynamo.utils import py2dy

from tests.support.dynamodb_local import REGION, random_table
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.scanning import ScannedTable

Item = Mapping[str, Any]


def reached(endpoint: str, table: str) -> Dynamo:
    """A table, with credentials that open nothing."""
    return Dynamo(table, REGION, endpoint, lambda: StaticCredentials(Key("test", "test")), None)


async def made(endpoint: str, *keys: str) -> str:
    """The name of a new, empty table with these keys, all text."""
    dynamo = reached(endpoint, random_table())
    schema = [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)]
    types = [{"AttributeName": key, "AttributeType": "S"} for key in keys]
    layout = {"BillingMode": "PAY_PER_REQUEST", "KeySchema": schema, "AttributeDefinitions": types}
    async with dynamo.call() as call:
        await call.client.send_request(action="CreateTable", payload={"TableName": dynamo.table, **layout})
    await dynamo.close()
    return dynamo.table


async def filled(endpoint: str, table: str, items: Sequence[Item]) -> None:
    """Puts items as they are."""
    dynamo = reached(endpoint, table)
    puts = [{"PutRequest": {"Item": py2dy(dict(item))}} for item in items]
    gate = asyncio.Semaphore(8)

    async def write(batch: Sequence[Any]) -> None:
        async with gate, dynamo.call() as call:
            answer = await call.client.send_request(
                action="BatchWriteItem", payload={"RequestItems": {table: list(batch)}}
            )
            assert not answer.get("UnprocessedItems")

    await asyncio.gather(*(write(puts[start : start + 25]) for start in range(0, len(puts), 25)))
    await dynamo.close()


async def everything(endpoint: str, table: str) -> list[dict[str, Any]]:
    """Every item of a table, in the order of its contents."""
    scanned = ScannedTable(reached(endpoint, table))
    found: list[dict[str, Any]] = []
    after: Any = None
    while True:
        items, after = await scanned.page(after)
        found += items
        if after is None:
            break
    await scanned.close()
    return sorted(found, key=repr)
