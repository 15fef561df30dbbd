"""PBKDF2 and scrypt, in the forms that Django, Werkzeug (Flask) and passlib write."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from wicketgate.crypto.bcrypt_hashes import typed
from wicketgate.crypto.foreign_limits import (
    MAX_PBKDF2_BLOCKS,
    MAX_SCRYPT_BYTES,
    MAX_SCRYPT_WORK,
    UnusableHash,
    result_length,
    within,
)

_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_DIGESTS: Final = frozenset({"sha1", "sha224", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Pbkdf2:
    """RFC 8018, 5.2. Raises UnusableHash when it asks for too much."""

    digest: str
    iterations: int
    salt: bytes
    result: bytes

    def __post_init__(self) -> None:
        if self.digest not in _DIGESTS:
            raise UnusableHash("PBKDF2 with a digest that is not known here")
        result_length(self.result)
        blocks = -(-len(self.result) // hashlib.new(self.digest).digest_size)
        within(self.iterations * blocks, MAX_PBKDF2_BLOCKS, "the work of PBKDF2")

    def opens(self, password: str) -> bool:
        """Whether the password made the hash."""
        made = hashlib.pbkdf2_hmac(self.digest, typed(password), self.salt, self.iterations, len(self.result))
        return hmac.compare_digest(made, self.result)


@dataclass(frozen=True, slots=True)
class Scrypt:
    """RFC 7914. Raises UnusableHash when it asks for too much."""

    n: int
    r: int
    p: int
    salt: bytes
    result: bytes

    def __post_init__(self) -> None:
        result_length(self.result)
        within(self.memory, MAX_SCRYPT_BYTES, "the memory of scrypt in bytes")
        within(self.n * self.r * self.p, MAX_SCRYPT_WORK, "the work of scrypt")
        if self.n < 2 or self.n & (self.n - 1):
            raise UnusableHash("scrypt with an N that is no power of two")
        if self.n.bit_length() > 16 * self.r:
            raise UnusableHash("scrypt with an N that its r does not allow")

    @property
    def memory(self) -> int:
        """Bytes that checking takes."""
        return 128 * self.r * (self.n + self.p)

    def opens(self, password: str) -> bool:
        """Whether the password made the hash."""
        most = self.memory + 256 * self.r  # OpenSSL counts two blocks more
        made = hashlib.scrypt(
            typed(password), salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=most, dklen=len(self.result)
        )
        return hmac.compare_digest(made, self.result)


def django_pbkdf2(text: str) -> Pbkdf2:
    """`pbkdf2_sha256$iterations$salt$base64`."""
    algorithm, iterations, salt, result = _parts(text, "$", 4)
    return Pbkdf2(algorithm.removeprefix("pbkdf2_"), _number(iterations), salt.encode(), _base64(result))


def django_scrypt(text: str) -> Scrypt:
    """`scrypt$N$salt$r$p$base64`."""
    _, n, salt, r, p, result = _parts(text, "$", 6)
    return Scrypt(_number(n), _number(r), _number(p), salt.encode(), _base64(result))


def werkzeug(text: str) -> Pbkdf2 | Scrypt:
    """`pbkdf2:sha256:iterations$salt$hex` and `scrypt:N:r:p$salt$hex`."""
    method, salt, result = _parts(text, "$", 3)
    if method.startswith("scrypt:"):
        _, n, r, p = _parts(method, ":", 4)
        return Scrypt(_number(n), _number(r), _number(p), salt.encode(), _hex(result))
    _, digest, iterations = _parts(method, ":", 3)
    return Pbkdf2(digest, _number(iterations), salt.encode(), _hex(result))


def passlib_pbkdf2(text: str) -> Pbkdf2:
    """`$pbkdf2-sha256$rounds$salt$checksum`; without a digest it is SHA-1."""
    _, algorithm, rounds, salt, result = _parts(text, "$", 5)
    digest = algorithm.removeprefix("pbkdf2").removeprefix("-") or "sha1"
    return Pbkdf2(digest, _number(rounds), _base64(salt), _base64(result))


def passlib_scrypt(text: str) -> Scrypt:
    """`$scrypt$ln=16,r=8,p=1$salt$checksum`, where N is 2 to the power of ln."""
    _, _, numbers, salt, result = _parts(text, "$", 5)
    found = re.fullmatch(r"ln=([0-9]{1,2}),r=([0-9]{1,9}),p=([0-9]{1,9})", numbers)
    if found is None:
        raise _malformed()
    logarithm, r, p = map(int, found.groups())
    return Scrypt(1 << logarithm, r, p, _base64(salt), _base64(result))


def _parts(text: str, separator: str, count: int) -> list[str]:
    parts = text.split(separator)
    if len(parts) != count:
        raise _malformed()
    return parts


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise _malformed()
    return int(text)


def _base64(text: str) -> bytes:
    """With or without padding; passlib writes `.` for `+`."""
    plain = text.rstrip("=").replace(".", "+")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise _malformed() from None


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise _malformed() from None


def _malformed() -> UnusableHash:
    return UnusableHash("the hash is malformed")
