"""What adoption makes of each item, on a table that is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from wicketgate import email_syntax
from wicketgate.core.errors import StoreUnavailable
from wicketgate.moving.adoption import Adoption
from wicketgate.moving.report import Report

ADA = {"userId": "ada", "email": "ada@example.com"}
OURS = "$2b$04$yPdddChBlK5RXZUiQ08EH.q7ovPQb6.FpD9w9eLwNgpl2Yy.oEDNe"


class Listed:
    """A table with these items, one a page. `leads` is what writing answers; reading fails `failures` times."""

    def __init__(self, *items: dict[str, Any], leads: bool = True, failures: int = 0) -> None:
        self._items = items
        self._leads = leads
        self._failures = failures
        self.led: list[tuple[str, str, str]] = []

    async def page(
        self, after: Mapping[str, Any] | None
    ) -> tuple[Sequence[Mapping[str, Any]], dict[str, Any] | None]:
        self._failures -= 1
        if self._failures >= 0:
            raise StoreUnavailable("busy")
        place = 0 if after is None else int(after["place"])
        return self._items[place : place + 1], {"place": place + 1} if place + 1 < len(self._items) else None

    async def owner(self, address: str) -> str | None:
        return None

    async def lead(self, address: str, user_id: str, written_as: str) -> bool:
        self.led.append((address, user_id, written_as))
        return self._leads


async def adopted(table: Listed) -> Report:
    """What came of adopting it."""
    report = Report()
    await Adoption(table, lambda _: None, email_syntax.normalised, report).run()
    return report


async def test_who_changes_meanwhile_is_told() -> None:
    """A user whose item changed between reading and writing is a conflict, to be tried again."""
    report = await adopted(Listed(ADA, leads=False))

    assert (report.created, report.conflicts) == (0, 1)
    assert report.problems[0].reason == "it changed while it was looked at; run this again"


async def test_every_page_is_read_and_a_busy_table_is_waited_for() -> None:
    """A table that does not answer at first is asked again, and no page is left out."""
    table = Listed(*({"userId": f"u{n}", "email": f"u{n}@example.com"} for n in range(5)), failures=1)

    report = await adopted(table)

    assert report.created == 5
    assert sorted(user for _, user, _ in table.led) == [f"u{n}" for n in range(5)]


@pytest.mark.parametrize(
    ("stored", "noted"),
    [
        (OURS, 0),
        (OURS.replace("$2b$", "$2y$"), 0),
        ("pbkdf2_sha256$1000$NaClNaClNaCl$6pSWcACOiLC9VxgyPr7MGV/r8O0OPG0eX+wjtgoBWPI=", 0),
        ("correct horse", 1),
        (None, 1),
        (7, 1),
    ],
)
async def test_who_cannot_log_in_is_counted(stored: object, noted: int) -> None:
    """Users whose hash cannot be checked are adopted all the same, and the report says how many there are."""
    report = await adopted(Listed({**ADA, "passwordHash": stored}))

    assert report.created == 1
    assert sum(report.notes.values()) == noted


@pytest.mark.parametrize("name", ["sessionVersion", "apiTokenVersion"])
@pytest.mark.parametrize(("version", "fits"), [(1, True), (2**31 - 1, True), (2**31, False), (2**32, False)])
async def test_versions_are_as_great_as_an_import_takes_them(name: str, version: int, fits: bool) -> None:
    """A version that has room in no token is told, and its user left alone."""
    report = await adopted(Listed({**ADA, name: version}))

    assert report.created == fits
    assert [problem.reason for problem in report.problems] == (
        [] if fits else [f"its {name} is no whole number from 1 to 2147483647"]
    )
