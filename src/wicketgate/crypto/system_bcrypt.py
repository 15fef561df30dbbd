"""The fastest bcrypt of this machine: the system's libxcrypt where there is one, else the `bcrypt` package."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Final

import bcrypt

from wicketgate.crypto import libxcrypt
from wicketgate.crypto.bcrypt_hashes import MAX_BYTES
from wicketgate.crypto.libxcrypt import Libxcrypt

# Of a salt's last character only two bits count, and the others must be 0. A hash is one, too: it begins so.
_SALT: Final = re.compile(rb"\$2[aby](\$(?:0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{21}[.Oeu])(?:[./A-Za-z0-9]{31})?")
_LENGTH: Final = 60


class SystemBcrypt:
    """The functions of the `bcrypt` package, and its results to the byte.

    What libxcrypt would take in another way is left to the package, and so is what it does not make.
    """

    def __init__(self, find: Callable[[], Libxcrypt | None] = libxcrypt.found) -> None:
        self._find = find

    def gensalt(self, rounds: int = 12) -> bytes:
        """A salt that asks for 2 to the power of `rounds`."""
        return bcrypt.gensalt(rounds)

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        """The hash, salt included. Raises ValueError for what is no salt, and for more than 72 bytes."""
        return self._quickly(password, salt) or bcrypt.hashpw(password, salt)

    def checkpw(self, password: bytes, hashed_password: bytes) -> bool:
        """Whether the password made the hash."""
        return hmac.compare_digest(self.hashpw(password, hashed_password), hashed_password)

    def _quickly(self, password: bytes, salt: bytes) -> bytes | None:
        library, read = self._find(), _SALT.fullmatch(salt)
        if library is None or read is None or len(password) > MAX_BYTES or b"\0" in password:
            return None
        # As `$2b$`: behind `$2a$` libxcrypt hashes some passwords otherwise, so that old faulty ones stay shut.
        made = library.crypt(password, b"$2b" + read[1])
        if made is None or len(made) != _LENGTH or not made.startswith(b"$2b" + read[1]):
            return None
        return salt[:3] + made[3:]
