"""Any sequence of calls, by several people and at once, against a model of the contract, on each store."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.machine import Machine
from tests.support.dynamodb_local import fresh_dynamodb_store, running
from wicketgate.core.ports import Store
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore

EXAMPLES = os.environ.get("WICKETGATE_MODEL_EXAMPLES")
"""How many sequences to try on each store, others each time, instead of the few that `make test` has time for."""

STEPS = 60


def machine_on(open_store: Callable[[], Awaitable[Store]], runner: asyncio.Runner) -> type[Machine]:
    """The machine on stores that are opened like this."""
    values = {"open_store": staticmethod(open_store), "runner": runner}
    return type("OnThisStore", (Machine,), values)


def run(machine: type[Machine], examples: int, steps: int = STEPS) -> None:
    """Tries so many sequences. Raises what the machine raises."""
    count = int(EXAMPLES) if EXAMPLES else examples
    chosen = settings(max_examples=count, stateful_step_count=steps, derandomize=not EXAMPLES)
    run_state_machine_as_test(machine, settings=chosen)


def test_memory_keeps_the_contract() -> None:
    """On the reference store every answer, letter and effect is one that the model allows."""

    async def opened() -> Store:
        return MemoryStore()

    with asyncio.Runner() as runner:
        run(machine_on(opened, runner), 25)


def test_sqlite_keeps_the_contract(tmp_path: Path) -> None:
    """On SQLite every answer, letter and effect is one that the model allows."""
    paths = (tmp_path / f"{number}.db" for number in range(10**9))

    async def opened() -> Store:
        return SqliteStore(next(paths))

    with asyncio.Runner() as runner:
        run(machine_on(opened, runner), 12)


def test_dynamodb_keeps_the_contract() -> None:
    """On DynamoDB every answer, letter and effect is one that the model allows."""

    async def opened() -> Store:
        return await fresh_dynamodb_store(running().endpoint)

    with asyncio.Runner() as runner:
        run(machine_on(opened, runner), 6, 20)
