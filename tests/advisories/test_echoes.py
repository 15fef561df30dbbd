"""An answer to nonsense is short.

Every unknown field of a body was named in the answer, at full length and without a limit to their number: 64 KiB of
`{"a":0,"b":0,…}` came back as some 200 KiB, three times what was sent, for no password and no limit. Now the first
ten are named, each by its first 64 characters.
"""

from __future__ import annotations

import json
import string

import pytest

from tests.support.service import Service


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/auth/signup"])
async def test_many_unknown_fields_are_not_all_named(path: str) -> None:
    """Ten unknown fields are named, and beside them those that are missing."""
    letters = string.ascii_letters + string.digits
    body = {first + second: 0 for first in letters for second in letters}

    answer = await Service().caller().post(path, json=body)

    told = answer.json()["errors"]
    assert answer.status_code == 400
    assert list(told.values()).count("Unknown field") == 10
    assert {"email", "password"} < set(told)
    assert len(answer.content) < 1_000


async def test_long_unknown_names_are_cut() -> None:
    """A name is told by its beginning."""
    name = "x" * 60_000
    body = json.dumps({"email": "ada@example.com", "password": "correct horse battery", name: 1})

    answer = await (
        Service().caller().post("/api/auth/login", content=body, headers={"Content-Type": "application/json"})
    )

    assert answer.json()["errors"] == {"x" * 64 + "…": "Unknown field"}
    assert answer.json()["field"] == "x" * 64 + "…"


async def test_a_field_of_some_length_is_named_whole() -> None:
    """A name that somebody mistyped is told as it was typed."""
    name = "y" * 64

    answer = await Service().caller().post("/api/auth/login", json={name: 1})

    assert answer.json()["errors"][name] == "Unknown field"
