"""What an edit does to a record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.fakes import ADA
from wicketgate.core.users import Edit, UserRecord
from wicketgate.stores.records import edited, ended, value, violated

FULL = replace(ADA, bio="I write.", revoked_sessions={"token-1": 99}, private={"passwordHash": "h", "other": "o"})


@pytest.mark.parametrize(
    ("edit", "after"),
    [
        (Edit(), FULL),
        (Edit(fields={"name": "Ada King", "plan": "pro"}), replace(FULL, name="Ada King", plan="pro")),
        (Edit(fields={"bio": None}), replace(FULL, bio=None)),
        (Edit(private={"passwordHash": "new"}), replace(FULL, private={"passwordHash": "new", "other": "o"})),
        (Edit(private={"other": None}), replace(FULL, private={"passwordHash": "h"})),
        (Edit(private={"unknown": None}), FULL),
        (Edit(raise_session_version=True), replace(FULL, session_version=2, revoked_sessions={})),
        (Edit(raise_api_token_version=True), replace(FULL, api_token_version=2)),
    ],
)
def test_an_edit_changes_what_it_names(edit: Edit, after: UserRecord) -> None:
    """Named values are set or removed, versions raised by one, and all else stays."""
    before = FULL

    assert edited(before, edit) == after
    assert before == replace(FULL)


@pytest.mark.parametrize(
    ("expect", "violates"),
    [
        ({}, False),
        ({"email": ADA.email}, False),
        ({"email": "other@example.com"}, True),
        ({"passwordHash": "h"}, False),
        ({"passwordHash": "other"}, True),
        ({"unknown": "x"}, True),
        ({"email": ADA.email, "passwordHash": "other"}, True),
    ],
)
def test_an_edit_may_expect_values(expect: dict[str, str], violates: bool) -> None:
    """Each expected field or private attribute must still have its value."""
    found = violated(FULL, Edit(expect=expect))

    assert found is violates


@pytest.mark.parametrize(
    ("name", "expected"),
    [("email", ADA.email), ("bio", "I write."), ("passwordHash", "h"), ("id", None), ("x", None)],
)
def test_a_value_is_found_by_its_name(name: str, expected: str | None) -> None:
    """Fields that can be edited and private attributes share one set of names."""
    found = value(FULL, name)

    assert found == expected


def test_ended_sessions_are_kept_or_the_version_raised() -> None:
    """A list with room replaces the one before; without room every session ends."""
    assert ended(FULL, "token-2", {"token-2": 100}) == replace(FULL, revoked_sessions={"token-2": 100})
    assert ended(FULL, "token-2", None) == replace(FULL, session_version=2, revoked_sessions={})


@pytest.mark.parametrize("live", [{"token-2": 100}, None])
def test_what_is_remembered_of_an_ended_session_goes(live: dict[str, int] | None) -> None:
    """The session's own attribute goes with it, and no other."""
    listed = replace(FULL, private={**FULL.private, "session#token-2": "x", "session#token-3": "y"})

    found = ended(listed, "token-2", live)

    assert found.private == {**FULL.private, "session#token-3": "y"}
