"""The guide's table `Users`: passwords and API tokens go on working after the move."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from tests.moving.conftest import Run, everyone, store_of_commands
from tests.moving.foreign_tables import everything, filled, made
from tests.support.dynamodb_local import REGION
from tests.support.service import Service
from wicketgate.core.users import OLD_API_TOKEN, api_token_claim

T = TypeVar("T")

PASSWORD = "pässword 🦉"
TOKEN = "4a6d9a4e-6f0b-4b0c-9c3c-1f2d3e4a5b6c"
# bcryptjs 2.4 made the first, as the guide's code would, and 3.0 the second, of 43 characters in 83 bytes.
ADA: dict[str, Any] = {
    "email": "Ada@Example.com",
    "password": "$2a$04$zz03etFCXqp5lMQvZUg7Ye3Ec5n/mXLC9BdkeQ8SIQQDz.1IAyh6a",
    "api_token": TOKEN,
    "plan": "pro",
    "created_at": "2024-05-01T10:00:00.123Z",
}
LONG = "é" * 40 + "end"
BOB: dict[str, Any] = {
    "email": "bob@example.com",
    "password": "$2b$04$6nzAqGfDHuj44xwJhlPlVOL5LzzmOn5lNmeCquXyJRNhErdG1h7ma",
    "api_token": "0b9f63d8-6a35-4a9e-8d0c-3c2b1a0f9e8d",
    "plan": "free",
    "created_at": "2024-05-02T10:00:00.000Z",
    "stripe_id": "cus_123",
}


@pytest.fixture
def guide(cli: Run, dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`guide(*items)` is the name of a new table with these, which the commands can reach."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")

    async def table(items: tuple[dict[str, Any], ...]) -> str:
        name = await made(dynamodb_local, "email")
        await filled(dynamodb_local, name, items)
        return name

    return lambda *items: asyncio.run(table(items))


@pytest.fixture
def bring(cli: Run, dynamodb_local: str) -> Callable[..., Any]:
    """`bring(table)` imports it and returns the report."""
    return lambda table, *more: (
        (
            cli(
                "users",
                "import",
                "--from-guide",
                table,
                "--endpoint",
                dynamodb_local,
                "--region",
                REGION,
                "--json",
                *more,
            )
        ).report
    )


def served(play: Callable[[Service], Awaitable[T]]) -> T:
    """What comes of using a service on the store of the commands."""

    async def with_service() -> T:
        store = store_of_commands()
        try:
            return await play(Service(store))
        finally:
            await store.close()

    return asyncio.run(with_service())


def test_users_come_along(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """Every attribute that the guide writes has its place here; others are told to stay behind."""
    table = guide(ADA, BOB)

    report = bring(table)

    ada = everyone()["ada@example.com"]
    assert (report["created"], report["conflicts"], report["bad"]) == (2, 0, 0)
    assert report["leftBehind"] == {"stripe_id": 1}
    assert (ada.name, ada.plan, ada.created_at) == ("ada", "pro", "2024-05-01T10:00:00.123Z")
    assert ada.private["passwordHash"] == f"foreign:{ADA['password']}"
    assert TOKEN not in str(ada.private)


def test_the_source_stays_as_it_is(guide: Callable[..., str], bring: Callable[..., Any], dynamodb_local: str) -> None:
    """Nothing is written to the table that users come from, which may go on serving."""
    table = guide(ADA, BOB)

    bring(table)

    assert asyncio.run(everything(dynamodb_local, table)) == sorted([ADA, BOB], key=repr)


def test_a_dry_run_and_a_second_run_change_nothing(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """The dry run creates nobody; the second run finds everybody unchanged."""
    table = guide(ADA, BOB)

    dry = bring(table, "--dry-run")
    nobody = everyone()
    bring(table)
    first = everyone()
    again = bring(table)

    assert (dry["created"], nobody) == (2, {})
    assert (again["created"], again["unchanged"]) == (0, 2)
    assert everyone() == first


def test_spellings_of_one_address_are_a_conflict(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """The guide's table tells capitals apart, this service does not: one of the two comes, and both are named."""
    table = guide(ADA, {**BOB, "email": "ada@example.com"})

    report = bring(table)

    (problem,) = report["problems"]
    assert (report["created"], report["conflicts"]) == (1, 1)
    assert {problem["where"], problem["reason"].removeprefix("it has the address of ")} == {
        "Ada@Example.com",
        "ada@example.com",
    }


def test_bad_items_stop_nothing(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """An item that breaks a rule is told by its key, and the others come along."""
    plain = {"email": "eve@example.com", "password": "hunter2, in plain"}

    report = bring(guide(ADA, plain, {"email": "no address"}, {"email": "x@example.com", "plan": 7}))

    assert report["created"] == 1
    assert {(one["where"], one["reason"]) for one in report["problems"]} == {
        ("eve@example.com", "the hash is of a kind that is not known here"),
        ("no address", "Enter a valid email address"),
        ("x@example.com", "plan must be text"),
    }


def test_passwords_log_in_and_are_renewed(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """Who had a password there logs in with it here, and from then on it is kept by our own rule."""
    bring(guide(ADA, BOB))

    async def log_in(service: Service) -> list[int]:
        caller = service.caller()
        return [
            (await caller.log_in("ada@example.com", "wrong")).status_code,
            (await caller.log_in("ada@example.com", PASSWORD)).status_code,
            (await caller.log_in("bob@example.com", LONG)).status_code,
            (await caller.log_in("bob@example.com", LONG)).status_code,
            (await caller.log_in("bob@example.com", LONG + "!")).status_code,
        ]

    statuses = served(log_in)

    assert statuses == [401, 200, 200, 200, 401]
    assert all(record.private["passwordHash"].startswith("$2b$04$") for record in everyone().values())


def test_an_old_api_token_works_until_it_is_rotated(guide: Callable[..., str], bring: Callable[..., Any]) -> None:
    """The token that the guide's service gave leads to its owner until a rotation, after which it is nobody's."""
    bring(guide(ADA, BOB))

    async def use(service: Service) -> tuple[Any, list[int], list[int]]:
        caller = service.caller()
        owner = (await caller.verify(TOKEN)).json()
        session = (await caller.log_in("ada@example.com", PASSWORD)).json()
        before = [(await caller.verify(token)).status_code for token in (TOKEN, session["api_token"])]
        rotated = (await caller.rotate(session["token"])).json()["api_token"]
        tokens = (TOKEN, session["api_token"], rotated, BOB["api_token"], TOKEN.upper())
        after = [(await caller.verify(token)).status_code for token in tokens]
        assert await service.store.find(api_token_claim(api_hash)) is None
        return owner, before, after

    api_hash = everyone()["ada@example.com"].private[OLD_API_TOKEN]
    owner, before, after = served(use)

    assert owner["user"]["email"] == "ada@example.com"
    assert before == [200, 200]
    assert after == [401, 401, 200, 200, 401]
    assert OLD_API_TOKEN not in everyone()["ada@example.com"].private


def test_an_old_api_token_is_freed_by_a_delete(
    guide: Callable[..., str], bring: Callable[..., Any], cli: Run
) -> None:
    """A deleted user leaves neither an address nor a token behind, so that an import brings them back whole."""
    table = guide(ADA)
    bring(table)

    cli("users", "delete", "ada@example.com", "--yes")
    again = bring(table)

    assert again["created"] == 1
    assert OLD_API_TOKEN in everyone()["ada@example.com"].private


def test_a_missing_table_is_told(cli: Run, guide: Callable[..., str], dynamodb_local: str) -> None:
    """A source that does not exist is an error in one line."""
    ran = cli("users", "import", "--from-guide", "no-such-table", "--endpoint", dynamodb_local)

    assert ran.code == 1
    assert "no-such-table" in ran.err
