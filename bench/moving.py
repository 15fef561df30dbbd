"""Moving out and in with many users on SQLite: `python -m bench.moving --users 1000000`.

Prints how long `wicketgate users export` and `users import` take and the most memory that each holds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from wicketgate.core.users import UserRecord, claims_of
from wicketgate.stores.sqlite import SqliteStore

HASH = "$2b$12$yPdddChBlK5RXZUiQ08EH.q7ovPQb6.FpD9w9eLwNgpl2Yy.oEDNe"
BATCH = 500


def person(number: int) -> UserRecord:
    """The nth user, as large as users are."""
    return UserRecord(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, str(number))),
        email=f"user{number}@example.com",
        name=f"User Number {number}",
        created_at="2024-05-01T10:00:00.000Z",
        last_modified="2024-05-01T10:00:00.000Z",
        bio="I write programs." if number % 3 == 0 else None,
        private={"passwordHash": HASH},
    )


async def fill(path: Path, users: int) -> None:
    """A store with so many users."""
    store = SqliteStore(path, deadline=60)
    for start in range(0, users, BATCH):
        batch = [person(number) for number in range(start, min(start + BATCH, users))]
        await asyncio.gather(*(store.create(record, claims_of(record)) for record in batch))
    await store.close()


def measured(folder: Path, database: Path, *arguments: str) -> str:
    """What a command takes: seconds of the clock, and the most memory at a time."""
    command = [sys.executable, "-m", "wicketgate", *arguments]
    environment = {**os.environ, "SQLITE_PATH": str(database)}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{arguments} failed")
    return f"{seconds:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB"


def main() -> None:
    """Measures, and prints a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=100_000)
    users = parser.parse_args().users
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(fill(folder / "from.db", users))
        print(f"{users:,} users, {(folder / 'from.db').stat().st_size / 1e6:.0f} MB of SQLite")
        export = ("users", "export", "--with-hashes", "all.jsonl")
        print("one user, for comparison:", end=" ")
        asyncio.run(fill(folder / "one.db", 1))
        print("export", measured(folder, folder / "one.db", *export))
        print("export", measured(folder, folder / "from.db", *export))
        print("import", measured(folder, folder / "to.db", "users", "import", "all.jsonl"))
        print("again", measured(folder, folder / "to.db", "users", "import", "all.jsonl"))


if __name__ == "__main__":
    main()
