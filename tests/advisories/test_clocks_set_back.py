"""A session that was ended lived again when a clock that had been ahead was set right.

Whoever logged out while the clock was an hour ahead dropped the user's ended sessions whose tokens were over by that
clock. By the right one those tokens still had an hour.
"""

from __future__ import annotations

from tests.support.clock import HOUR, MINUTE
from tests.support.service import EMAIL, Service


async def test_a_logout_holds_whatever_the_clock_says_in_between() -> None:
    """An ended session stays dead after another logout by a clock that is an hour ahead."""
    service = Service(jwt_expiration_hours=1)
    caller, login = await service.user(EMAIL)
    await caller.log_out(login["token"])
    service.clock.advance(HOUR + MINUTE)
    other = (await caller.log_in(EMAIL)).json()["token"]
    await caller.log_out(other)
    service.clock.advance(-HOUR)

    answers = [await service.caller().profile(token) for token in (login["token"], other)]

    assert [answer.status_code for answer in answers] == [401, 401]
