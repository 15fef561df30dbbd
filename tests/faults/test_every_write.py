"""A process that works on a file of SQLite is killed before each single write to the disk in turn."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

from tests.faults.contents import contents_of, owners_in_file
from tests.faults.dying import PEOPLE, address
from tests.unit.stores.sqlite.test_upgrade import ADA, LEADING_TO_ADA, layout, owners
from wicketgate.core.users import email_claim
from wicketgate.stores.sqlite import SqliteStore, schema

ROOT = Path(__file__).parents[2]
OLD = ROOT / "tests/data/users-version-1.db.gz"
DEEDS = ["come", "move", "go"]


def all_deaths(folder: Path, deed: str, file: Path | None = None) -> list[Path]:
    """Where each file is: one for each write before which the deed was broken off, the last for when it was not."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.faults.dying", deed, str(folder), *([str(file)] if file else [])]
    ran = subprocess.run(command, cwd=ROOT, check=True, timeout=120, capture_output=True, text=True)
    return [folder / f"{number}.db" for number in range(1, int(ran.stdout) + 1)]


async def test_an_upgrade_that_breaks_off(tmp_path: Path) -> None:
    """The file is of the old version or the new one, and whoever comes next finds everything in it."""
    old = tmp_path / "old.db"
    old.write_bytes(gzip.decompress(OLD.read_bytes()))
    found = []
    for path in all_deaths(tmp_path / "files", "opened", old):
        found.append(layout(path)[0])
        store = SqliteStore(path)
        assert await owners(store, *LEADING_TO_ADA) == [ADA, ADA]
        await store.close()
        assert layout(path)[0] == schema.VERSION
        owners_in_file(path)

    assert found == sorted(found)
    assert set(found) == {1, schema.VERSION}


async def test_a_first_use_that_breaks_off(tmp_path: Path) -> None:
    """There is a file or none, and whoever comes next can use it."""
    for path in all_deaths(tmp_path / "files", "opened"):
        store = SqliteStore(path)
        await store.check()
        assert await store.page(None, 1) == ([], None)
        await store.close()
        owners_in_file(path)


async def test_people_who_come_move_and_go(tmp_path: Path) -> None:
    """What was acknowledged is there, the next thing is there whole or not at all, and nothing after that."""
    paths = all_deaths(tmp_path / "files", "used")
    for path in paths:
        log = path.with_suffix(".log")
        acknowledged = log.stat().st_size if log.exists() else 0
        store = SqliteStore(path)
        await store.check()
        found = await contents_of(store, owners_in_file(path))
        await store.close()

        assert found.half_done() == []
        assert set(found.owners) in (after(acknowledged), after(acknowledged + 1)), path

    assert len(paths) > 3 * PEOPLE


def after(steps: int) -> set[str]:
    """The claims there are when so many of all steps are done: each person comes, moves and goes before the next."""
    number, step = divmod(steps, len(DEEDS))
    return set() if step == 0 else {email_claim(address(number, "person" if step == 1 else "moved")).key}
