"""Where somebody comes from who signs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that is about to open a session.

    `source` is the client as the limits see it, `user_agent` what the program on the other side says it is, which is
    whatever it likes. `device` is the mark of a browser that has logged in before, as it was sent (see `devices.py`).
    """

    source: str
    user_agent: str = ""
    device: str = field(default="", repr=False)


_PROGRAMS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """What a program says it is, in our words alone: `Firefox on Linux`, or less where it says less."""
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "Unknown program")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return f"{program} on {system}" if system else program
