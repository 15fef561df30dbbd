"""argon2id where its library is missing, or finds a hash wrong."""

from __future__ import annotations

from typing import Any

import pytest

from wicketgate.crypto.foreign_argon2 import argon2_cffi, argon2_hash
from wicketgate.crypto.foreign_limits import LibraryMissing

HASH = "$argon2id$v=19$m=64,t=1,p=2$DusWJ2GIQWwCuhQckaVs8Q$L/I27H2LTUsbmELspFvm/O/D13EP8gjjAfZF2eCmU6Y"


def nothing() -> Any:
    """A machine without the library."""
    raise ImportError


def test_a_missing_library_is_named() -> None:
    """Without the library the reason says what to install."""
    with pytest.raises(LibraryMissing, match=r"install wicketgate\[argon2\]"):
        argon2_hash(HASH, nothing)


def test_a_hash_does_not_print() -> None:
    """A hash in a log or a traceback shows nothing of itself."""
    shown = repr(argon2_hash(HASH))

    assert "DusWJ2GIQWwCuhQckaVs8Q" not in shown


def test_a_hash_that_the_library_cannot_take_opens_to_nothing() -> None:
    """What looks like a hash and is none to the library is a wrong password, not an error."""
    broken = argon2_hash("$argon2id$v=19$m=64,t=1,p=2$" + "A" * 12 + "$" + "A" * 25, argon2_cffi)

    right = broken.opens("correct horse")

    assert not right
