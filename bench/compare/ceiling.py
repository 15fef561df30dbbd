"""What DynamoDB Local itself can give: nobody who asks it once for each session read answers more a second."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from bench import floor
from bench.compare.work import CLIENTS, Plan
from bench.load import drive
from bench.results import middle
from tests.support.dynamodb_local import dynamodb_store
from wicketgate.core.users import UserRecord

_WARM_SECONDS = 4.0


async def items_a_second(table: Mapping[str, str], plan: Plan) -> float:
    """One user's item, strongly consistent, asked for by the load generator without any server in between."""
    endpoint, name = table["AWS_ENDPOINT_URL_DYNAMODB"], table["DYNAMODB_TABLE_NAME"]
    store = dynamodb_store(endpoint, name)
    now = "2030-01-31T12:00:00.000Z"
    user = UserRecord(
        str(uuid.uuid4()), "ada@example.com", "Ada", now, now, private={"passwordHash": "$2b$" + 56 * "x"}
    )
    await store.create(user, [])
    await store.close()
    request = (await floor.question(endpoint, name)).request
    port = urlsplit(endpoint).port or 80
    await drive(port, lambda: request, clients=CLIENTS, seconds=_WARM_SECONDS)  # Java compiles as it goes
    loads = [await drive(port, lambda: request, clients=CLIENTS, seconds=plan.seconds) for _ in range(plan.rounds)]
    return middle([load.per_second for load in loads]).value
