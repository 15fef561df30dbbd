"""A Chromium for the browser tests: the machine's own, else the one that an npm package carries."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.npm import node, packages

HERE = Path(__file__).parent
# Nothing but the pages under test is to be asked for, and no GPU or sandbox is needed for that.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-first-run",
    "--no-default-browser-check",
)


@dataclass(frozen=True, slots=True)
class Chromium:
    """Where it is, or why there is none."""

    path: str | None
    reason: str = ""


@functools.cache
def chromium() -> Chromium:
    """The browser, tried out: some machines lack a library that it needs."""
    own = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        path = own or _unpacked()
    except (RuntimeError, OSError, ValueError) as error:
        return Chromium(None, f"no Chromium: {error}")
    tried = subprocess.run([path, "--headless", *ARGUMENTS, "--version"], capture_output=True, text=True, check=False)
    return Chromium(path) if tried.returncode == 0 else Chromium(None, f"Chromium does not start: {tried.stderr[-200:]}")


def _unpacked() -> str:
    packages(HERE)
    said = subprocess.run([node(), "where.mjs"], cwd=HERE, capture_output=True, text=True, check=True)
    path: str = json.loads(said.stdout)["path"]
    return path
