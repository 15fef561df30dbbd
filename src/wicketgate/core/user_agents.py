"""What a program that calls is named to people: `Firefox on Linux`, and no closer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

UNKNOWN: Final = "Unknown device"
LONGEST: Final = 40

_BROWSERS: Final = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet")),
    *(("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome")),
    ("Safari/", "Safari"),
)
"""What a browser's name is known by. Most claim to be others as well, which stand further down."""

_SYSTEMS: Final = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS")),
    *(("Windows", "Windows"), ("Macintosh", "macOS"), ("Linux", "Linux")),
)

_PRODUCT: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._+-]{{0,{LONGEST - 1}}}")


def device_name(user_agent: str) -> str:
    """The device in at most 40 plain characters, whatever the header says.

    Browser and system where both are known, else the first product (RFC 9110, 10.1.5) as `curl`, without versions.
    """
    if not user_agent.startswith("Mozilla/"):
        product = _PRODUCT.match(user_agent)
        return product[0] if product else UNKNOWN
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    return " on ".join(filter(None, (browser, system))) or UNKNOWN


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "")
