"""Asks who keeps lists of known holes whether one is in what is installed: `python tools/audit.py`.

pip-audit for the lock file of the service, npm for what the browser package is made with. Both need the network, so
this is no part of `make test`; without an answer it says so and fails, as silence would look like good news.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PIP_AUDIT = "pip-audit==2.10.1"

Run = Callable[[Sequence[str], Path], str]
"""What a command prints, whatever its exit code, in a folder."""


class Unanswered(Exception):
    """Nobody could say."""


def main(run: Run | None = None) -> int:
    """Prints what is known. Returns 0 without a hole, 1 with one, 2 when somebody did not answer."""
    outcomes = [_told("Python", python_holes, run or _run), _told("npm", npm_holes, run or _run)]
    return 2 if 2 in outcomes else max(outcomes)


def python_holes(run: Run) -> list[str]:
    """The holes in what requirements.lock names. Raises Unanswered."""
    uv = str(Path(sys.executable).with_name("uv"))
    asked = [
        uv,
        "tool",
        "run",
        "--quiet",
        _PIP_AUDIT,
        "--requirement",
        "requirements.lock",
        "--no-deps",
        "--disable-pip",
    ]
    found = _parsed(run([*asked, "--format", "json", "--progress-spinner", "off"], ROOT)).get("dependencies", [])
    unknown = [one["name"] for one in found if "skip_reason" in one]
    if unknown or not found:
        raise Unanswered(f"nothing is known of {', '.join(unknown) or 'anything'}")
    return [f"{one['name']} {one['version']}: {hole['id']}" for one in found for hole in one.get("vulns", ())]


def npm_holes(run: Run) -> list[str]:
    """The holes in what the browser package is made with. Raises Unanswered."""
    said = _parsed(run([sys.executable, str(ROOT / "tools" / "npm.py"), "audit", "--json"], ROOT / "ui"))
    if "vulnerabilities" not in said:
        raise Unanswered(str(said.get("message", "no answer")))
    return [f"{name}: {hole['severity']}" for name, hole in said["vulnerabilities"].items()]


def _told(what: str, holes: Callable[[Run], list[str]], run: Run) -> int:
    try:
        found = holes(run)
    except Unanswered as error:
        print(f"{what}: not checked, as the lists of holes could not be asked: {error}")
        return 2
    print("\n".join([f"{what}: {len(found)} known holes", *(f"  {hole}" for hole in found)]))
    return int(bool(found))


def _parsed(printed: str) -> dict[str, Any]:
    try:
        said = json.loads(printed)
    except ValueError:
        raise Unanswered("no answer") from None
    if not isinstance(said, dict):
        raise Unanswered("another answer than expected")
    return said


def _run(command: Sequence[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=False).stdout  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
