"""What a text takes to read grows with its length.

Texts were brought into their normal form before anyone looked how long they were. Sorting the marks behind a letter
takes time by the square of their number: one body of 64 KB held up every other request for one and a half seconds,
with no account and before any limit was asked. Trimming spaces and byte order marks in turns was as slow by its
nature. Now what is too long in any form is refused as it is.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from tests.support.service import PASSWORD, Service, fresh_email

MARKS = "a" + "\u0315" * 15_000 + "\u0316" * 15_000
MOST_AT_ONCE = 2000
"""Four times the longest field, which takes six milliseconds at worst."""


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each text was that was brought into a normal form."""
    lengths: list[int] = []
    normalize = unicodedata.normalize

    def counted(form: Any, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return lengths


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/auth/login", {"email": MARKS, "password": PASSWORD}, 400),
        ("/api/auth/login", {"email": f"{MARKS}@example.com", "password": PASSWORD}, 400),
        ("/api/auth/login", {"email": "ada@example.com", "password": MARKS}, 401),
        ("/api/auth/signup", {"email": "ada@example.com", "password": MARKS}, 400),
        ("/api/auth/signup", {"email": "ada@example.com", "password": PASSWORD, "name": MARKS}, 400),
        ("/api/auth/password/forgot", {"email": MARKS}, 400),
        ("/api/auth/password/reset", {"token": MARKS, "password": PASSWORD}, 400),
        ("/api/auth/password/reset", {"token": "x", "password": MARKS}, 400),
    ],
)
async def test_nobody_without_an_account(normalised: list[int], path: str, body: dict[str, str], status: int) -> None:
    """No text of a stranger's is sorted at a length that takes long."""
    answer = await Service().caller().post(path, content=json.dumps(body, ensure_ascii=False), headers=JSON)

    assert answer.status_code == status
    assert max(normalised, default=0) <= MOST_AT_ONCE


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/profile/update", {"name": MARKS}),
        ("PUT", "/api/profile/update", {"email": MARKS}),
        ("PUT", "/api/profile/update", {"bio": MARKS}),
        ("POST", "/api/auth/password/change", {"current_password": MARKS, "password": PASSWORD}),
        ("POST", "/api/auth/password/change", {"current_password": PASSWORD, "password": MARKS}),
        ("POST", "/api/auth/api-tokens", {"name": MARKS}),
        ("POST", "/api/account/delete", {"password": MARKS}),
    ],
)
async def test_nobody_with_one(normalised: list[int], method: str, path: str, body: dict[str, str]) -> None:
    """The same holds for who is logged in."""
    caller, login = await Service().user(fresh_email())
    headers = {**JSON, **caller.proof(login["token"])}

    answer = await caller.request(method, path, content=json.dumps(body, ensure_ascii=False), headers=headers)

    assert answer.status_code == 400
    assert max(normalised, default=0) <= MOST_AT_ONCE


JSON = {"Content-Type": "application/json"}
