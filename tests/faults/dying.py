"""Does something to a file of SQLite again and again, and dies one write later each time.

`python -m tests.faults.dying DEED FOLDER [FILE]` works in FOLDER, each time on a copy of FILE: `1.db`, `2.db`, ….
Beside it `1.log` has a byte for each step that was acknowledged. It prints the number of the last, which ended well.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import apsw

from tests.contract.people import move, person
from wicketgate.core.users import email_claim
from wicketgate.stores.sqlite import SqliteStore

PEOPLE = 3


def address(number: int, name: str = "person") -> str:
    """Where somebody is, or `moved` to."""
    return f"{name}{number}@example.com"


class DyingFile(apsw.VFSFile):
    """Counts down what all files of this process are asked for, and kills the process before it is done."""

    left = 0

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's names
        self._count()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._count()
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._count()
        super().xTruncate(size)

    def _count(self) -> None:
        DyingFile.left -= 1
        if DyingFile.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Dying(apsw.VFS):
    """SQLite's own way to files, with a count."""

    def __init__(self) -> None:
        super().__init__("dying", "unix", makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """A file that is counted."""
        return DyingFile("unix", name, flags)


async def opened(path: Path) -> None:
    """Makes the file, or brings it to this version."""
    store = SqliteStore(path)
    await store.check()
    await store.close()


async def used(path: Path) -> None:
    """People come, move and go."""
    store = SqliteStore(path)
    log = os.open(path.with_suffix(".log"), os.O_WRONLY | os.O_CREAT)
    for number in range(PEOPLE):
        one = person(f"person{number}")
        await store.create(one, [email_claim(one.email)])
        os.write(log, b".")
        await store.edit(one.id, move(one, address(number, "moved")))
        os.write(log, b".")
        await store.delete(one.id)
        os.write(log, b".")
    await store.close()


def dies(deed: str, path: Path, writes: int) -> bool:
    """Whether a process that does this was killed before so many writes."""
    child = os.fork()
    if child == 0:
        DyingFile.left = writes
        kept = Dying()
        asyncio.run({"opened": opened, "used": used}[deed](path))
        os._exit(0 if kept else 1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(deed: str, folder: str, file: str = "") -> None:
    """Until one lives."""
    writes, died = 0, True
    while died:
        writes += 1
        path = Path(folder) / f"{writes}.db"
        if file:
            shutil.copy(file, path)
        died = dies(deed, path, writes)
    print(writes)


if __name__ == "__main__":
    main(*sys.argv[1:])
