"""A store on a table of its own, with and without faults in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.support.dynamodb.proxy import Proxy, proxy_before
from tests.support.dynamodb_local import dynamodb_local, dynamodb_store, fresh_dynamodb_store, random_table
from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Dynamo
from wicketgate.stores.dynamodb.capacity import Meter

__all__ = ["dynamodb_local"]


@pytest.fixture
def meter() -> Meter:
    """What `store` consumes."""
    return Meter()


@pytest.fixture
async def store(dynamodb_local: str, meter: Meter) -> AsyncIterator[DynamoDBStore]:
    """A store on a new table."""
    store = await fresh_dynamodb_store(dynamodb_local, meter)
    yield store
    await store.close()


@pytest.fixture
def table(store: DynamoDBStore) -> Dynamo:
    """The table under `store`, to look at and to fill as other code would."""
    return store._dynamo


@dataclass(frozen=True, slots=True)
class Faulty:
    """A store that reaches its table through a proxy, and the same table reached without."""

    store: DynamoDBStore
    proxy: Proxy
    sound: DynamoDBStore


@pytest.fixture
async def faulty(dynamodb_local: str) -> AsyncIterator[Faulty]:
    """A store behind a proxy that does what the test tells it to."""
    name = random_table()
    sound = dynamodb_store(dynamodb_local, name)
    await sound.create_table()
    async with proxy_before(dynamodb_local) as proxy:
        store = dynamodb_store(proxy.endpoint, name)
        yield Faulty(store, proxy, sound)
        await store.close()
    await sound.close()
