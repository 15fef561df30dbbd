"""DynamoDB fails one call in five: before it has done anything, afterwards, in its answer, or too late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.danger import Trouble
from tests.faults.deeds import ALWAYS, CONFIRMED, UNCONFIRMED
from tests.faults.town import ROUNDS, life, new_table, table_at
from tests.support.dynamodb.proxy import (
    Answer,
    Proxy,
    cut_short,
    error,
    lost,
    lost_with_its_token,
    now_and_then,
    proxy_before,
    status,
    too_late,
)

BUSY: Sequence[Answer] = [
    error("ProvisionedThroughputExceededException"),
    error("ThrottlingException"),
    error("RequestLimitExceeded"),
    error("TransactionConflictException"),
    error("TransactionInProgressException"),
]
BROKEN: list[Answer] = [status(500), status(503), lost, lost_with_its_token, cut_short]
FAULTS = [*BUSY, *BROKEN * 4, too_late]
SHARE = 0.2


def failing(proxy: Proxy) -> Trouble:
    """One call in five goes wrong, somehow."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        proxy.always = now_and_then(SHARE, FAULTS)
        yield
        proxy.always = None

    return trouble


@pytest.mark.parametrize("verification", ["off", "required"])
async def test_one_call_in_five(dynamodb_local: str, tmp_path: Path, verification: str) -> None:
    """Nothing takes effect twice, nobody is told that their address is taken or their password wrong, and 503 is all
    that is said where nobody knows."""
    table = await new_table(dynamodb_local)
    async with proxy_before(dynamodb_local) as proxy:
        place = table_at(dynamodb_local, table, proxy.endpoint)
        async with life(tmp_path, place, EMAIL_VERIFICATION=verification) as mine:
            for _ in range(ROUNDS):
                for deed in CONFIRMED if mine.town.confirms else (*ALWAYS, *UNCONFIRMED):
                    await mine.go_through(deed, failing(proxy), 0.05)
            await mine.check(trail=False)
            assert mine.told
