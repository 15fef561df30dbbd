"""An import of ten thousand users that is killed half-way is simply run again."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

from tests.moving.foreign_tables import everything
from tests.moving.killed import killed_when, started
from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table
from wicketgate.moving.columns import NAMESPACE
from wicketgate.moving.importing import AT_ONCE

USERS = 10_000
FAR_ENOUGH = 2_000


def email(number: int) -> str:
    """The address of the nth user."""
    return f"user{number}@example.com"


def id_of(number: int) -> str:
    """The id that an import gives the nth user."""
    return str(uuid.uuid5(NAMESPACE, f"email#{email(number)}"))


async def test_a_killed_import_is_completed_by_another(dynamodb_local: str, tmp_path: Path) -> None:
    """After kill -9 and a second run everybody is there once, by id and by address, and nobody is lost or double."""
    table = random_table()
    store = dynamodb_store(dynamodb_local, table)
    await store.create_table()
    environment = endpoint_environment(dynamodb_local, table)
    rows = [{"email": email(number), "name": f"User {number}", "createdAt": number} for number in range(USERS)]
    (tmp_path / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    async def far_enough() -> bool:
        return await store.get(id_of(FAR_ENOUGH)) is not None

    await killed_when(started(tmp_path, environment, "users", "import", "people.jsonl"), far_enough)
    left = [item for item in await everything(dynamodb_local, table) if "email" in item]
    again = started(tmp_path, environment, "users", "import", "people.jsonl", "--json")
    out, err = again.communicate(timeout=300)

    report = json.loads(out)
    assert (again.returncode, err) == (0, b"")
    assert FAR_ENOUGH <= len(left) < USERS
    assert report["unchanged"] + report["created"] == USERS
    assert len(left) <= report["unchanged"] <= len(left) + AT_ONCE  # what was on its way came in after the kill
    items = await everything(dynamodb_local, table)
    await store.close()
    users = {item["userId"]: item["email"] for item in items if "email" in item}
    owners = {item["userId"]: item["owner"] for item in items if "email" not in item}
    assert len(items) == 2 * USERS
    assert users == {id_of(number): email(number) for number in range(USERS)}
    assert owners == {f"email#{email(number)}": id_of(number) for number in range(USERS)}
