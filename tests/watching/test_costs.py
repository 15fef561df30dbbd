"""The tables in docs/costs.md are those of this version."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest
from bench.costs import USUAL, month, month_table, operations_table
from bench.units import Operation, measured

from tests.contract.people import NOW_MS
from tests.support.dynamodb_local import fresh_dynamodb_store, running
from tests.watching.shell import ROOT, Shell, sections
from wicketgate.core.limits import Limit
from wicketgate.stores.dynamodb.capacity import Meter

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
