"""What goes into bcrypt for a password, by who made the hash, and what a bcrypt hash says of itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from wicketgate.core.fields import normal_password

MAX_BYTES: Final = 72
"""What bcrypt reads of a password; older versions ignored the rest, so any two equal in 72 bytes were one."""

# Exactly what bcrypt can check: of a salt's last character only two bits count, and the others must be 0.
_HASH: Final = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}")


def bcrypt_input(password: str) -> bytes:
    """The bytes that stand for a password in bcrypt, all of its characters counting.

    A longer one, or one with a NUL (at which other bcrypts stop), is replaced by the base64 of its SHA-256
    behind the byte 0xFF. No UTF-8 text contains that byte, so someone who learns such a digest elsewhere can
    not log in by typing it ("password shucking").
    """
    encoded = normal_password(password).encode("utf-8", "surrogatepass")
    if len(encoded) <= MAX_BYTES and b"\0" not in encoded:
        return encoded
    return b"\xff" + base64.b64encode(hashlib.sha256(encoded).digest())


def typed(password: str) -> bytes:
    """A password's bytes as they were typed, which is what other programs hash."""
    return password.encode("utf-8", "surrogatepass")


def first_bytes(password: str) -> bytes:
    """What other programs give bcrypt: as typed, and of a long password the part that bcrypt reads.

    One with a NUL, which they refuse or cut there, opens none of their hashes, and must not be told by the time of a
    slower library that takes it (see `system_bcrypt.py`).
    """
    return bcrypt_input(password) if "\0" in password else typed(password)[:MAX_BYTES]


def sha256_hex(password: str) -> bytes:
    """What Django's `bcrypt_sha256` gives bcrypt."""
    return hashlib.sha256(typed(password)).hexdigest().encode()


def cost_of(stored: str) -> int | None:
    """The cost in a bcrypt hash, the binary logarithm of its rounds; None if it is no bcrypt hash."""
    found = _HASH.fullmatch(stored)
    return int(found[1]) if found else None


class BcryptHash(NamedTuple):
    """A hash that bcrypt can check, and how its maker turned a password into bytes."""

    text: bytes
    cost: int
    secret: Callable[[str], bytes]


def plain(stored: str) -> BcryptHash | None:
    """A bcrypt hash without any mark, None for anything else. Ours are all `$2b$`, so another kind is not ours."""
    cost = cost_of(stored)
    secret = bcrypt_input if stored.startswith("$2b$") else first_bytes
    return None if cost is None else BcryptHash(stored.encode(), cost, secret)
