"""When a session is alive, and what is kept of one that was ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.fakes import ADA
from wicketgate.core.sessions import KEPT_AFTER, MAX_REVOKED, SessionClaims, alive, expired, revocation

CLAIMS = SessionClaims("ada-id", "ada@example.com", "token-1", 3, 1000, 2000)


@pytest.mark.parametrize(("now_ms", "over"), [(0, False), (1_999_999, False), (2_000_000, True), (2_000_001, True)])
def test_a_session_ends_at_exp(now_ms: int, over: bool) -> None:
    """A token is good until the last millisecond before `exp`, and not on it."""
    found = expired(CLAIMS, now_ms)

    assert found is over


@pytest.mark.parametrize(
    ("version", "revoked", "lives"),
    [
        (3, {}, True),
        (3, {"token-2": 2000}, True),
        (3, {"token-1": 2000}, False),
        (4, {}, False),
        (2, {}, False),
    ],
)
def test_a_session_lives_until_it_is_ended(version: int, revoked: dict[str, int], lives: bool) -> None:
    """A session is dead once its own id is listed, or the user's version is another."""
    record = replace(ADA, session_version=version, revoked_sessions=revoked)

    found = alive(CLAIMS, record)

    assert found is lives


@pytest.mark.parametrize(
    ("revoked", "kept"),
    [
        ({}, {"new": 900}),
        ({"a": 501}, {"a": 501, "new": 900}),
        ({"a": 500}, {"new": 900}),
        ({"a": 499, "b": 700}, {"b": 700, "new": 900}),
        ({"new": 900}, {"new": 900}),
    ],
)
def test_only_live_entries_are_kept(revoked: dict[str, int], kept: dict[str, int]) -> None:
    """Ending a session adds its id and drops those whose token has been over for two hours at this second."""
    live = revocation(revoked, "new", 900, now=500 + KEPT_AFTER)

    assert live == kept


def test_the_list_is_bounded() -> None:
    """A hundred live entries fit; the hundred-and-first leaves no room, unless one is over or it is known."""
    full = {f"token-{number}": 1000 + number for number in range(MAX_REVOKED)}
    almost = dict(list(full.items())[1:])

    assert revocation(almost, "new", 2000, now=0) == {**almost, "new": 2000}
    assert revocation(full, "new", 2000, now=0) is None
    assert revocation(full, "new", 2000, now=1000) == {**almost, "new": 2000}
    assert revocation(full, "token-5", 1005, now=0) == full


def test_what_has_just_expired_makes_room() -> None:
    """Entries that are over stay while there is room for them, and go when there is none."""
    over = {f"over-{number}": 1000 for number in range(60)}
    live = {f"live-{number}": 3000 for number in range(39)}

    assert revocation({**over, **live}, "new", 3000, now=1000) == {**over, **live, "new": 3000}
    assert revocation({**over, **live, "more": 3000}, "new", 3000, now=1000) == {**live, "more": 3000, "new": 3000}


@given(
    revoked=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 20), max_size=30),
    now=st.integers(0, 20),
)
def test_the_given_list_is_not_changed(revoked: dict[str, int], now: int) -> None:
    """A new list is made, so that a record read earlier stays what it was."""
    before = dict(revoked)

    live = revocation(revoked, "new", 99, now)

    assert revoked == before
    assert live is not revoked
