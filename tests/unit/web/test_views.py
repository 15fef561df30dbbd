"""Bodies that more than one route sends."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.unit.fakes import ADA
from wicketgate.web.http import encode
from wicketgate.web.views import user_view

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
