"""Bodies that more than one route sends."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.fakes import ADA, NOW_MS
from wicketgate.core.users import VERIFIED_EMAIL
from wicketgate.web.http import encode
from wicketgate.web.views import ConfirmingView, user_view

RECORD = replace(
    ADA, plan="pro", session_version=7, api_token_version=8, revoked_sessions={"token-1": 99}, bio="I write."
)


def test_a_user_shows_exactly_the_contracts_fields() -> None:
    """No hash, version or ended session ever leaves."""
    shown = json.loads(encode(user_view(RECORD)))

    assert shown == {
        "id": "ada-id",
        "email": "ada@example.com",
        "name": "Ada",
        "bio": "I write.",
        "plan": "pro",
        "createdAt": "2030-01-01T00:00:00.000Z",
        "lastModified": "2030-01-01T00:00:00.000Z",
    }


def test_an_unset_bio_is_left_out() -> None:
    """A user without a bio has no such field."""
    shown = json.loads(encode(user_view(replace(RECORD, bio=None))))

    assert "bio" not in shown


def test_a_confirming_view_shows_what_is_confirmed() -> None:
    """Where addresses are confirmed it shows whether today's is, beside all else."""
    view = ConfirmingView(lambda: NOW_MS)
    confirmed = replace(RECORD, private={VERIFIED_EMAIL: RECORD.email})

    shown = [json.loads(encode(view(record))) for record in (RECORD, confirmed)]

    assert [one.pop("emailVerified") for one in shown] == [False, True]
    assert shown == [json.loads(encode(user_view(RECORD)))] * 2


@pytest.mark.parametrize(("expires", "shown"), [(1, "new@example.com"), (0, None)])
def test_a_confirming_view_shows_what_waits(expires: int, shown: str | None) -> None:
    """A new address shows for as long as its link is good."""
    link = f"{NOW_MS // 1000 + expires}.{'0' * 64}.new@example.com"

    view = json.loads(encode(ConfirmingView(lambda: NOW_MS)(replace(RECORD, private={"link#email": link}))))

    assert view.get("pendingEmail") == shown
