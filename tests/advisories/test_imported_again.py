"""Importing a user again who left meanwhile brings the user back, and nothing that was given out before.

An id follows from the address, and versions of sessions and API tokens began with 1. A user who had come by import,
had left for good, and came back with another run of the same file had the sessions and the API tokens of before:
also those that were ended, or replaced since they had leaked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from tests.support.service import EMAIL, PASSWORD, Service, bearer, fresh_source
from wicketgate import email_syntax
from wicketgate.core.clock import iso
from wicketgate.crypto.passwords import BcryptHasher
from wicketgate.moving.columns import Rules
from wicketgate.moving.importing import Importer
from wicketgate.moving.report import Report
from wicketgate.moving.rows import Found, Row


async def imported(service: Service, row: dict[str, Any]) -> Report:
    """The report of an import that takes place now."""

    async def source() -> AsyncIterator[Sequence[Found]]:
        yield [Row("line 1", row)]

    report = Report()
    rules = Rules(email_syntax.normalised, iso(service.clock()), "wg_")
    await Importer(service.store, rules, report).run(source())
    return report


async def row_of_ada() -> dict[str, Any]:
    """Ada as a file says her, with her password."""
    hasher = BcryptHasher(4)
    try:
        return {"email": EMAIL, "name": "Ada", "passwordHash": await hasher.hash(PASSWORD)}
    finally:
        hasher.close()


@pytest.mark.parametrize("said", [{}, {"createdAt": "2024-05-01"}])
async def test_nothing_of_before_lives_again(said: dict[str, str]) -> None:
    """Neither a session nor an API token, be it the first or the one that replaced it."""
    service = Service(account_limit_max_failures=0)
    row = {**await row_of_ada(), **said}
    assert (await imported(service, row)).created == 1
    caller = service.caller(fresh_source())
    login = (await caller.log_in(EMAIL)).json()
    api_tokens = [login["api_token"], (await caller.rotate(login["token"])).json()["api_token"]]
    gone = await caller.post("/api/account/delete", json={"password": PASSWORD}, headers=bearer(login["token"]))
    await service.settle()
    service.clock.advance(60_000)

    report = await imported(service, row)

    assert (gone.status_code, report.created) == (200, 1)
    assert (await service.caller().profile(login["token"])).status_code == 401
    assert [(await service.caller().verify(token)).status_code for token in api_tokens] == [401, 401]


async def test_who_is_there_is_found_unchanged() -> None:
    """Another run while the user is there changes nothing, and their sessions and API tokens go on."""
    service = Service()
    row = await row_of_ada()
    await imported(service, row)
    before = await service.store.page(None, 10)
    (ada,) = before[0]
    session = service.app.sessions.open(ada)
    service.clock.advance(60_000)

    report = await imported(service, row)

    assert (report.unchanged, report.differing) == (1, 0)
    assert await service.store.page(None, 10) == before
    assert (await service.caller().profile(session.token)).status_code == 200
