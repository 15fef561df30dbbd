"""The thread that writes, and the jobs that share a commit."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import apsw
import pytest

from tests.contract.people import NOW, NOW_MS, outcomes, person, signed_up, stored
from wicketgate.core.audit import AuditEntry
from wicketgate.core.errors import ClaimTaken, Stale, StoreUnavailable
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.users import Edit, email_claim
from wicketgate.stores.sqlite import SqliteStore, jobs
from wicketgate.stores.sqlite.opening import for_reading, for_writing
from wicketgate.stores.sqlite.writer import Writer

SYNCHRONOUS_FULL = 2


def _threads() -> int:
    return sum(thread.name == "sqlite-writer" for thread in threading.enumerate())


async def test_failing_jobs_fail_alone(path: Path) -> None:
    """Jobs that fail, each in its own way, leave nothing behind and take nothing of their batch along."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    bob, eve = person("bob"), person("eve")
    free = email_claim("free@example.com")

    results = await outcomes(
        store.edit(ann.id, Edit(private={"first": "x"})),
        store.create(eve, [email_claim(eve.email), email_claim(ann.email)]),
        store.edit(ann.id, Edit(add_claims=(free,), private={"bad": "\ud800"})),
        store.edit(ann.id, Edit(fields={"name": "no"}, expect={"name": "other"})),
        store.create(bob, [email_claim(bob.email)]),
        store.edit(ann.id, Edit(private={"last": "x"})),
    )

    now = await stored(store, ann)
    assert results[1:5] == [ClaimTaken, UnicodeEncodeError, Stale, None]
    assert now.private == {"passwordHash": "hash of ann", "first": "x", "last": "x"}
    assert await store.find(email_claim(bob.email)) == bob
    assert await store.find(email_claim(eve.email)) is None
    assert await store.find(free) is None
    await store.close()


async def test_commits_are_shared(path: Path) -> None:
    """A hundred writes asked for at once take a handful of commits."""
    store = SqliteStore(path)
    await store.check()
    before = _commits(path)
    await asyncio.gather(*(store.put_job(Job(f"job{number}", "mail", {}, NOW_MS)) for number in range(100)))

    assert 1 <= _commits(path) - before <= 10
    await store.close()


async def test_job_taken_back(path: Path) -> None:
    """A job whose caller has gone before it began is not done."""
    writer = Writer(path, lambda: None)
    begun, finish = threading.Event(), threading.Event()
    done: list[str] = []

    def slow(connection: apsw.Connection) -> None:
        begun.set()
        finish.wait(5)

    first = asyncio.create_task(writer.run(slow))
    await asyncio.to_thread(begun.wait, 5)
    second = asyncio.create_task(writer.run(lambda _: done.append("second")))
    third = asyncio.create_task(writer.run(lambda _: done.append("third")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    finish.set()
    await asyncio.gather(first, third)

    assert done == ["third"]
    thread = writer.close()
    assert thread is not None
    thread.join(5)


async def test_job_that_meets_a_lock(path: Path) -> None:
    """A job stopped half-way by somebody's lock is done again from the start, and counts once."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    attempts: list[int] = []

    def locked_once(connection: apsw.Connection) -> None:
        jobs.edit(connection, ann.id, Edit(raise_session_version=True))
        attempts.append(1)
        if len(attempts) == 1:
            raise apsw.BusyError

    await store._write(locked_once)

    assert len(attempts) == 2
    assert (await stored(store, ann)).session_version == 2
    await store.close()


async def test_caller_does_not_wait_for_a_disk_that_hangs(path: Path) -> None:
    """A job that hangs keeps nobody waiting beyond the deadline, neither its own caller nor the next."""
    store, patient = SqliteStore(path, deadline=0.3), SqliteStore(path)
    await patient.check()
    finish = threading.Event()
    hanging = asyncio.create_task(store._write(lambda _: finish.wait(5)))
    results = await outcomes(hanging, store.put_job(Job("job", "mail", {}, NOW_MS)))
    finish.set()

    assert results == [StoreUnavailable, StoreUnavailable]
    assert list(await patient.jobs(1)) == []
    await store.close()
    await patient.close()


async def test_loop_closed_before_the_answer(path: Path) -> None:
    """A caller whose event loop has gone away does no harm to the next."""
    store = SqliteStore(path)
    await store.check()
    begun, finish = threading.Event(), threading.Event()

    def slow(connection: apsw.Connection) -> None:
        begun.set()
        finish.wait(5)

    async def leave() -> None:
        asyncio.get_running_loop().create_task(store._write(slow))
        await asyncio.to_thread(begun.wait, 5)

    await asyncio.to_thread(lambda: asyncio.run(leave()))
    finish.set()
    ann = await signed_up(store)

    assert await store.get(ann.id) == ann
    await store.close()


async def test_close_ends_the_thread(path: Path) -> None:
    """Closing finishes what was asked for, ends the thread and folds the log into the file; use opens it again."""
    before = _threads()
    store = SqliteStore(path)
    asked = [asyncio.ensure_future(signed_up(store, f"p{number}")) for number in range(50)]
    await asyncio.sleep(0)
    running = _threads()
    await store.close()
    people = await asyncio.gather(*asked)

    assert (running, _threads()) == (before + 1, before)
    assert sorted(found.name for found in path.parent.iterdir()) == ["users.db", "users.db-turn"]
    assert [await store.get(one.id) for one in people] == people
    await store.close()


async def test_files_are_private(path: Path) -> None:
    """Nobody but the owner can read the file, what SQLite keeps beside it, or the directory made for it."""
    store = SqliteStore(path)
    await signed_up(store)
    modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.iterdir()}
    await store.close()

    assert modes == dict.fromkeys(["users.db", "users.db-wal", "users.db-shm", "users.db-turn"], 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_connections_are_durable(path: Path) -> None:
    """Every connection flushes each commit to the disk, and the one for reading cannot write."""
    path.parent.mkdir()
    writing = for_writing(path)
    reading = for_reading(path)

    assert writing.pragma("journal_mode") == "wal"
    assert [one.pragma("synchronous") for one in (writing, reading)] == [SYNCHRONOUS_FULL] * 2
    assert writing.pragma("foreign_keys") == 1
    with pytest.raises(apsw.ReadOnlyError):
        reading.execute("DELETE FROM users")
    reading.close()
    writing.close()


async def test_reads_hold_nothing(path: Path) -> None:
    """After reads of every kind nothing keeps the log from being folded into the file and emptied."""
    store = SqliteStore(path)
    ann = await signed_up(store)
    await signed_up(store, "bob")
    limit = Limit("login", 5, 1000)
    await store.get(ann.id)
    await store.find(email_claim(ann.email))
    await store.find_guarded(email_claim("nobody@example.com"), limit, NOW_MS)
    await store.page(None, 1)
    await store.edit(ann.id, Edit(fields={"name": "new"}))

    assert apsw.Connection(str(path)).execute("PRAGMA wal_checkpoint(TRUNCATE)").get == (0, 0, 0)
    await store.close()


async def test_logs_do_not_pile_up(path: Path) -> None:
    """Logs whose events have all left the window are taken away as others are written."""
    store = SqliteStore(path)
    limit = Limit("login", 5, 1000)
    for number in range(60):
        await store.take(limit, f"source{number}", NOW_MS + 100 * number)

    assert _rows(path, "limits") <= 12
    await store.close()


async def test_the_trail_does_not_pile_up(path: Path) -> None:
    """Entries that have expired are taken away as others are noted."""
    store = SqliteStore(path)
    for number in range(60):
        await store.note_audit(AuditEntry(f"user{number}", NOW_MS + 1000 * number, "login", NOW + number + 10))

    assert _rows(path, "audit") == 10
    await store.close()


def _rows(path: Path, table: str) -> int:
    count: int = apsw.Connection(str(path)).execute(f"SELECT count(*) FROM {table}").get
    return count


def _commits(path: Path) -> int:
    """How many transactions the log holds: the last frame of each says how large the file is then.

    https://sqlite.org/fileformat2.html, 4.1.
    """
    log = path.with_name(path.name + "-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    return sum(log[at + 4 : at + 8] != bytes(4) for at in range(32, len(log), 24 + page))
