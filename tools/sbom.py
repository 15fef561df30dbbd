"""Writes what the service is made of, dist/sbom.json: `python tools/sbom.py`.

CycloneDX 1.6, from the lock files alone, so that it needs no network and the same lock files make the same bytes. Of
the browser pages it names what is built into them; what only tests or builds need is left out.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_LOCKED = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)", re.MULTILINE)
_IN_THE_PAGES = ("react", "react-dom", "scheduler")
"""Of npm's packages, those that the pages carry. The browser package itself leaves them to the application."""


def document() -> dict[str, Any]:
    """The bill as JSON values."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = _LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    pages = json.loads((ROOT / "ui" / "package-lock.json").read_text("utf-8"))["packages"]
    parts = [_part("pypi", name, version) for name, version in sorted(locked)]
    parts += [_part("npm", name, pages[f"node_modules/{name}"]["version"]) for name in _IN_THE_PAGES]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_part("pypi", project["name"], project["version"]), "type": "application"}},
        "components": parts,
    }


def main() -> None:
    """Writes it."""
    made = ROOT / "dist" / "sbom.json"
    made.parent.mkdir(exist_ok=True)
    made.write_text(json.dumps(document(), indent=2) + "\n", "utf-8")
    print(made.relative_to(ROOT))


def _part(registry: str, name: str, version: str) -> dict[str, Any]:
    address = f"pkg:{registry}/{name}@{version}"
    return {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}


if __name__ == "__main__":
    main()
