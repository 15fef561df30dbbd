"""The tables in docs/costs.md are those of this version."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from bench.costs import USUAL, month, month_table, operations_table
from bench.units import LOOKING, Operation, measured
from tests.contract.people import NOW_MS
from tests.support.dynamodb_local import fresh_dynamodb_store, running
from tests.watching.shell import ROOT, Shell, sections
from wicketgate.core.limits import Limit
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.dynamodb.outbox import MOST_IN_A_SHARD, SHARDS

COSTS = (ROOT / "docs" / "costs.md").read_text()


@cache
def operations() -> list[Operation]:
    """What each operation consumes on DynamoDB Local, measured once."""
    return asyncio.run(measured(running().endpoint))


def test_the_units_are_those_measured() -> None:
    """The table of operations is what `python -m bench.costs` prints."""
    table = "\n".join(operations_table(operations()))

    assert table in COSTS


def test_the_example_is_computed() -> None:
    """The table of a month is what `python -m bench.costs` prints."""
    table = "\n".join(month_table(operations(), 10_000, 1_000_000))

    assert table in COSTS


async def test_a_refusal_is_as_cheap_as_the_page_says(dynamodb_local: str) -> None:
    """A spent limit is one write that fails, which AWS bills and DynamoDB does not report, and one read."""
    meter, limit = Meter(), Limit("login", 1, 900_000)
    store = await fresh_dynamodb_store(dynamodb_local, meter)
    await store.take(limit, "192.0.2.1", NOW_MS)
    made, read, write = dict(meter.made), meter.read, meter.write

    refused = await store.take(limit, "192.0.2.1", NOW_MS)
    await store.close()

    assert refused > 0
    assert meter.made["UpdateItem"] - made["UpdateItem"] == 1
    assert (meter.read - read, meter.write - write) == (1, 0)
    assert "$0.75 a million" in COSTS


def test_looking_for_jobs_is_as_cheap_as_the_page_says() -> None:
    """A process that looks twice a minute for a month of thirty days pays what the page says."""
    looking = next(one for one in operations() if one.name == LOOKING)
    dollars = 2 * 60 * 24 * 30 * looking.dollars_per_million / 1e6

    assert f"${dollars:.2f} a month for each" in COSTS


def test_a_full_outbox_is_as_large_as_the_page_says() -> None:
    """The bounds on what may wait are those of the code."""
    assert (SHARDS, MOST_IN_A_SHARD, SHARDS * MOST_IN_A_SHARD) == (16, 2000, 32_000)
    assert all(said in COSTS for said in ("sixteen small lists", "two thousand at most", "thirty-two thousand"))


def test_everything_that_people_do_is_measured() -> None:
    """No operation of the example is left out of the bill because nobody measures it."""
    names = {one.name for one in operations()}

    assert set(USUAL.done) <= names


@pytest.mark.parametrize("part", range(9))
def test_the_bill_is_linear(part: int) -> None:
    """A hundred times as many people pay a hundred times as much, in each line: there is no price for being there."""
    small, large = month(10_000, operations())[part], month(1_000_000, operations())[part]

    assert large.dollars == pytest.approx(100 * small.dollars)
    assert small.dollars > 0


def test_the_command_prints_the_tables(shell: Shell) -> None:
    """What the page says to run prints what the page shows."""
    (block,) = sections("costs.md")["To recompute"]

    printed = shell.run(block)

    assert all(table in COSTS for table in printed.strip().split("\n\n"))


@pytest.fixture
def shell() -> Shell:
    """A terminal in the project."""
    return Shell(ROOT)
