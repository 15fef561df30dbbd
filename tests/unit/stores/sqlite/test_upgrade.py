"""A file that an older version made is brought to this one by whoever comes first."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from pathlib import Path

import apsw
import pytest

from tests.contract.people import NOW, NOW_MS
from tests.unit.stores.sqlite.conftest import ROOT, Start
from wicketgate.core.audit import AuditEntry
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.users import OLD_API_TOKEN, Claim, UserRecord, api_token_claim, email_claim
from wicketgate.stores.sqlite import SqliteStore, opening, schema

ADA = UserRecord(
    id="ada-id",
    email="ada@example.com",
    name="Ada",
    created_at="2024-05-01T10:00:00.000Z",
    last_modified="2024-05-02T10:00:00.000Z",
    bio="Notes on the Analytical Engine",
    plan="pro",
    revoked_sessions={"token": NOW + 60},
    private={"passwordHash": "hash of ada", OLD_API_TOKEN: "ab" * 32},
)
LEADING_TO_ADA = (email_claim("ada@example.com"), api_token_claim("ab" * 32))
LOGIN = Limit("login", 1, 1000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of version 1, with two users, a spent limit and a one-time secret."""
    made = tmp_path / "users.db"
    made.write_bytes(gzip.decompress((ROOT / "tests/data/users-version-1.db.gz").read_bytes()))
    return made


def layout(path: Path) -> tuple[int, list[str]]:
    """A file's version, and how its tables and indexes are made."""
    connection = apsw.Connection(str(path))
    made = [str(sql) for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")]
    version = connection.pragma("user_version")
    connection.close()
    return version, sorted(made)


async def owners(store: SqliteStore, *claims: Claim) -> list[UserRecord | None]:
    """The users that claims lead to."""
    return [await store.find(claim) for claim in claims]


@pytest.mark.parametrize("first", ["check", "ping", "get", "put_job", "lease_jobs", "create_table"])
async def test_everything_is_kept(path: Path, first: str) -> None:
    """Whatever the first call is, a read too, users, claims and limits are there afterwards, and jobs can be put."""
    store = SqliteStore(path)
    given = {"get": ("ada-id",), "put_job": (Job("job", "mail", {}, 0),), "lease_jobs": (NOW_MS, NOW_MS, 1)}
    await getattr(store, first)(*given.get(first, ()))
    await store.put_job(Job("job", "mail", {}, NOW_MS))
    await store.note_audit(AuditEntry("ada-id", NOW_MS, "login", NOW + 60))

    assert await owners(store, *LEADING_TO_ADA) == [ADA, ADA]
    assert [one.id for one in (await store.page(None, 10))[0]] == ["ada-id", "grace-id"]
    assert await store.peek(LOGIN, "192.0.2.7", NOW_MS) == 1000
    assert [one.id for one in await store.jobs(10)] == ["job"]
    assert len(await store.audit_of("ada-id", 0, NOW_MS)) == 1
    await store.close()


async def test_it_is_then_as_a_new_one(path: Path) -> None:
    """An upgraded file has the version and the tables of one that was just made, and no others."""
    old, new = SqliteStore(path), SqliteStore(path.with_name("new.db"))
    await old.check()
    await new.check()
    await old.close()
    await new.close()

    assert layout(path) == layout(path.with_name("new.db"))
    assert layout(path)[0] == schema.VERSION
    assert apsw.Connection(str(path)).pragma("integrity_check") == "ok"


async def test_several_at_once(path: Path, start: Start) -> None:
    """Processes that all find the old file upgrade it once between them, and lose nothing that one of them wrote."""
    workers = [start("write_for_a_second", who) for who in "abcd"]
    for worker in workers:
        worker.wait_until_ready().go()

    counts = [worker.answer() for worker in workers]

    store = SqliteStore(path)
    assert len(await store.jobs(1_000_000)) == sum(counts)
    assert await owners(store, *LEADING_TO_ADA) == [ADA, ADA]
    await store.close()


async def test_readers_at_once(path: Path) -> None:
    """Several stores that all begin with a read of the old file find what is in it."""
    stores = [SqliteStore(path) for _ in range(5)]

    found = await asyncio.gather(*(store.get("ada-id") for store in stores for _ in range(3)))

    assert found == [ADA] * 15
    for store in stores:
        await store.close()


async def test_it_waits_for_who_writes(path: Path, start: Start) -> None:
    """An upgrade that meets somebody's write lock is made when that is gone."""
    store = SqliteStore(path)
    other = start("hold_the_write_lock").wait_until_ready()
    reading = asyncio.create_task(store.get("ada-id"))
    await asyncio.sleep(0.1)
    unfinished = not reading.done()
    other.go()

    assert unfinished
    assert await reading == ADA
    await store.close()


async def test_it_fails_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade that breaks off leaves the file as it was, and the next attempt succeeds."""
    before = layout(path)
    store = SqliteStore(path)
    with monkeypatch.context() as broken:
        broken.setattr(schema, "_UPGRADES", {1: schema._UPGRADES[1] + "INSERT INTO nowhere VALUES (1);"})
        with pytest.raises(StoreUnavailable):
            await store.get("ada-id")
        left = layout(path)

    assert left == before
    assert await store.get("ada-id") == ADA
    await store.close()


async def test_an_old_file_put_back(path: Path) -> None:
    """A backup of the old version that is put in the place of a file in use is upgraded as well."""
    backup = path.with_name("backup.db")
    shutil.copy(path, backup)
    store = SqliteStore(path)
    await store.delete("ada-id")
    await store.close()
    await store.ping()
    backup.replace(path)
    for leftover in ("users.db-wal", "users.db-shm"):
        path.with_name(leftover).unlink(missing_ok=True)
    await store.ping()

    assert await store.get("ada-id") == ADA
    assert layout(path)[0] == schema.VERSION
    await store.close()


def test_a_reader_does_not_upgrade(path: Path) -> None:
    """Opening the old file to read asks for somebody with the turn to write, and changes nothing."""
    before = path.read_bytes()
    with pytest.raises(opening.NotLaidOut):
        opening.for_reading(path)

    assert path.read_bytes() == before
