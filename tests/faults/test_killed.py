"""kill -9 in the middle of every kind of write."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.danger import Trouble
from tests.faults.deeds import ALWAYS, CONFIRMED, UNCONFIRMED
from tests.faults.town import ROUNDS, Life, file_in, life, table_at
from tests.support.dynamodb_local import dynamodb_store, random_table


def killing(mine: Life, within: float) -> Trouble:
    """The service is killed within so many seconds, and started again when nobody waits any more."""

    @asynccontextmanager
    async def trouble() -> AsyncIterator[None]:
        async def strike() -> None:
            await asyncio.sleep(random.uniform(0, within))
            mine.process.kill()

        striking = asyncio.create_task(strike())
        yield
        await striking
        await mine.process.start()

    return trouble


async def killed_during_everything(mine: Life, within: float) -> None:
    """Has everything done while the service is killed, and looks what there is in the end."""
    deeds = CONFIRMED if mine.town.confirms else (*ALWAYS, *UNCONFIRMED)
    for _ in range(ROUNDS):
        for deed in deeds:
            await mine.go_through(deed, killing(mine, within), within)
    await mine.check()
    print("TOLD", mine.told, mine.untold)
    assert mine.told
    assert mine.untold


@pytest.mark.parametrize("verification", ["off", "optional"])
async def test_on_sqlite(tmp_path: Path, verification: str) -> None:
    """What was acknowledged is there, nothing is half done, and what was not acknowledged can be asked for again."""
    async with life(tmp_path, file_in(tmp_path), EMAIL_VERIFICATION=verification) as mine:
        await killed_during_everything(mine, within=0.06)


@pytest.mark.parametrize("verification", ["off", "optional"])
async def test_in_front_of_dynamodb(dynamodb_local: str, tmp_path: Path, verification: str) -> None:
    """The same for a process whose store lives on while it dies in the middle of several calls."""
    table = random_table()
    store = dynamodb_store(dynamodb_local, table)
    await store.create_table()
    await store.close()
    async with life(tmp_path, table_at(dynamodb_local, table), EMAIL_VERIFICATION=verification) as mine:
        await killed_during_everything(mine, within=0.12)
