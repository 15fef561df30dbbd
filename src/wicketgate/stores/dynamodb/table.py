"""How the table is laid out: making one, and saying what differs in one that exists."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from aiodynamo.errors import (
    AccessDenied,
    ContinuousBackupsUnavailable,
    ResourceInUse,
    TableNotFound,
    UnknownOperation,
    ValidationException,
)

from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.keys import KEY
from wicketgate.stores.dynamodb.limits import EXPIRES

INDEX: Final = "EmailIndex"
_EMAIL: Final = "email"
_PATIENCE_SECONDS: Final = 120.0
_FINISHING_LOOKS: Final = 20
_BACKUP_ATTEMPTS: Final = 60
_NO_EXPIRY: Final = f"time to live is off; it must be on, for {EXPIRES}"

_LAYOUT: Final[Mapping[str, Any]] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": KEY, "AttributeType": "S"},
        {"AttributeName": _EMAIL, "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": KEY, "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": INDEX,
            "KeySchema": [{"AttributeName": _EMAIL, "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "Tags": [{"Key": "Application", "Value": "UserAuthentication"}, {"Key": "ManagedBy", "Value": "wicketgate"}],
}


async def create(dynamo: Dynamo) -> bool:
    """Makes the table, True; False if there is one that fits. Raises StoreMisconfigured if one differs."""
    made = await _described(dynamo) is None and await _made(dynamo)
    await _wait_until_active(dynamo)
    if not made:
        await _wait_until_finished(dynamo)
        await check(dynamo)
        return False
    await _expire(dynamo)
    await _keep_backups(dynamo)
    return True


async def check(dynamo: Dynamo) -> None:
    """Raises StoreMisconfigured, in one line, when the table is missing or has another shape."""
    differing = await differences(dynamo)
    if differing:
        raise StoreMisconfigured(f"table {dynamo.table} in {dynamo.region}: " + "; ".join(differing))


async def differences(dynamo: Dynamo) -> list[str]:
    """What is not as it must be, in plain words; empty when the table fits."""
    table = await _described(dynamo)
    if table is None:
        return ["it does not exist; `wicketgate table create` makes it"]
    return differing(table, await _time_to_live(dynamo))


def differing(table: Mapping[str, Any], time_to_live: Mapping[str, Any] | None) -> list[str]:
    """What differs in the descriptions that DynamoDB gives; None for one that we may not ask for."""
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in table.get("AttributeDefinitions", ())}
    found = []
    if _keys(table, types) != [(KEY, "HASH", "S")]:
        found.append(f"its key is {_said(_keys(table, types))}, not {KEY} (a string) alone")
    indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", ())}
    found += _index_differences(indexes.get(INDEX), types)
    if time_to_live is not None:
        found += _expiry_differences(time_to_live)
    return found


def _index_differences(index: Mapping[str, Any] | None, types: Mapping[str, str]) -> list[str]:
    if index is None:
        return [f"it has no index {INDEX}"]
    found = []
    if _keys(index, types) != [(_EMAIL, "HASH", "S")]:
        found.append(f"the key of {INDEX} is {_said(_keys(index, types))}, not {_EMAIL} (a string) alone")
    projection = index.get("Projection", {}).get("ProjectionType")
    if projection != "ALL":
        found.append(f"{INDEX} projects {projection}, not ALL")
    return found


def _expiry_differences(time_to_live: Mapping[str, Any]) -> list[str]:
    if time_to_live.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
        return [_NO_EXPIRY]
    if time_to_live.get("AttributeName") != EXPIRES:
        return [f"time to live is for {time_to_live.get('AttributeName')}, not {EXPIRES}"]
    return []


def _keys(described: Mapping[str, Any], types: Mapping[str, str]) -> list[tuple[str, str, str]]:
    schema = described.get("KeySchema", ())
    return [(key["AttributeName"], key["KeyType"], types.get(key["AttributeName"], "?")) for key in schema]


def _said(keys: list[tuple[str, str, str]]) -> str:
    return " and ".join(f"{name} ({kind} {type_})" for name, kind, type_ in keys)


async def _described(dynamo: Dynamo) -> Mapping[str, Any] | None:
    async with dynamo.call() as call:
        try:
            answer = await call.client.send_request(action="DescribeTable", payload={"TableName": dynamo.table})
        except TableNotFound:
            return None
    table: Mapping[str, Any] = answer["Table"]
    return table


async def _time_to_live(dynamo: Dynamo) -> Mapping[str, Any] | None:
    """None without the right to ask: a service that may only read and write items still starts."""
    async with dynamo.call() as call:
        try:
            answer = await call.client.send_request(action="DescribeTimeToLive", payload={"TableName": dynamo.table})
        except AccessDenied:
            return None
    described: Mapping[str, Any] = answer["TimeToLiveDescription"]
    return described


async def _made(dynamo: Dynamo) -> bool:
    """Whether we make the table; False when somebody else is at it at this moment.

    When an answer was lost, it may be ours that is there, and we see to it.
    """
    async with dynamo.call() as call:
        try:
            await call.client.send_request(action="CreateTable", payload={"TableName": dynamo.table, **_LAYOUT})
        except ResourceInUse:
            return call.doubtful
    return True


async def _expire(dynamo: Dynamo) -> None:
    """Turns time to live on. It can be on already: turning it on was answered, but the answer was lost."""
    expiry = {"AttributeName": EXPIRES, "Enabled": True}
    payload = {"TableName": dynamo.table, "TimeToLiveSpecification": expiry}
    async with dynamo.call() as call:
        try:
            await call.client.send_request(action="UpdateTimeToLive", payload=payload)
        except ValidationException:
            if await differences(dynamo):
                raise


async def _keep_backups(dynamo: Dynamo) -> None:
    """Turns on point-in-time recovery, where there is such a thing: DynamoDB Local has none.

    A new table takes a moment until it can be backed up.
    """
    recovery = {"PointInTimeRecoveryEnabled": True}
    payload = {"TableName": dynamo.table, "PointInTimeRecoverySpecification": recovery}
    for _ in range(_BACKUP_ATTEMPTS):
        async with dynamo.call() as call:
            try:
                await call.client.send_request(action="UpdateContinuousBackups", payload=payload)
                return
            except UnknownOperation:
                return
            except ContinuousBackupsUnavailable:
                pass
        await asyncio.sleep(1)
    raise StoreUnavailable(f"table {dynamo.table} is made, but point-in-time recovery could not be turned on")


async def _wait_until_active(dynamo: Dynamo) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _active(await _described(dynamo)):
        if time.monotonic() > deadline:
            raise StoreUnavailable(f"table {dynamo.table} is still not active after {_PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(0.5)


async def _wait_until_finished(dynamo: Dynamo) -> None:
    """Time to live can only be turned on in a table that is there. Whoever makes it may be at that moment."""
    for _ in range(_FINISHING_LOOKS):
        if await differences(dynamo) != [_NO_EXPIRY]:
            return
        await asyncio.sleep(0.25)


def _active(table: Mapping[str, Any] | None) -> bool:
    return table is not None and all(
        part.get("TableStatus", part.get("IndexStatus")) == "ACTIVE"
        for part in (table, *table.get("GlobalSecondaryIndexes", ()))
    )
