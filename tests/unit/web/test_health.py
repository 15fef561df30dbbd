"""Whether we live, and whether we can work."""

from __future__ import annotations

import pytest

from tests.unit.web.kit import call, sent
from wicketgate.core.errors import StoreUnavailable
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.health import PATHS, HealthApi


class Gone(MemoryStore):
    """A store that does not answer."""

    async def ping(self) -> None:
        raise StoreUnavailable("gone")


async def test_a_process_lives_without_a_store() -> None:
    """Being alive asks nobody else."""
    answer = await sent(await HealthApi(Gone()).alive(call()))

    assert (answer.status, answer.json) == (200, {"status": "ok"})


async def test_a_process_is_ready_with_its_store() -> None:
    """Being ready asks the store."""
    answer = await sent(await HealthApi(MemoryStore()).ready(call()))

    assert (answer.status, answer.json) == (200, {"status": "ok"})


async def test_a_process_is_not_ready_without_it() -> None:
    """A store that does not answer is passed on."""
    with pytest.raises(StoreUnavailable):
        await HealthApi(Gone()).ready(call())


def test_both_paths_are_known() -> None:
    """The paths that stay reachable over plain http are those of the routes."""
    paths = {endpoint.path for endpoint in HealthApi(MemoryStore()).endpoints()}

    assert paths == PATHS
