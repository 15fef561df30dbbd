"""Users in bulk."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.people import NOW, NOW_MS, signed_up
from wicketgate.core.audit import AuditEntry
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Store
from wicketgate.core.users import UserRecord, email_claim


async def everybody(store: Store, size: int) -> list[UserRecord]:
    """All pages, one after the other."""
    found: list[UserRecord] = []
    marks: set[str | None] = {None}
    mark: str | None = None
    while True:
        users, mark = await store.page(mark, size)
        assert len(users) <= size
        found += users
        if mark is None:
            return found
        assert mark not in marks, "the pages begin anew"
        marks.add(mark)


def by_id(records: list[UserRecord]) -> list[UserRecord]:
    """In an order that every store can agree on."""
    return sorted(records, key=lambda record: record.id)


async def test_nobody(store: Store) -> None:
    """An empty store has one empty page."""
    assert await everybody(store, 10) == []


@pytest.mark.parametrize("size", [1, 4, 12, 13, 1000])
async def test_everybody_once(store: Store, size: int) -> None:
    """Whatever the size of a page, everybody is listed once and whole, and nothing else is."""
    people = list(await asyncio.gather(*(signed_up(store, f"p{number}", bio="b") for number in range(12))))
    await store.take(Limit("login", 5, 1000), "192.0.2.7", NOW_MS)
    await store.note_failure(email_claim("nobody@example.com"), Limit("account", 5, 1000), NOW_MS)
    await store.put_job(Job("job", "mail", {"email": "p0@example.com"}, NOW_MS))
    await store.note_audit(AuditEntry(people[0].id, NOW_MS, "login", NOW + 60))

    assert by_id(await everybody(store, size)) == by_id(people)


@pytest.mark.parametrize("user_id", ["user {}", " {} ", '"{}"', "{}\\", "Ünal\u2028{}", "a {}@b.cd"])
async def test_ids_of_any_characters(store: Store, user_id: str) -> None:
    """Whatever is in the ids of a table that other code filled, everybody is listed once."""
    people = [await signed_up(store, f"p{number}", id=user_id.format(number)) for number in range(7)]

    assert by_id(await everybody(store, 2)) == by_id(people)


async def test_deleted_while_listing(store: Store) -> None:
    """Deleting those already listed, the last of a page among them, hides nobody who stays."""
    people = [await signed_up(store, f"p{number}") for number in range(12)]
    first, mark = await store.page(None, 5)
    for record in first:
        await store.delete(record.id)
    rest: list[UserRecord] = []
    while mark is not None:
        users, mark = await store.page(mark, 5)
        rest += users

    assert by_id([*first, *rest]) == by_id(people)
