"""The audit trail."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.contract.people import NOW, NOW_MS, signed_up
from wicketgate.core.audit import DAY_MS, MOST_A_DAY, AuditEntry, day_of
from wicketgate.core.ports import Store

MIDNIGHT = day_of(NOW_MS) * DAY_MS
LATER = MIDNIGHT + 5 * DAY_MS
LONG = NOW + 90 * 86_400


def entry(at_ms: int = MIDNIGHT, event: str = "login", who: str = "ann", **more: Any) -> AuditEntry:
    """Something that happened."""
    return AuditEntry(who, at_ms, event, **{"expires_at": LONG, **more})


async def noted(store: Store, *entries: AuditEntry) -> list[AuditEntry]:
    """Entries that are in the store, put there one after the other."""
    for one in entries:
        await store.note_audit(one)
    return list(entries)


async def all_pages(store: Store, size: int, now_ms: int = LATER) -> list[AuditEntry]:
    """The entries of all users, page by page."""
    found: list[AuditEntry] = []
    mark: str | None = None
    while True:
        some, mark = await store.audit_page(mark, size, now_ms)
        found += some
        if mark is None:
            return found


def in_order(entries: list[AuditEntry]) -> list[AuditEntry]:
    """In an order that every store can agree on."""
    return sorted(entries, key=lambda one: (one.user_id, one.at_ms, one.event))


async def test_nothing_happened(store: Store) -> None:
    """Nobody has a trail in an empty store."""
    assert list(await store.audit_of("ann", MIDNIGHT, LATER)) == []
    assert await store.audit_page(None, 10, LATER) == ([], None)
    await store.forget_audit("ann", MIDNIGHT, LATER)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"network": "203.0.113.0/24"},
        {"detail": "Größe 😀"},
        {"network": "2001:db8::/48", "detail": "", "by_operator": True},
    ],
)
@pytest.mark.parametrize("event", ["login", "size", "two words"])
async def test_whole(store: Store, event: str, more: dict[str, Any]) -> None:
    """An entry comes back as it was noted."""
    (one,) = await noted(store, entry(event=event, **more))

    assert list(await store.audit_of("ann", MIDNIGHT, LATER)) == [one]
    assert await all_pages(store, 10) == [one]


async def test_newest_first(store: Store) -> None:
    """Entries of several days and kinds come newest first, in whatever order they were noted."""
    times = [MIDNIGHT + hours * 3_600_000 for hours in (30, 1, 60, 0, 31, 2)]
    await noted(store, *(entry(at, "login" if at % 7 else "logout") for at in times))

    found = await store.audit_of("ann", MIDNIGHT, LATER)

    assert [one.at_ms for one in found] == sorted(times, reverse=True)


async def test_of_one_moment(store: Store) -> None:
    """Of entries of one kind at one moment the one that was noted last comes first."""
    first, second = await noted(store, entry(detail="first"), entry(detail="second"))

    assert list(await store.audit_of("ann", MIDNIGHT, LATER)) == [second, first]


async def test_since(store: Store) -> None:
    """What happened before the time asked for is left out, to the millisecond."""
    _, one, other = await noted(store, *(entry(MIDNIGHT + at) for at in (999, 1000, 2 * DAY_MS)))

    assert list(await store.audit_of("ann", MIDNIGHT + 1000, LATER)) == [other, one]


async def test_since_ever(store: Store) -> None:
    """Asking for all there is takes no error and no long list of days."""
    (one,) = await noted(store, entry())

    assert list(await store.audit_of("ann", 0, LATER)) == [one]


async def test_a_clock_that_is_ahead(store: Store) -> None:
    """An entry that another process noted just past midnight is seen by one for which midnight is to come.

    Also by one whose clock is wrong by an hour, as it is when somebody sets it by hand.
    """
    (one,) = await noted(store, entry(MIDNIGHT + 500))

    for behind in (500, 3_600_500):
        assert list(await store.audit_of("ann", MIDNIGHT - DAY_MS, MIDNIGHT - behind)) == [one]


async def test_expired(store: Store) -> None:
    """An entry is there until the second in which it expires, whether or not anything has taken it away."""
    gone, stays = await noted(store, entry(expires_at=NOW + 100), entry(expires_at=NOW + 101))

    before = await store.audit_of("ann", MIDNIGHT, (NOW + 100) * 1000 - 1)
    after = await store.audit_of("ann", MIDNIGHT, (NOW + 100) * 1000)

    assert list(before) == [stays, gone]
    assert list(after) == [stays]
    assert await all_pages(store, 10, (NOW + 100) * 1000) == [stays]


async def test_users_apart(store: Store) -> None:
    """Nobody sees what happened to another, be one's id the beginning of the other's."""
    ids = ["ann", "ann#", "ann#2024-05-01", "anna"]
    entries = await noted(store, *(entry(who=who) for who in ids))

    assert [list(await store.audit_of(who, MIDNIGHT, LATER)) for who in ids] == [[one] for one in entries]
    assert in_order(await all_pages(store, 10)) == in_order(entries)


async def test_forgotten(store: Store) -> None:
    """Forgetting a user's trail leaves nothing of it, and everybody else's as it was."""
    await noted(store, *(entry(MIDNIGHT + day * DAY_MS, event) for day in range(4) for event in ("login", "logout")))
    (other,) = await noted(store, entry(who="anna"))

    await store.forget_audit("ann", MIDNIGHT, LATER)
    await store.forget_audit("ann", MIDNIGHT, LATER)

    assert list(await store.audit_of("ann", MIDNIGHT, LATER)) == []
    assert await all_pages(store, 10) == [other]


async def test_forgotten_since(store: Store) -> None:
    """Forgetting since a time takes the whole of its day, and nothing of the day before."""
    before, *_ = await noted(store, *(entry(MIDNIGHT + at) for at in (-1, 0, DAY_MS - 1, DAY_MS)))

    await store.forget_audit("ann", MIDNIGHT + 7_000_000, LATER)

    assert list(await store.audit_of("ann", MIDNIGHT - DAY_MS, LATER)) == [before]


@pytest.mark.parametrize("size", [1, 4, 29, 30, 1000])
async def test_everything_once(store: Store, size: int) -> None:
    """Whatever the size of a page, each entry of all users is listed once, and nothing else is."""
    entries = [
        entry(MIDNIGHT + day * DAY_MS, event, f"user{who}")
        for who in range(5)
        for day in range(3)
        for event in ("login", "logout")
    ]
    await asyncio.gather(*(store.note_audit(one) for one in entries), *(signed_up(store, f"p{n}") for n in range(5)))

    assert in_order(await all_pages(store, size)) == in_order(entries)


async def test_forgotten_while_listing(store: Store) -> None:
    """Forgetting somebody between two pages hides nobody else's entries."""
    entries = await noted(store, *(entry(who=f"user{who}") for who in range(9)))
    some, mark = await store.audit_page(None, 3, LATER)
    await store.forget_audit(some[0].user_id, MIDNIGHT, LATER)
    found = list(some)
    while mark is not None:
        more, mark = await store.audit_page(mark, 3, LATER)
        found += more

    assert in_order(found) == in_order(entries)


async def test_no_more_than_so_many_a_day(store: Store) -> None:
    """Of one kind only so many are kept on a day; other kinds, days and users have room of their own."""
    many = [entry(MIDNIGHT + number) for number in range(MOST_A_DAY + 5)]
    others = [entry(event="password_changed"), entry(MIDNIGHT + DAY_MS), entry(who="bob")]
    await noted(store, *many, *others)

    found = await store.audit_of("ann", MIDNIGHT, LATER)

    assert in_order(list(found)) == in_order([*many[:MOST_A_DAY], *others[:2]])
    assert list(await store.audit_of("bob", MIDNIGHT, LATER)) == others[2:]


async def test_many_at_once(store: Store) -> None:
    """Of many that are noted at once, the first of a day among them, as many are kept as there is room for."""
    many = [entry(MIDNIGHT + number, detail=str(number)) for number in range(MOST_A_DAY + 20)]

    await asyncio.gather(*(store.note_audit(one) for one in many))

    found = await store.audit_of("ann", MIDNIGHT, LATER)
    assert len(found) == len(set(found)) == MOST_A_DAY
    assert set(found) <= set(many)


async def test_equals_are_two(store: Store) -> None:
    """The same thing twice in one millisecond is two entries."""
    one = entry()
    await asyncio.gather(*(store.note_audit(one._replace()) for _ in range(2)))

    assert list(await store.audit_of("ann", MIDNIGHT, LATER)) == [one, one]
