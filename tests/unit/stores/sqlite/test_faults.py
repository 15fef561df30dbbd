"""A file that is locked, gone, full or not ours."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from tests.contract.people import signed_up, stored
from tests.unit.stores.sqlite.conftest import Start
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.core.users import Edit, email_claim
from wicketgate.stores.sqlite import SqliteStore

# ruff: noqa: ASYNC240  # a test may wait for its own files

RENAME = Edit(fields={"name": "new"})


@pytest.mark.parametrize("verb", ["hold_the_write_lock", "hold_the_turn"])
async def test_writing_is_locked(path: Path, start: Start, verb: str) -> None:
    """While another process keeps writers out, a write fails within 3 seconds, reads go on, and later writes work."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    other = start(verb).wait_until_ready()

    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await store.edit(ann.id, RENAME)
    took = time.monotonic() - began
    meanwhile = await store.get(ann.id)
    other.go()
    other.answer()
    await store.edit(ann.id, Edit(fields={"bio": "later"}))

    now = await stored(store, ann)
    assert took < 3
    assert meanwhile == ann
    assert (now.name, now.bio) == ("ann", "later")
    await store.close()


@pytest.mark.parametrize("verb", ["hold_the_write_lock", "hold_the_turn"])
async def test_writing_waits_its_turn(path: Path, start: Start, verb: str) -> None:
    """A write asked for while another process writes is made when that is done."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    other = start(verb).wait_until_ready()
    waiting = asyncio.create_task(store.edit(ann.id, RENAME))
    await asyncio.sleep(0.1)
    unfinished = not waiting.done()
    other.go()

    assert unfinished
    assert await waiting == await store.get(ann.id)
    await store.close()


async def test_reading_is_locked(path: Path, start: Start) -> None:
    """While another process keeps readers out, reads and pings fail in time, the loop runs on, and reads recover."""
    patient, store = SqliteStore(path), SqliteStore(path, deadline=0.5)
    ann = await signed_up(patient)
    await patient.close()
    other = start("hold_the_whole_file").wait_until_ready()
    reads = asyncio.gather(*(store.get(ann.id) for _ in range(20)), store.ping(), return_exceptions=True)
    ticks = 0
    while not reads.done():
        await asyncio.sleep(0.01)
        ticks += 1
    other.go()
    other.answer()

    assert {type(result) for result in await reads} == {StoreUnavailable}
    assert ticks > 5
    assert await store.get(ann.id) == ann
    await store.ping()
    await store.close()


async def test_reading_waits(path: Path, start: Start) -> None:
    """A read of a file that is locked for a moment is answered when it is free."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    await store.close()
    other = start("hold_the_whole_file").wait_until_ready()
    waiting = asyncio.create_task(store.get(ann.id))
    await asyncio.sleep(0.1)
    unfinished = not waiting.done()
    other.go()

    assert unfinished
    assert await waiting == ann
    await store.close()


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file of this process may grow beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_full_disk(path: Path) -> None:
    """When the disk is full writes fail and change nothing, reads go on, and writes work when there is room."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    big = Edit(private={"big": "x" * 3_000_000})
    with full_disk(1_000_000):
        with pytest.raises(StoreUnavailable):
            await store.edit(ann.id, big)
        meanwhile = await store.get(ann.id)

    assert meanwhile == ann
    assert await store.edit(ann.id, big) == await store.get(ann.id)
    assert apsw.Connection(str(path)).pragma("integrity_check") == "ok"
    await store.close()


async def test_directory_gone(path: Path) -> None:
    """When the directory cannot be had everything fails, and works again when it is back, with all that was there."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    await store.close()
    away = path.parent.rename(path.parent.with_name("away"))
    path.parent.write_text("not a directory")
    with pytest.raises(StoreUnavailable):
        await store.get(ann.id)
    with pytest.raises(StoreUnavailable):
        await store.edit(ann.id, RENAME)
    with pytest.raises(StoreUnavailable):
        await store.check()
    path.parent.unlink()
    away.rename(path.parent)

    assert await store.get(ann.id) == ann
    assert (await stored(store, ann)).name == "ann"
    assert await store.edit(ann.id, RENAME) == await store.get(ann.id)
    await store.close()


@pytest.mark.parametrize("by", ["write", "ping"])
async def test_file_replaced(path: Path, by: str) -> None:
    """A file put in the place of the one in use, as a backup is brought back, is used from the next write or ping."""
    store, backup = SqliteStore(path), SqliteStore(path.with_name("backup.db"))
    ann, bob = await signed_up(store, "ann"), await signed_up(backup, "bob")
    await store.get(ann.id)
    await backup.close()
    path.with_name("backup.db").replace(path)
    path.with_name("users.db-wal").unlink()
    path.with_name("users.db-shm").unlink()
    first = await (store.edit(bob.id, Edit()) if by == "write" else store.ping())

    assert first == (bob if by == "write" else None)
    assert await store.get(ann.id) is None
    assert await store.get(bob.id) == bob
    await store.close()


@pytest.mark.parametrize("spared", [0, 4096])
async def test_damaged_file_mended(path: Path, spared: int) -> None:
    """A file that turned to rubbish fails every call, and is used again when it is itself again."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    await store.close()
    good = path.read_bytes()
    path.write_bytes(good[:spared] + b"rubbish" * 10_000)
    with pytest.raises((StoreUnavailable, StoreMisconfigured)):
        await store.get(ann.id)
    with pytest.raises((StoreUnavailable, StoreMisconfigured)):
        await store.edit(ann.id, RENAME)
    path.write_bytes(good)

    assert await store.get(ann.id) == ann
    assert await store.edit(ann.id, RENAME) == await store.get(ann.id)
    await store.close()


def _spoil(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("PRAGMA user_version = 3", "schema version 3, this version of Wicketgate needs 2"),
        ("PRAGMA user_version = 0", "schema version 0, this version of Wicketgate needs 2"),
        ("PRAGMA application_id = 7", "is an SQLite database of another program"),
        ("DROP TABLE limits", "lacks the table limits"),
        ("DROP TABLE outbox; DROP TABLE claims", "lacks the table claims, outbox"),
    ],
)
async def test_other_layout(path: Path, statement: str, says: str) -> None:
    """A file laid out otherwise is refused by every call, in words that say what differs."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    await store.close()
    _spoil(path, statement)

    with pytest.raises(StoreMisconfigured, match=says):
        await store.check()
    with pytest.raises(StoreMisconfigured, match=says):
        await store.get(ann.id)
    await store.close()


async def test_database_of_another_program(path: Path) -> None:
    """A database that another program made is refused and left as it is."""
    path.parent.mkdir()
    _spoil(path, "CREATE TABLE theirs (x)")
    before = path.read_bytes()
    store = SqliteStore(path)
    with pytest.raises(StoreMisconfigured, match="another program"):
        await store.check()
    await store.close()

    assert path.read_bytes() == before


async def test_no_database(path: Path) -> None:
    """A file that is no database is refused and left as it is."""
    path.parent.mkdir()
    path.write_text("a shopping list, and a long one at that " * 30)
    before = path.read_bytes()
    store = SqliteStore(path)
    with pytest.raises(StoreMisconfigured, match="not an SQLite database"):
        await store.check()
    await store.close()

    assert path.read_bytes() == before


async def test_first_call_may_be_a_read(path: Path) -> None:
    """A read of a file that does not exist yet makes it and finds nobody."""
    store = SqliteStore(path)
    results = await asyncio.gather(*(store.find(email_claim("ann@example.com")) for _ in range(5)))

    assert results == [None] * 5
    assert path.exists()
    await store.close()


async def test_empty_file(path: Path) -> None:
    """An empty file, as `touch` or a mount leaves it, is laid out."""
    path.parent.mkdir()
    path.touch()
    store = SqliteStore(path)
    made = [await store.create_table(), await store.create_table()]
    ann = await signed_up(store)

    assert made == [True, False]
    assert await store.get(ann.id) == ann
    await store.close()


async def test_file_deleted_without_its_log(path: Path, start: Start) -> None:
    """The log of a file that somebody deleted does not find its way into the next file."""
    worker = start("write_without_end", "old").wait_until_ready()
    worker.go()
    worker.line()
    worker.kill()
    left = path.with_name("users.db-wal").stat().st_size
    path.unlink()
    store = SqliteStore(path)
    ann = await signed_up(store)

    assert left > 0
    assert await store.page(None, 10) == ([ann], None)
    assert apsw.Connection(str(path)).pragma("integrity_check") == "ok"
    await store.close()


async def test_link_to_the_file(path: Path) -> None:
    """A store reached through a symbolic link shares the turns of those who use the file itself."""
    path.parent.mkdir()
    link = path.with_name("link.db")
    link.symlink_to(path)
    one, other = SqliteStore(path), SqliteStore(link)
    ann = await signed_up(one)

    assert await other.get(ann.id) == ann
    assert await other.edit(ann.id, RENAME) == await one.get(ann.id)
    assert not link.with_name("link.db-turn").exists()
    await one.close()
    await other.close()
