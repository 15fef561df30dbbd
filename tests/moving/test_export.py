"""Moving out: everything in lines of JSON, which come back whole, and in bounded memory."""

from __future__ import annotations

import asyncio
import json
import stat
import tracemalloc
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from tests.moving.conftest import Run, everyone, json_lines, store_of_commands, use_dynamodb
from wicketgate.core.users import OLD_API_TOKEN, VERIFIED_EMAIL, UserRecord, claims_of
from wicketgate.moving.exporting import exported, line
from wicketgate.stores.sqlite import SqliteStore

HASH = "$2b$04$yPdddChBlK5RXZUiQ08EH.q7ovPQb6.FpD9w9eLwNgpl2Yy.oEDNe"
WHOLE = UserRecord(
    id="7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e",
    email="zoë@example.com",
    name='Zoë 李 🦉 "quoted"',
    created_at="2024-05-01T10:00:00.000Z",
    last_modified="2024-06-01T10:00:00.000Z",
    bio="first line\nsecond “line” ' ; -- \u2028 \\ %",
    plan="pro",
    session_version=7,
    api_token_version=3,
    revoked_sessions={"token-1": 4_102_444_900, "t/ö": 4_102_444_901},
    private={
        "passwordHash": HASH,
        OLD_API_TOKEN: "ab" * 32,
        "ключ": "",
        "passkey": "\u2028",
        "token#b2theSBzdXJl": '["Nightly report","reports:read",1900000000,0,0,100]',
        "session#q3J4Yl9zT2VkLXBa": '["Firefox on Linux","203.0.113.0/24",1900000000,1900000000,1900086400,7]',
    },
)
BARE = UserRecord(
    id="0e1c6a52-8f43-4b3c-a1d3-2f4b6c8d0e1f",
    email="bare@example.com",
    name="0",
    created_at="2024-05-01T10:00:00.000Z",
    last_modified="2024-05-01T10:00:00.000Z",
)


async def add(*records: UserRecord) -> None:
    """Puts users into the store of the commands."""
    store = store_of_commands()
    for record in records:
        await store.create(record, claims_of(record))
    await store.close()


def test_every_user_is_a_line(cli: Run) -> None:
    """Each user stands there once, with what the rules know of them, and nothing with which to log in."""
    asyncio.run(add(WHOLE, BARE))

    ran = cli("users", "export")

    assert ran.code == 0
    assert {one["id"]: one for one in ran.lines}[BARE.id] == {
        "id": BARE.id,
        "email": "bare@example.com",
        "name": "0",
        "plan": "free",
        "createdAt": "2024-05-01T10:00:00.000Z",
        "lastModified": "2024-05-01T10:00:00.000Z",
        "sessionVersion": 1,
        "apiTokenVersion": 1,
    }
    assert len(ran.lines) == 2
    assert HASH not in ran.out
    assert "ab" * 32 not in ran.out
    assert "Nightly report" not in ran.out
    assert "203.0.113" not in ran.out


def test_no_field_is_forgotten() -> None:
    """As many values are written as a user has fields, so that a new field cannot be lost."""
    written = json.loads(line(WHOLE, with_hashes=True))

    assert len(written) == len(fields(UserRecord))


@pytest.mark.parametrize("way", ["to SQLite", "to DynamoDB"])
def test_there_and_back_is_the_same(
    way: str, run: Run, monkeypatch: pytest.MonkeyPatch, dynamodb_local: str, tmp_path: Path
) -> None:
    """What one store exports and the other imports is every user as they were, by every claim."""
    imported = json_lines(
        {"email": "new@example.com", "passwordHash": HASH.replace("$2b$", "$2y$"), "apiToken": "t" * 20},
        *({"email": f"user{number}@example.com", "createdAt": 1714557600 + number} for number in range(700)),
    )
    if way == "to SQLite":
        use_dynamodb(monkeypatch, dynamodb_local)
        run("table", "create")
    asyncio.run(add(WHOLE, BARE))
    run("users", "import", "-", stdin=imported)
    before = everyone()

    left = run("users", "export", "--with-hashes", "all.jsonl")
    if way == "to SQLite":
        monkeypatch.delenv("DYNAMODB_TABLE_NAME")
    else:
        use_dynamodb(monkeypatch, dynamodb_local)
        run("table", "create")
    nobody = everyone()
    came = run("users", "import", "all.jsonl", "--json")

    assert (left.code, nobody) == (0, {})
    # A store that is slow to answer is asked again, and then a user is there already who has just been created.
    assert (came.code, came.report["created"] + came.report["unchanged"]) == (0, 703)
    assert everyone() == before
    assert asyncio.run(_found_by_claims(before)) == before


async def _found_by_claims(people: dict[str, UserRecord]) -> dict[str, Any]:
    store = store_of_commands()
    found = {email: [await store.find(claim) for claim in claims_of(record)] for email, record in people.items()}
    await store.close()
    return {email: holders[0] if set(map(id, holders)) and holders == [holders[0]] * len(holders) else holders
            for email, holders in found.items()}  # fmt: skip


def test_a_file_is_its_owners_alone_and_whole(run: Run, tmp_path: Path) -> None:
    """A file is made readable by its owner only, replaces one that is there, and leaves no draft."""
    asyncio.run(add(WHOLE))
    target = tmp_path / "all.jsonl"
    target.write_text("what was there")

    ran = run("users", "export", "--with-hashes", "all.jsonl")

    assert (ran.code, ran.err) == (0, "Exported 1 users to all.jsonl\n")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text())["private"] == dict(WHOLE.private)
    assert not (tmp_path / "all.jsonl.part").exists()


def test_a_failed_export_leaves_the_file_as_it_was(run: Run, tmp_path: Path) -> None:
    """An export that cannot read the store changes nothing."""
    (tmp_path / "all.jsonl").write_text("what was there")
    (tmp_path / "wicketgate.db").write_text("this is no database" * 100)

    ran = run("users", "export", "all.jsonl")

    assert ran.code == 1
    assert (tmp_path / "all.jsonl").read_text() == "what was there"
    assert not (tmp_path / "all.jsonl.part").exists()


def test_a_place_that_cannot_be_written_is_told(run: Run) -> None:
    """A file that cannot be made is an error in one line."""
    ran = run("users", "export", "nowhere/all.jsonl")

    assert ran.code == 1
    assert "cannot write nowhere/all.jsonl.part" in ran.err


async def test_memory_is_bounded(tmp_path: Path) -> None:
    """Twenty thousand users take no more memory than a few pages of them, however many there are."""
    store = SqliteStore(tmp_path / "many.db")
    for start in range(0, 20_000, 500):
        batch = [_nth(number) for number in range(start, start + 500)]
        await asyncio.gather(*(store.create(record, claims_of(record)) for record in batch))

    written = users = 0
    tracemalloc.start()
    async for lines in exported(store, with_hashes=True):
        written += len(lines)
        users += lines.count(b"\n")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await store.close()

    assert users == 20_000
    assert written > 5_000_000
    assert peak < 4_000_000


def _nth(number: int) -> UserRecord:
    id_ = f"00000000-0000-4000-8000-{number:012}"
    return UserRecord(
        id_, f"user{number}@example.com", "A user", "2024-05-01T10:00:00.000Z", "2024-05-01T10:00:00.000Z",
        private={"passwordHash": HASH},
    )  # fmt: skip


def test_a_confirmed_address_is_told() -> None:
    """Without hashes a column says that the address is confirmed; with them it is among what is private."""
    confirmed = replace(BARE, private={VERIFIED_EMAIL: BARE.email})

    lines = [line(confirmed, with_hashes=False), line(confirmed, with_hashes=True), line(BARE, with_hashes=False)]

    without, beside, never = map(json.loads, lines)
    assert (without["emailVerified"], beside["private"]) == (True, {VERIFIED_EMAIL: BARE.email})
    assert "emailVerified" not in beside | never
