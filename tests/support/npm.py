"""What the tests need from npm: each folder with a `package-lock.json` is installed beside it, once."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
from pathlib import Path

from tools.npm import find


def node() -> str:
    """The Node to run scripts with. Raises RuntimeError when there is none."""
    return find().program


def packages(folder: Path) -> Path:
    """The folder's `node_modules` as its lock says; the first call installs it, later ones find it there.

    Raises RuntimeError when npm cannot install it.
    """
    lock = folder / "package-lock.json"
    installed = folder / "node_modules"
    mark = installed / ".installed-from"
    with lock.open("rb") as held:
        # Several test workers start at once; one installs and the others wait for it.
        fcntl.flock(held, fcntl.LOCK_EX)
        wanted = hashlib.sha256(held.read()).hexdigest()
        if not mark.is_file() or mark.read_text() != wanted:
            _install(folder)
            mark.write_text(wanted)
    return installed


def _install(folder: Path) -> None:
    npm = find()
    command = [*npm.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, env=dict(npm.environment), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"npm could not install what {folder.name} needs:\n{done.stdout}{done.stderr}")
