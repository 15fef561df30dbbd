"""How much work a hash of another program may ask for. Beyond that one login could stand for a denial of service.

Each bound is about two seconds on a slow core, and far above what any library does by default.
"""

from __future__ import annotations

from typing import Final

MAX_BCRYPT_COST: Final = 15
MAX_PBKDF2_BLOCKS: Final = 5_000_000
"""Iterations, times the blocks that the length of the result takes."""

MAX_SCRYPT_BYTES: Final = 128 * 1024 * 1024
"""Memory: 128 · r · (N + p) (RFC 7914, 5 and 6). The queue of hashing may hold as many at once as there are cores."""

MAX_SCRYPT_WORK: Final = 1 << 22
"""N · r · p."""

MAX_ARGON2_KIB: Final = 256 * 1024
MAX_ARGON2_WORK: Final = 1024 * 1024
"""KiB of memory times passes."""

MAX_ARGON2_LANES: Final = 16
MIN_BYTES: Final = 16
MAX_BYTES: Final = 128
"""Length of the result."""


class UnusableHash(Exception):
    """A hash that cannot be checked; the message says why and never repeats the hash."""


class LibraryMissing(UnusableHash):
    """A hash that could be checked if an optional library were installed."""


def within(value: int, most: int, what: str) -> None:
    """Raises UnusableHash unless the value is from 1 to `most`."""
    if not 1 <= value <= most:
        raise UnusableHash(
            f"{what} is {value}, where at most {most} is taken" if value > most else f"{what} is {value}"
        )


def result_length(result: bytes) -> None:
    """Raises UnusableHash for a result that is no result, or one that takes needless work."""
    if not MIN_BYTES <= len(result) <= MAX_BYTES:
        raise UnusableHash(f"the hash has {len(result)} bytes, where {MIN_BYTES} to {MAX_BYTES} are taken")
