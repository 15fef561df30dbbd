"""bcrypt by the system's libxcrypt, which makes the same hashes as PyPI's `bcrypt` in a seventh less time.

Most Linux systems have it. It is called through ctypes, which lets other threads go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

_NAMES: Final = ("libcrypt.so.2", "libcrypt.so.1")
_CRYPT_DATA: Final = 32_768
"""Bytes of a `struct crypt_data` (crypt(3))."""

_KNOWN: Final = (
    # All 72 bytes count, and those above 127 are not negative (CVE-2011-2483).
    (bytes(range(255, 183, -1)), b"$2b$04$wicketgateWICKETGATE..", b"iJuC.0pNTU1/EJvjNH4sdKww7hcWL7W"),
    (b"", b"$2b$04$wicketgateWICKETGATE..", b"LEc009aUZU6OiKFROvDV2petYHzd78K"),
)
"""Password, salt and digest; another implementation made them."""

Crypt = Callable[[bytes, bytes], bytes | None]
"""The whole hash for a password without NUL and a `$2b$` salt; None when the library does not make one."""


@dataclass(frozen=True, slots=True)
class Libxcrypt:
    """The library as it was found: by which name, and its function."""

    name: str
    crypt: Crypt


@cache
def found() -> Libxcrypt | None:
    """This machine's, None where there is none."""
    return first_right(_NAMES, load)


def first_right(names: Iterable[str], load: Callable[[str], Crypt | None]) -> Libxcrypt | None:
    """The first library of these names that can be loaded and makes the right hashes."""
    for name in names:
        crypt = load(name)
        if crypt is not None and all(crypt(password, salt) == salt + digest for password, salt, digest in _KNOWN):
            return Libxcrypt(name, crypt)
    return None


def load(name: str) -> Crypt | None:
    """The function of a library, None if there is no such library or it has none."""
    try:
        import ctypes  # three milliseconds, for who hashes; a Python may have been built without it

        function = ctypes.CDLL(name).crypt_rn
    except (ImportError, OSError, AttributeError):  # no ctypes, no library, or one that is not libxcrypt
        return None
    function.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)
    function.restype = ctypes.c_char_p

    def crypt(password: bytes, salt: bytes) -> bytes | None:
        # Each call has memory of its own, so threads share nothing, and leaves nothing in it.
        data = ctypes.create_string_buffer(_CRYPT_DATA)
        try:
            made: bytes | None = function(password, salt, data, _CRYPT_DATA)
        finally:
            ctypes.memset(data, 0, _CRYPT_DATA)
        return made

    return crypt
