"""Several processes on one file."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from tests.contract.people import NOW_MS, person, stored
from tests.unit.stores.sqlite.conftest import Start
from tests.unit.stores.sqlite.worker import ADDRESSES, FORKING, FORKS, LIMIT, RAISES, SHARED
from wicketgate.core.outbox import Job
from wicketgate.core.users import email_claim
from wicketgate.stores.sqlite import SqliteStore

WHO = ["a", "b", "c", "d"]


async def test_contention(path: Path, start: Start) -> None:
    """Four processes that ask for the same at once share it out exactly, and none undoes another's change."""
    store = SqliteStore(path)
    shared = person("shared", id=SHARED)
    await store.create(shared, [email_claim(shared.email)])
    for number in range(20):
        await store.put_job(Job(f"job{number}", "mail", {}, NOW_MS))
    workers = [start("contend", who) for who in WHO]
    for worker in [worker.wait_until_ready() for worker in workers]:
        worker.go()

    answers = [worker.answer() for worker in workers]

    now = await stored(store, shared)
    everybody, _ = await store.page(None, 1000)
    assert sum(answer["won"] for answer in answers) == ADDRESSES
    assert sum(answer["lost"] for answer in answers) == ADDRESSES * (len(WHO) - 1)
    assert len(everybody) == ADDRESSES + 1
    assert sum(answer["taken"] for answer in answers) == LIMIT.most
    assert await store.take(LIMIT, "192.0.2.7", NOW_MS) == LIMIT.window_ms
    assert sorted(job for answer in answers for job in answer["leased"]) == sorted(
        f"job{number}" for number in range(20)
    )
    assert set(now.private) == {"passwordHash", *(f"{who}{number}" for who in WHO for number in range(RAISES))}
    assert now.api_token_version == 1 + RAISES * len(WHO)
    await store.close()


async def test_first_use_at_once(path: Path, start: Start) -> None:
    """Processes that all find no file lay it out once between them."""
    workers = [start("write_for_a_second", who) for who in WHO]

    for worker in workers:
        worker.wait_until_ready().go()

    counts = [worker.answer() for worker in workers]
    assert _rows(path, "outbox") == sum(counts)


async def test_no_starving(path: Path, start: Start) -> None:
    """Of two processes that write without pause neither is kept waiting for good."""
    workers = [start("write_for_a_second", who) for who in "ab"]
    for worker in [worker.wait_until_ready() for worker in workers]:
        worker.go()

    counts = [worker.answer() for worker in workers]

    assert min(counts) * 20 > sum(counts)


@pytest.mark.parametrize("after", [1, 150, 700])
async def test_killed_while_writing(path: Path, start: Start, after: int) -> None:
    """A process killed at any moment has lost nothing it was answered for; the file is sound and free at once."""
    worker = start("write_without_end", "w").wait_until_ready()
    worker.go()
    printed = [worker.line() for _ in range(after)]
    # What follows the last line break is an address whose printing was cut off.
    printed += worker.kill().split("\n")[:-1]

    store = SqliteStore(path)
    found = [await store.find(email_claim(address)) for address in printed]
    everybody, _ = await store.page(None, 100_000)
    await store.create(person("next"), [email_claim("next@example.com")])
    await store.close()

    assert [record.email for record in found if record is not None] == printed
    assert len(everybody) == _rows(path, "claims") - 1
    assert apsw.Connection(str(path)).pragma("integrity_check") == "ok"
    assert not list(apsw.Connection(str(path)).execute("PRAGMA foreign_key_check"))


async def test_fork(path: Path, start: Start) -> None:
    """A store that was in use when the process forked works on in parent and child, and loses nothing."""
    store = SqliteStore(path)
    await store.create(person("shared", id=SHARED), [])
    await store.close()
    worker = start("fork_while_in_use").wait_until_ready()
    worker.go()
    answer = worker.answer()

    now = await stored(store, person(id=SHARED))
    await store.close()
    assert answer == {"child": 0, "seen": 41}
    assert now.api_token_version == 41
    assert apsw.Connection(str(path)).pragma("integrity_check") == "ok"


async def test_forks_at_once(path: Path, start: Start) -> None:
    """Threads that fork at the same time, while others write, hold up nobody, and each child can write."""
    worker = start("fork_from_many_threads").wait_until_ready()
    worker.go()

    assert worker.answer() == {"children": [0] * FORKING * FORKS, "stuck": 0}


def _rows(path: Path, table: str) -> int:
    count: int = apsw.Connection(str(path)).execute(f"SELECT count(*) FROM {table}").get
    return count
