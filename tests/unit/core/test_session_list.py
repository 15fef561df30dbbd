"""What is remembered of a session."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.fakes import ADA
from wicketgate.core.session_list import ListedSession, attribute, forgetting, listed, remembered, written
from wicketgate.core.users import UserRecord

NOW = 1_900_000_000
ONE = ListedSession("one", "Firefox on Linux", "203.0.113.0/24", NOW - 20, NOW - 10, NOW + 100, 1)


def ada(*sessions: ListedSession, **more: str) -> UserRecord:
    """Ada with these sessions, and other private attributes."""
    return replace(ADA, private={**{attribute(one.id): written(one) for one in sessions}, **more})


@pytest.mark.parametrize("session", [ONE, replace(ONE, device="", network=""), replace(ONE, network="2001:db8::/48")])
def test_what_is_written_is_read(session: ListedSession) -> None:
    """Every value comes back."""
    found = remembered(ada(session), "one")

    assert found == session


def test_it_is_short() -> None:
    """A session takes hardly more than a hundred bytes of an item that is read with every request."""
    longest = replace(ONE, device="x" * 40, network="2001:db8:1234::/48")

    size = len(attribute("q3J4Yl9zT2VkLXBa")) + len(written(longest))

    assert size < 150


def test_nothing_is_remembered_of_another() -> None:
    """A session that is not on the list is not found."""
    found = remembered(ada(ONE), "two")

    assert found is None


def test_live_ones_are_listed_by_age() -> None:
    """The oldest comes first, and of two of one second always the same."""
    younger, same = replace(ONE, id="two", created_at=NOW - 5), replace(ONE, id="zero")

    found = listed(ada(younger, same, ONE), NOW)

    assert [session.id for session in found] == ["one", "zero", "two"]


@pytest.mark.parametrize(
    ("session", "revoked"),
    [
        (replace(ONE, expires_at=NOW), {}),
        (replace(ONE, version=2), {}),
        (replace(ONE, version=0), {}),
        (ONE, {"one": NOW + 100}),
    ],
    ids=["expired", "later version", "earlier version", "ended"],
)
def test_dead_ones_are_forgotten(session: ListedSession, revoked: dict[str, int]) -> None:
    """Expired, ended, or of another session version: not listed, and gone with the next change."""
    record = replace(ada(session, replace(ONE, id="live")), revoked_sessions=revoked)

    assert [found.id for found in listed(record, NOW)] == ["live"]
    assert forgetting(record, NOW) == {"session#one": None}


@pytest.mark.parametrize(
    "value",
    [
        *("", "x", "{}", "[]", "7", "null", '["a","b",1,2,3]', '["a","b",1,2,3,4,5]', '["a","b",1,2,3,"4"]'),
        *('["a",5,1,2,3,4]', '["a","b",1,2,3,true]', '["a","b",1,2,3.5,4]', "[" * 100_000),
    ],
    ids=range(13),
)
def test_what_is_none_of_ours_is_no_session(value: str) -> None:
    """A value that was brought along from somewhere breaks nothing, and is forgotten."""
    record = ada(ONE, **{"session#odd": value, "passwordHash": "h"})

    assert listed(record, NOW) == [ONE]
    assert remembered(record, "odd") is None
    assert forgetting(record, NOW) == {"session#odd": None}
