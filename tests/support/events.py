"""The events that the source names."""

from __future__ import annotations

import re
from pathlib import Path

_SOURCE = Path(__file__).parents[2] / "src" / "wicketgate"
# Where an event is made, or named for a helper that makes it.
_SECURITY = re.compile(r'(?:SecurityEvent\(|_tell\(gate, |_redeemed\([^)]*, )\s*"([a-z_]+)"')
_NOTES = re.compile(r'\._?(?:note|try)\(\s*"([a-z_]+)"')


def security_events() -> set[str]:
    """What can happen to an account."""
    return set(_SECURITY.findall(_source()))


def notes() -> set[str]:
    """What the log tells of the service itself."""
    return set(_NOTES.findall(_source()))


def _source() -> str:
    return "".join(path.read_text() for path in sorted(_SOURCE.rglob("*.py")))
