"""Test inputs made by others; `tests/data/README.md` says by whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

_DATA = Path(__file__).parent.parent / "data"


def _load(name: str, key: str) -> list[object]:
    found: list[object] = json.loads((_DATA / name).read_text())[key]
    return found


NAUGHTY: Final = [str(text) for text in _load("blns.json", "strings")]
"""Strings that have broken other programs."""

SIGNATURES: Final = [
    (f"{entry[0]} {entry[1]}", str(entry[2]))
    for entry in _load("wycheproof_jws.json", "jws")
    if isinstance(entry, list)
]
"""JSON Web Signatures with the name of what each tests."""
