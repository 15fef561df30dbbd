"""How much mail an address gets."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ManualClock
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.stores.memory import MemoryStore

LIMIT = Limit("address", 2, 60_000)
ADDRESS = "ada@example.com"


def job(attempts: int = 1) -> Job:
    """A job that would write."""
    return Job("job", "kind", {}, 0, attempts)


async def test_an_address_gets_so_many_in_a_window() -> None:
    """The limit counts letters to one address; another has its own, and time brings more."""
    clock = ManualClock()
    allowance = MailAllowance(MemoryStore(), LIMIT, clock)

    asked = [await allowance.admits(job(), ADDRESS) for _ in range(3)]

    assert asked == [True, True, False]
    assert await allowance.admits(job(), "grace@example.com")
    clock.now_ms += LIMIT.window_ms
    assert await allowance.admits(job(), ADDRESS)


@pytest.mark.parametrize("attempts", [2, 7])
async def test_a_job_is_counted_once(attempts: int) -> None:
    """A letter that could not be sent may be tried again however many others there were, and takes none of theirs."""
    allowance = MailAllowance(MemoryStore(), LIMIT, ManualClock())

    again = [await allowance.admits(job(attempts), ADDRESS) for _ in range(5)]

    assert again == [True] * 5
    assert await allowance.admits(job(), ADDRESS)
