"""A log that is down hides a change from its owner.

The log was the first to be told of what happens to an account, and what an embedding application's `write_log` raised
went through: a new password counted, was answered by 500, and neither the audit trail nor a mail told its owner.
Whoever had a stolen session and the password needed but the moment in which the log could not be written.
"""

from __future__ import annotations

import httpx
import pytest

from tests.support.post import PostBox
from tests.support.service import EMAIL, HTTP, PASSWORD, Caller, bearer, some_settings
from wicketgate import Wicketgate
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore


@pytest.mark.parametrize("lost", ["request", "password_changed"])
async def test_a_log_that_is_down_undoes_nothing(lost: str) -> None:
    """Whatever becomes of a line, the change is answered, told to its owner, and in the trail."""

    def write(line: Line) -> None:
        if line["event"] == lost:
            raise ConnectionError("the log is down")

    post = PostBox()
    gate = Wicketgate(some_settings(), store=MemoryStore(), write_log=write, post=post)
    async with Caller(transport=httpx.ASGITransport(gate), base_url=HTTP) as caller:
        await caller.sign_up()
        token = (await caller.log_in()).json()["token"]
        changed = await caller.change_password(PASSWORD, "another horse battery", token)
        await gate.outbox.settle()
        login = await caller.log_in(EMAIL, "another horse battery")
        trail = await caller.get("/api/auth/activity", headers=bearer(login.json()["token"]))

    assert changed.status_code == 200
    assert "password_changed" in [entry["event"] for entry in trail.json()["events"]]
    assert post.last(EMAIL).template == "password_changed"
