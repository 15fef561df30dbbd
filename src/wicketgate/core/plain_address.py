"""Addresses that need no library to be understood, which are nearly all: ASCII, in lower case, short.

The library is a tenth of a start. What it says of each of these is that the address is its own normal form.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 64
"""As long as the part before the @ alone may be (RFC 5321, 4.5.3.1.1)."""

RESERVED: Final = ("arpa", "invalid", "local", "localhost", "onion", "test")
"""Where no mail goes (RFC 6761 and its registry)."""

_LABEL: Final = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PLAIN: Final = re.compile(
    rf"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:{_LABEL}\.)+(?!(?:{'|'.join(RESERVED)})\Z)[a-z]{{2,63}}"
)


def is_plain(address: str) -> bool:
    """Whether this is an address as it stands. False says nothing: the library knows."""
    return len(address) <= LONGEST and _PLAIN.fullmatch(address) is not None
