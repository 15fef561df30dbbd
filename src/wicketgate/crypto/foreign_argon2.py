"""argon2id, as a PHC string. Checked by argon2-cffi, which `wicketgate[argon2]` installs."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from wicketgate.crypto.bcrypt_hashes import typed
from wicketgate.crypto.foreign_limits import (
    MAX_ARGON2_KIB,
    MAX_ARGON2_LANES,
    MAX_ARGON2_WORK,
    LibraryMissing,
    UnusableHash,
    within,
)

_HASH: Final = re.compile(
    r"\$argon2id\$v=19\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=([0-9]{1,9})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{22,172}"
)


def argon2_cffi() -> Any:
    """The library. Raises ImportError."""
    return importlib.import_module("argon2")


@dataclass(frozen=True, slots=True)
class Argon2:
    """RFC 9106."""

    text: str = field(repr=False)
    library: Any

    def opens(self, password: str) -> bool:
        """Whether the password made the hash."""
        try:
            kind = self.library.Type.ID
            return bool(self.library.low_level.verify_secret(self.text.encode(), typed(password), kind))
        except self.library.exceptions.VerificationError:
            return False


def argon2_hash(text: str, load: Callable[[], Any] = argon2_cffi) -> Argon2:
    """The hash that a PHC string says. Raises UnusableHash, and LibraryMissing when nothing here can check it."""
    found = _HASH.fullmatch(text)
    if found is None:
        raise UnusableHash("the argon2id hash is malformed, or not of version 19")
    memory, passes, lanes = map(int, found.groups())
    within(memory, MAX_ARGON2_KIB, "the memory of argon2id in KiB")
    within(memory * passes, MAX_ARGON2_WORK, "the work of argon2id")
    within(lanes, MAX_ARGON2_LANES, "the number of lanes of argon2id")
    if memory < 8 * lanes:
        raise UnusableHash("argon2id with less memory than its lanes need")
    try:
        return Argon2(text, load())
    except ImportError:
        raise LibraryMissing("argon2id needs a library: install wicketgate[argon2]") from None
