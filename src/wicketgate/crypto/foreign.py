"""Password hashes that other programs made: which kinds there are, and how one is kept until it is renewed.

One is kept behind a mark, so that it is always checked as its maker did and never by our own rules. Checking one
must not take minutes, whoever wrote the file it came from, so each kind bounds the work it may ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from wicketgate.crypto.bcrypt_hashes import BcryptHash, cost_of, first_bytes, sha256_hex
from wicketgate.crypto.foreign_argon2 import argon2_hash
from wicketgate.crypto.foreign_kdf import django_pbkdf2, django_scrypt, passlib_pbkdf2, passlib_scrypt, werkzeug
from wicketgate.crypto.foreign_limits import MAX_BCRYPT_COST, UnusableHash

MARK: Final = "foreign:"
MAX_LENGTH: Final = 1024


class ForeignHash(Protocol):
    """A hash that some program other than bcrypt made."""

    def opens(self, password: str) -> bool:
        """Whether the password made the hash."""
        ...


def read(text: str) -> BcryptHash | ForeignHash:
    """The hash that a text says, as its maker wrote it. Raises UnusableHash, whose reason does not repeat it."""
    if len(text) > MAX_LENGTH or not text.isascii():
        raise UnusableHash("the hash is too long to be one, or not plain ASCII")
    for beginning, reader in _READERS.items():
        if text.startswith(beginning):
            return reader(text)
    raise UnusableHash("the hash is of a kind that is not known here")


def marked(text: str) -> str:
    """How a hash of another program is kept. Raises UnusableHash when it could not be checked later."""
    read(text)
    return MARK + text


def kept(stored: str) -> BcryptHash | ForeignHash:
    """The hash behind a mark. Raises UnusableHash."""
    return read(stored.removeprefix(MARK))


def _bcrypt(text: str) -> BcryptHash:
    return _bounded(text, first_bytes)


def _django_bcrypt(text: str) -> BcryptHash:
    return _bounded(text.removeprefix("bcrypt$"), first_bytes)


def _django_bcrypt_sha256(text: str) -> BcryptHash:
    return _bounded(text.removeprefix("bcrypt_sha256$"), sha256_hex)


def _django_argon2(text: str) -> ForeignHash:
    return argon2_hash(text.removeprefix("argon2"))


def _bounded(text: str, secret: Callable[[str], bytes]) -> BcryptHash:
    cost = cost_of(text)
    if cost is None:
        raise UnusableHash("the bcrypt hash is malformed")
    if cost > MAX_BCRYPT_COST:
        raise UnusableHash(f"bcrypt at cost {cost} takes too long to check; at most {MAX_BCRYPT_COST} is taken")
    return BcryptHash(text.encode(), cost, secret)


_READERS: Final[Mapping[str, Callable[[str], BcryptHash | ForeignHash]]] = {
    "$2": _bcrypt,
    "bcrypt$": _django_bcrypt,
    "bcrypt_sha256$": _django_bcrypt_sha256,
    "$argon2id$": argon2_hash,
    "argon2$argon2id$": _django_argon2,
    "pbkdf2_sha256$": django_pbkdf2,
    "pbkdf2_sha1$": django_pbkdf2,
    "scrypt$": django_scrypt,
    "pbkdf2:": werkzeug,
    "scrypt:": werkzeug,
    "$pbkdf2-sha256$": passlib_pbkdf2,
    "$pbkdf2-sha512$": passlib_pbkdf2,
    "$pbkdf2$": passlib_pbkdf2,
    "$scrypt$": passlib_scrypt,
}
