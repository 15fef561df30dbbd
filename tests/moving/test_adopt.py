"""`wicketgate table adopt`: users whom other code wrote are found from then on, and nothing else changes."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.moving.conftest import Run, store_of_commands
from tests.moving.foreign_tables import everything, filled
from tests.moving.killed import killed_when, started
from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table
from tests.support.service import Service
from wicketgate.core.users import Edit, email_claim
from wicketgate.moving.importing import AT_ONCE

PASSWORD = "pässword 🦉"
HASH = "$2b$04$NU2b39Xmeld28bOBjBKO/e3R0sILGCOHf39FU7OeyiMR3qIc1e10O"
ADA: dict[str, Any] = {
    "userId": "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e",
    "email": "ada@example.com",
    "passwordHash": HASH,
    "name": "Ada",
    "createdAt": "2024-05-01T10:00:00.000Z",
    "lastModified": "2024-05-02T10:00:00.000Z",
    "shoeSize": 42,
    "tags": ["a", {"b": None}],
}
BARE: dict[str, Any] = {"userId": "user_42", "email": "bob@example.com"}
USERS = 10_000
FAR_ENOUGH = 1_500


@pytest.fixture
def table(on_dynamodb: Run) -> str:
    """The name of an empty table that the commands use."""
    return os.environ["DYNAMODB_TABLE_NAME"]


def fill(endpoint: str, table: str, *items: dict[str, Any]) -> None:
    """Other code writes these."""
    asyncio.run(filled(endpoint, table, items))


def all_of(endpoint: str, table: str) -> list[dict[str, Any]]:
    """What lies in the table."""
    return asyncio.run(everything(endpoint, table))


def addresses(items: list[dict[str, Any]]) -> dict[str, str]:
    """The address items, and whom each leads to."""
    return {item["userId"]: item["owner"] for item in items if "owner" in item}


def without_addresses(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everything else."""
    return [item for item in items if "owner" not in item]


def test_missing_address_items_are_written(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """Each user gets the one item that was missing, and no attribute of any other item changes."""
    fill(dynamodb_local, table, ADA, BARE)
    before = all_of(dynamodb_local, table)

    ran = on_dynamodb("table", "adopt")

    after = all_of(dynamodb_local, table)
    assert ran.code == 0
    assert [line.split(maxsplit=1) for line in ran.out.splitlines()[1:]] == [
        ["2", "address items written"],
        ["0", "users who had theirs already"],
        ["0", "conflicts"],
        ["0", "items left alone, as they break a rule"],
        ["1", "users without a password that can be checked"],
    ]
    assert addresses(after) == {"email#ada@example.com": ADA["userId"], "email#bob@example.com": "user_42"}
    assert without_addresses(after) == before


def test_a_dry_run_writes_nothing(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """The dry run reports what the run then does, and leaves the table as it is."""
    fill(dynamodb_local, table, ADA, BARE, {"userId": "eve", "email": "nonsense"})
    before = all_of(dynamodb_local, table)

    dry = on_dynamodb("table", "adopt", "--dry-run", "--json")
    after = all_of(dynamodb_local, table)
    real = on_dynamodb("table", "adopt", "--json")

    assert after == before
    assert dry.report == {**real.report, "dryRun": True}
    assert (real.report["created"], real.report["bad"], real.code) == (2, 1, 1)


def test_a_second_run_finds_all_there(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """Running it again writes nothing, marks on address items included, and users of our own count as there."""
    fill(dynamodb_local, table, ADA, BARE)
    on_dynamodb("users", "import", "-", stdin=b'{"email": "eve@example.com"}')
    on_dynamodb("table", "adopt")
    fill(dynamodb_local, table, {"userId": "email#bob@example.com", "owner": "user_42", "guardedUntil#account": 7})
    fill(dynamodb_local, table, *({"userId": f"{kind}#x"} for kind in ("guard", "outbox", "audit")))
    before = all_of(dynamodb_local, table)

    again = on_dynamodb("table", "adopt", "--json")

    assert (again.code, again.report["created"], again.report["unchanged"]) == (0, 0, 3)
    assert again.report["noUsers"] == {"email": 3, "guard": 1, "outbox": 1, "audit": 1}
    assert all_of(dynamodb_local, table) == before


def test_adopted_users_log_in_and_live_on(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """Who is adopted logs in, changes name and address, ends sessions and is deleted like anybody."""
    fill(dynamodb_local, table, ADA)
    on_dynamodb("table", "adopt")

    async def live() -> list[int]:
        store = store_of_commands()
        caller = Service(store).caller()
        first = await caller.log_in("ada@example.com", PASSWORD)
        moved = await caller.update({"email": "countess@example.com", "name": "Countess"})
        ended = await caller.log_out()
        second = await caller.log_in("countess@example.com", PASSWORD)
        assert await store.find(email_claim("ada@example.com")) is None
        assert await store.delete(ADA["userId"])
        await store.close()
        return [answer.status_code for answer in (first, moved, ended, second)]

    statuses = asyncio.run(live())

    assert statuses == [200, 200, 200, 200]
    left = {item["userId"].partition("#")[0] for item in all_of(dynamodb_local, table)}
    assert left <= {"guard", "limit", "audit", "outbox"}


LIMIT = {"userId": "limit#login#192.0.2.1", "log": [1], "expiresAt": 4_102_444_800}
PROBLEMS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("twins", [{**ADA, "userId": "a"}, {**ADA, "userId": "b"}], "ada@example.com is the address of "),
    ("another's", [ADA, {"userId": "email#ada@example.com", "owner": "eve"}], "ada@example.com leads to user eve"),
    ("capitals", [{**ADA, "email": "Ada@Example.com"}], "Ada@Example.com is not in its one form, ada@example.com"),
    ("no address", [{**ADA, "email": "nonsense"}], "nonsense: Enter a valid email address"),
    ("foreign", [{"userId": "settings", "theme": "dark"}], "it is neither a user nor an item of ours"),
    ("foreign kind", [{"userId": "email#x@example.com", "email": "x@example.com"}], "of another kind of item"),
    ("name", [{**ADA, "name": 7}], "its name is no text"),
    ("version", [{**ADA, "sessionVersion": "1", "apiTokenVersion": 0}], "its apiTokenVersion is no whole number"),
    ("sessions", [{**ADA, "revokedSessions": ["t"]}], "its revokedSessions is no map"),
]


@pytest.mark.parametrize(("items", "reason"), [pytest.param(*one[1:], id=one[0]) for one in PROBLEMS])
def test_what_cannot_be_adopted_is_told(
    items: list[dict[str, Any]], reason: str, on_dynamodb: Run, table: str, dynamodb_local: str
) -> None:
    """A conflict is told with its reason, others are adopted all the same, and no item is changed."""
    fill(dynamodb_local, table, *items, BARE, LIMIT)
    before = all_of(dynamodb_local, table)

    ran = on_dynamodb("table", "adopt", "--json")

    after = all_of(dynamodb_local, table)
    (problem,) = ran.report["problems"]
    assert ran.code == 1
    assert reason in problem["reason"]
    assert addresses(after)["email#bob@example.com"] == "user_42"
    assert without_addresses(after) == without_addresses(before)
    assert [item for item in before if item not in after] == []


def test_addresses_get_their_one_form_when_asked(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """With --rewrite-addresses an address in capitals is put into its one form, and that attribute alone."""
    fill(dynamodb_local, table, {**ADA, "email": "Ada@Example.com"})

    ran = on_dynamodb("table", "adopt", "--rewrite-addresses", "--json")

    after = all_of(dynamodb_local, table)
    assert (ran.code, ran.report["created"]) == (0, 1)
    assert addresses(after) == {"email#ada@example.com": ADA["userId"]}
    assert without_addresses(after) == [ADA]


def test_an_item_that_changed_its_spelling_since_is_told(on_dynamodb: Run, table: str, dynamodb_local: str) -> None:
    """A user who is led to already, but whose item other code has written differently since, is left alone."""
    fill(dynamodb_local, table, ADA)
    on_dynamodb("table", "adopt")
    fill(dynamodb_local, table, {**ADA, "email": "ADA@example.com"})

    ran = on_dynamodb("table", "adopt", "--rewrite-addresses", "--json")

    assert ran.code == 1
    assert "was written otherwise since" in ran.report["problems"][0]["reason"]


def test_there_is_nothing_to_adopt_on_sqlite(run: Run) -> None:
    """A file is always our own, which is said in one line."""
    ran = run("table", "adopt")

    assert (ran.code, ran.out) == (1, "")
    assert "set DYNAMODB_TABLE_NAME" in ran.err


async def test_an_address_leads_only_to_who_has_it(dynamodb_local: str) -> None:
    """An item that changed since it was looked at gets no address item; asking twice is no error."""
    from tests.moving.foreign_tables import reached
    from wicketgate.stores.dynamodb.adoption import AdoptedTable

    name = random_table()
    store = dynamodb_store(dynamodb_local, name)
    await store.create_table()
    await filled(dynamodb_local, name, [ADA])
    adopted = AdoptedTable(reached(dynamodb_local, name))
    id_ = ADA["userId"]

    gone = await adopted.lead("ada@example.com", "nobody", "ada@example.com")
    moved = await adopted.lead("old@example.com", id_, "old@example.com")
    twice = [await adopted.lead("ada@example.com", id_, "ada@example.com") for _ in range(2)]
    taken = await adopted.lead("ada@example.com", "eve", "ada@example.com")
    changed = await store.edit(id_, Edit(fields={"name": "Countess"}))

    assert (gone, moved, twice, taken) == (False, False, [True, True], False)
    assert changed is not None
    await adopted.close()
    await store.close()


async def test_a_killed_adoption_is_completed_by_another(dynamodb_local: str, tmp_path: Path) -> None:
    """After kill -9 and a second run each of ten thousand users has one address item, and no other item changed."""
    name = random_table()
    store = dynamodb_store(dynamodb_local, name)
    await store.create_table()
    users = [{"userId": f"user_{number}", "email": f"user{number}@example.com"} for number in range(USERS)]
    await filled(dynamodb_local, name, users)
    environment = endpoint_environment(dynamodb_local, name)

    async def far_enough() -> bool:
        items = await everything(dynamodb_local, name)
        return len(items) >= USERS + FAR_ENOUGH

    await killed_when(started(tmp_path, environment, "table", "adopt"), far_enough)
    left = len(await everything(dynamodb_local, name)) - USERS
    again = started(tmp_path, environment, "table", "adopt", "--json")
    out, err = again.communicate(timeout=300)

    report = json.loads(out)
    items = await everything(dynamodb_local, name)
    await store.close()
    assert (again.returncode, err) == (0, b"")
    assert FAR_ENOUGH <= left < USERS
    assert report["unchanged"] + report["created"] == USERS
    assert left <= report["unchanged"] <= left + AT_ONCE  # what was on its way when it was killed came in later
    assert addresses(items) == {f"email#{user['email']}": user["userId"] for user in users}
    assert without_addresses(items) == sorted(users, key=repr)
