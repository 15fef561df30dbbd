"""Auth.js's one DynamoDB table: its users come along, its accounts and sessions do not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.moving.conftest import Run, everyone
from tests.moving.foreign_tables import filled, made
from wicketgate.core.users import VERIFIED_EMAIL

ID = "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e"
BOB = "0e1c6a52-8f43-4b3c-a1d3-2f4b6c8d0e1f"


def user(id_: str, **values: Any) -> dict[str, Any]:
    """A user as the adapter writes one."""
    email = {"email": values["email"], "GSI1PK": f"USER#{values['email']}"} if values.get("email") else {}
    own = {"pk": f"USER#{id_}", "sk": f"USER#{id_}", "type": "USER", "id": id_, "GSI1SK": f"USER#{id_}"}
    return {**own, **values, **email}


ITEMS = [
    user(ID, email="Ada@example.com", name="Ada Lovelace", emailVerified="2024-05-01T10:00:00.000Z", image=None),
    user(BOB, email="bob@example.com"),
    user("d2a4c6e8-0b1d-4f3a-8c5e-7a9b1c3d5e7f", name="Whose provider told no address"),
    {
        "pk": f"USER#{ID}",
        "sk": "ACCOUNT#github#123",
        "type": "ACCOUNT",
        "userId": ID,
        "provider": "github",
        "access_token": "gho_secret",
        "expires_at": 1714557600,
    },
    {"pk": f"USER#{ID}", "sk": "SESSION#1", "type": "SESSION", "userId": ID, "expires": 1714557600},
    {"pk": "VT#ada@example.com", "sk": "VT#hash", "type": "VT", "expires": 1714557600},
    {"pk": "SOMETHING", "sk": "ELSE"},
]


@pytest.fixture
def table(cli: Run, dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table as Auth.js fills one."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")

    async def make() -> str:
        name = await made(dynamodb_local, "pk", "sk")
        await filled(dynamodb_local, name, ITEMS)
        return name

    return asyncio.run(make())


def test_users_come_along_without_a_password(cli: Run, table: str, dynamodb_local: str) -> None:
    """Ids, names and addresses come along; what is no user is counted, and what has no place here is named."""
    ran = cli("users", "import", "--from-authjs", table, "--endpoint", dynamodb_local, "--json")

    people = everyone()
    assert ran.code == 1
    assert {email: (one.id, one.name, dict(one.private)) for email, one in people.items()} == {
        "ada@example.com": (ID, "Ada Lovelace", {VERIFIED_EMAIL: "ada@example.com"}),
        "bob@example.com": (BOB, "bob", {}),
    }
    assert ran.report["noUsers"] == {"ACCOUNT": 1, "SESSION": 1, "VT": 1, "item without a type": 1}
    assert ran.report["leftBehind"] == {"image": 1}
    assert ran.report["notes"] == {"created without a password": 2}
    assert [(one["kind"], one["reason"]) for one in ran.report["problems"]] == [("bad", "Email is required")]


def test_a_second_run_changes_nothing(cli: Run, table: str, dynamodb_local: str) -> None:
    """Running it again, dry or not, finds everybody."""
    cli("users", "import", "--from-authjs", table, "--endpoint", dynamodb_local)
    before = everyone()

    dry = cli("users", "import", "--from-authjs", table, "--endpoint", dynamodb_local, "--dry-run", "--json")
    again = cli("users", "import", "--from-authjs", table, "--endpoint", dynamodb_local, "--json")

    assert (dry.report["unchanged"], again.report["unchanged"], again.report["created"]) == (2, 2, 0)
    assert everyone() == before
