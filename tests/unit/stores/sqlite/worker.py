"""What a second process does to a file: `python -m tests.unit.stores.sqlite.worker VERB PATH [WHO]`.

It says `ready`, waits for a line, works, and answers with a line of JSON.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import apsw

from tests.contract.people import NOW_MS, outcomes, person, stored
from wicketgate.core.errors import ClaimTaken
from wicketgate.core.limits import Limit
from wicketgate.core.outbox import Job
from wicketgate.core.users import Edit, email_claim
from wicketgate.stores.sqlite import SqliteStore

SHARED = "00000000-0000-4000-8000-000000000001"
LIMIT = Limit("login", 25, 1000)
ADDRESSES = 20
RAISES = 15
FORKING = 3
FORKS = 20


def waited() -> None:
    """Says that this is ready and waits for the word to start."""
    print("ready", flush=True)
    sys.stdin.readline()


async def contend(path: Path, who: str) -> object:
    """Asks for everything that another process asks for at the same time."""
    store = SqliteStore(path, deadline=30)
    waited()
    claims = [email_claim(f"prize{number}@example.com") for number in range(ADDRESSES)]
    created = await outcomes(*(store.create(person(who, email=claim.value), [claim]) for claim in claims))
    taken = await asyncio.gather(*(store.take(LIMIT, "192.0.2.7", NOW_MS) for _ in range(40)))
    for number in range(RAISES):
        change = Edit(private={f"{who}{number}": "x"}, raise_api_token_version=True)
        await store.edit(SHARED, change)
    leased = [job.id for _ in range(20) for job in await store.lease_jobs(NOW_MS, NOW_MS + 1, 1)]
    await store.close()
    return {
        "won": created.count(None),
        "lost": created.count(ClaimTaken),
        "taken": taken.count(0),
        "leased": leased,
    }


async def write_without_end(path: Path, who: str) -> object:
    """Signs people up as fast as it goes and prints each address after the store has answered."""
    store = SqliteStore(path)
    waited()

    async def caller(mine: int) -> None:
        for number in range(10**6):
            one = person(f"{who}-{mine}-{number}", private={"filler": "x" * 500})
            await store.create(one, [email_claim(one.email)])
            print(one.email, flush=True)

    await asyncio.gather(*(caller(mine) for mine in range(16)))
    return None


async def write_for_a_second(path: Path, who: str) -> object:
    """Writes for a second and counts."""
    store = SqliteStore(path)
    await store.check()
    waited()
    end, count = time.monotonic() + 1, 0
    while time.monotonic() < end:
        await store.put_job(Job(f"{who}{count}", "mail", {}, NOW_MS))
        count += 1
    await store.close()
    return count


async def hold_the_write_lock(path: Path, who: str) -> object:
    """Keeps SQLite's own write lock, as somebody at the sqlite3 prompt might."""
    connection = apsw.Connection(str(path))
    connection.execute("BEGIN IMMEDIATE")
    waited()
    connection.execute("ROLLBACK")
    return None


async def hold_the_whole_file(path: Path, who: str) -> object:
    """Keeps the file to itself, readers out included."""
    connection = apsw.Connection(str(path))
    connection.pragma("locking_mode", "EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    waited()
    connection.close()
    return None


async def hold_the_turn(path: Path, who: str) -> object:
    """Keeps the turn to write, as a process that was stopped in the middle would."""
    with path.with_name(path.name + "-turn").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waited()
    return None


def fork_while_in_use(path: Path) -> object:
    """Forks with an open store; parent and child go on with it at once, more than once."""
    store = SqliteStore(path)

    async def work(mine: str) -> int:
        for number in range(10):
            await store.edit(SHARED, Edit(private={f"{mine}{number}": "x"}, raise_api_token_version=True))
        return len((await stored(store, person(id=SHARED))).private)

    waited()
    asyncio.run(work("before"))
    child = os.fork()
    if child == 0:
        inherited = [link for link in Path("/proc/self/fd").iterdir() if str(path) in os.path.realpath(link)]
        if inherited:
            os._exit(1)
        asyncio.run(work("child"))
        asyncio.run(store.close())
        os._exit(0)
    asyncio.run(work("parent"))
    _, status = os.waitpid(child, 0)
    seen = asyncio.run(work("after"))
    asyncio.run(store.close())
    return {"child": os.waitstatus_to_exitcode(status), "seen": seen}


def fork_from_many_threads(path: Path) -> object:
    """Forks in several threads at once, while another one writes. Each child writes as well."""
    store = SqliteStore(path)
    asyncio.run(store.check())
    waited()
    children, ended = [], threading.Event()

    def write_on() -> None:
        async def work() -> None:
            while not ended.is_set():
                await store.take(LIMIT, "192.0.2.7", NOW_MS)

        asyncio.run(work())

    def fork() -> None:
        for _ in range(FORKS):
            child = os.fork()
            if child == 0:
                asyncio.run(store.take(LIMIT, "192.0.2.8", NOW_MS))
                os._exit(0)
            children.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

    writing = threading.Thread(target=write_on, daemon=True)
    forking = [threading.Thread(target=fork, daemon=True) for _ in range(FORKING)]
    for thread in (writing, *forking):
        thread.start()
    end = time.monotonic() + 20
    for thread in forking:
        thread.join(max(0, end - time.monotonic()))
    ended.set()
    writing.join(5)
    return {"children": children, "stuck": sum(thread.is_alive() for thread in (writing, *forking))}


ALONE = {verb.__name__: verb for verb in (fork_while_in_use, fork_from_many_threads)}
"""Those that have no event loop of their own, as they fork."""

VERBS = {
    verb.__name__: verb
    for verb in (
        contend,
        write_without_end,
        write_for_a_second,
        hold_the_write_lock,
        hold_the_whole_file,
        hold_the_turn,
    )
}


def main(verb: str, path: Path, who: str = "") -> None:
    """Does one verb."""
    signal.alarm(60)
    answer = ALONE[verb](path) if verb in ALONE else asyncio.run(VERBS[verb](path, who))
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
