"""Bringing rows into a store: what is there stays, twins are told, and a busy store is waited for."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from wicketgate import email_syntax
from wicketgate.core.errors import ClaimTaken, StoreUnavailable
from wicketgate.core.users import Claim, Edit, UserRecord, api_token_digest, claims_of, email_claim
from wicketgate.moving.columns import Rules
from wicketgate.moving.importing import AT_ONCE, Importer
from wicketgate.moving.report import MOST_PROBLEMS, Report
from wicketgate.moving.rows import Found, NoUser, Row, Unreadable
from wicketgate.stores.memory import MemoryStore

RULES = Rules(email_syntax.normalised, "2030-01-01T00:00:00.000Z", "wg_")
ADA: dict[str, Any] = {"email": "ada@example.com", "name": "Ada", "createdAt": "2024-05-01"}
TOKEN = "4a6d9a4e-6f0b-4b0c-9c3c-1f2d3e4a5b6c"


async def source(found: Sequence[Found]) -> AsyncIterator[Sequence[Found]]:
    """A source of these, in batches of three."""
    for start in range(0, len(found), 3):
        yield found[start : start + 3]


def rows(*values: dict[str, Any]) -> list[Found]:
    """Rows of a file, numbered."""
    return [Row(f"line {number}", one) for number, one in enumerate(values, 1)]


async def brought(
    store: MemoryStore, *values: dict[str, Any], found: list[Found] | None = None, **more: Any
) -> Report:
    """What came of bringing these into a store."""
    report = Report()
    await Importer(store, RULES, report, pauses=(0, 0), **more).run(source(found or rows(*values)))
    return report


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """How many were created, unchanged, differing, in conflict and bad."""
    return report.created, report.unchanged, report.differing, report.conflicts, report.bad


async def test_a_row_becomes_a_user() -> None:
    """A row is a user with the claim on the address."""
    store = MemoryStore()

    report = await brought(store, ADA)

    found = await store.find(email_claim("ada@example.com"))
    assert counts(report) == (1, 0, 0, 0, 0)
    assert report.clean
    assert found is not None
    assert (found.name, found.created_at) == ("Ada", "2024-05-01T00:00:00.000Z")
    assert report.notes == {"created without a password": 1}


@pytest.mark.parametrize("row", [ADA, {"email": "ada@example.com"}, {**ADA, "apiToken": TOKEN}])
async def test_a_second_run_changes_nothing(row: dict[str, Any]) -> None:
    """What is there already and the same is left alone, whatever the time is by now."""
    store = MemoryStore()
    await brought(store, row)
    before = await store.page(None, 10)
    report = Report()

    await Importer(store, replace(RULES, now="2031-01-01T00:00:00.000Z"), report).run(source(rows(row)))

    assert counts(report) == (0, 1, 0, 0, 0)
    assert await store.page(None, 10) == before


async def test_what_changed_since_stays_changed() -> None:
    """A user who did something since the last run is not put back."""
    store = MemoryStore()
    await brought(store, ADA)
    ada = await store.find(email_claim("ada@example.com"))
    assert ada is not None
    await store.edit(ada.id, Edit(fields={"name": "Countess"}))

    report = await brought(store, ADA)

    assert counts(report) == (0, 0, 1, 0, 0)
    assert report.clean
    found = await store.get(ada.id)
    assert found is not None
    assert found.name == "Countess"


@pytest.mark.parametrize("dry_run", [True, False])
async def test_twins_are_told_apart_by_their_lines(dry_run: bool) -> None:
    """Of two rows with one address, id or API token the first comes along, and the other names it."""
    store = MemoryStore()
    id_ = "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e"
    twins = [
        {**ADA, "id": id_, "apiToken": TOKEN},
        {"email": " ADA@example.com"},
        {"email": "bob@example.com", "id": id_},
        {"email": "eve@example.com", "apiToken": TOKEN},
    ]

    report = await brought(store, *twins, dry_run=dry_run)

    assert counts(report) == (1, 0, 0, 3, 0)
    assert [(one.kind, one.where, one.reason) for one in report.problems] == [
        ("conflict", "line 2", "it has the address of line 1"),
        ("conflict", "line 3", "it has the id of line 1"),
        ("conflict", "line 4", "it has the API token of line 1"),
    ]


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_user_who_is_there_comes_first(dry_run: bool) -> None:
    """A row whose address, id or API token is another's is told whose, and changes nothing."""
    store = MemoryStore()
    there = UserRecord(
        "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e",
        "eve@example.com",
        "Eve",
        "2024-05-01T00:00:00.000Z",
        "2024-05-01T00:00:00.000Z",
        private={"oldApiTokenHash": api_token_digest(TOKEN)},
    )
    await store.create(there, claims_of(there))

    report = await brought(
        store,
        {"email": "eve@example.com"},
        {"email": "bob@example.com", "id": there.id},
        {"email": "ann@example.com", "apiToken": TOKEN},
        dry_run=dry_run,
    )

    assert counts(report) == (0, 0, 0, 3, 0)
    assert {one.where: one.reason for one in report.problems} == {
        "line 1": f"its address belongs to user {there.id} already",
        "line 2": f"its id {there.id} belongs to a user with another address",
        "line 3": f"its API token belongs to user {there.id} already",
    }
    assert await store.page(None, 10) == ([there], None)


async def test_a_dry_run_says_what_would_be_and_does_nothing() -> None:
    """The report of a dry run is that of the run, and the store stays as it was."""
    store = MemoryStore()
    await brought(store, ADA)
    before = await store.page(None, 10)
    mixed = [ADA, {"email": "bob@example.com"}, {"email": "nonsense"}, {"email": "BOB@example.com"}]

    dry = await brought(store, *mixed, dry_run=True)
    after = await store.page(None, 10)
    real = await brought(store, *mixed)

    assert after == before
    assert dry.as_json() == real.as_json()
    assert counts(real) == (1, 1, 0, 1, 1)


async def test_bad_rows_stop_nothing() -> None:
    """Rows that cannot be read or break a rule are told, and all others come along."""
    store = MemoryStore()
    found: list[Found] = [
        Row("line 1", {"email": "nonsense"}),
        Unreadable("line 2", "the line is no JSON in UTF-8"),
        Row("key", {**ADA, "name": "x" * 101}),
        NoUser("SESSION"),
        NoUser("SESSION"),
        Row("line 6", ADA, ("stripe_id", "image")),
    ]

    report = await brought(store, found=found)

    assert counts(report) == (1, 0, 0, 0, 3)
    assert not report.clean
    assert report.as_json()["problems"] == [
        {"kind": "bad", "where": "line 1", "reason": "Enter a valid email address"},
        {"kind": "bad", "where": "line 2", "reason": "the line is no JSON in UTF-8"},
        {"kind": "bad", "where": "key", "reason": "Name must be at most 100 characters"},
    ]
    assert report.no_users == {"SESSION": 2}
    assert report.left_behind == {"stripe_id": 1, "image": 1}


async def test_a_report_holds_so_many_problems_and_counts_all() -> None:
    """A file that is wrong throughout fills no memory."""
    report = await brought(MemoryStore(), found=[Unreadable("line 1", "x")] * (MOST_PROBLEMS + 5))

    assert report.bad == MOST_PROBLEMS + 5
    assert len(report.problems) == MOST_PROBLEMS


class Busy(MemoryStore):
    """A store of which each call fails so many times before it succeeds, and which counts the calls in it."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self._failures = failures
        self._tried: dict[str, int] = {}
        self.now = self.most = 0

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        self._tried[record.id] = self._tried.get(record.id, 0) + 1
        if self._tried[record.id] <= self._failures:
            raise StoreUnavailable("busy")
        await super().create(record, claims)


async def test_a_busy_store_is_waited_for() -> None:
    """A store that is out of reach for a moment costs no row."""
    store = Busy(failures=2)

    report = await brought(store, ADA, {"email": "bob@example.com"})

    assert counts(report) == (2, 0, 0, 0, 0)


async def test_a_store_that_stays_away_ends_the_run() -> None:
    """When waiting does not help the run ends, and says so."""
    with pytest.raises(StoreUnavailable, match="busy"):
        await brought(Busy(failures=3), *({"email": f"user{number}@example.com"} for number in range(200)))


async def test_several_rows_that_fail_at_once_leave_nothing_behind() -> None:
    """The run tells of one failure; the others of that moment are no tasks that nobody asked for their outcome."""
    forgotten: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: forgotten.append(context))
    with pytest.raises(StoreUnavailable):
        await brought(Busy(failures=3), *({"email": f"user{number}@example.com"} for number in range(200)))

    gc.collect()

    assert forgotten == []


async def test_so_many_at_once_and_no_more() -> None:
    """Many rows are written at a time, within a bound."""
    store = Busy()

    report = await brought(store, *({"email": f"user{number}@example.com"} for number in range(500)))

    assert report.created == 500
    assert store.most == AT_ONCE


class Changing(MemoryStore):
    """A store in which what stood in the way is gone when one looks."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self._refusals = refusals

    async def create(self, record: UserRecord, claims: Sequence[Claim]) -> None:
        self._refusals -= 1
        if self._refusals >= 0:
            raise ClaimTaken
        await super().create(record, claims)


@pytest.mark.parametrize(("refusals", "outcome"), [(1, (1, 0, 0, 0, 0)), (2, (1, 0, 0, 0, 0)), (9, (0, 0, 0, 1, 0))])
async def test_a_user_who_goes_while_we_look(refusals: int, outcome: tuple[int, ...]) -> None:
    """What is free by the time one looks is tried again, a few times."""
    report = await brought(Changing(refusals), ADA)

    assert counts(report) == outcome
