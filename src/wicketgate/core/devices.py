"""Which browsers somebody has logged in with before, so that strangers' failures do not keep the owner out of them.

The scheme is OWASP's "device cookies": a browser that has logged in keeps a mark that is good for this account alone.
It opens nothing; it only has failures of its own, counted apart from those of everybody else.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from wicketgate.core.clock import Clock
from wicketgate.core.limits import account_source
from wicketgate.core.users import email_claim

LIFETIME: Final = 180 * 86_400
"""How long a mark is good for after the login that made it, in seconds."""


class Devices:
    """Makes marks and checks them. Nothing is stored. `keys` serve nothing else: 32 bytes each, newest first."""

    def __init__(self, keys: Sequence[bytes], clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def mark(self, address: str) -> str:
        """A new mark for whoever has just logged in: a random name, its end and a MAC. No address is in it."""
        said = f"{secrets.token_urlsafe(16)}.{self._clock() // 1000 + LIFETIME}"
        return f"{said}.{_mac(self._keys[0], said, address).decode()}"

    def known(self, mark: str, address: str) -> str | None:
        """The name of the browser that has this mark, None unless it was made for this address and is not over."""
        said, _, mac = mark.rpartition(".")
        sent = mac.encode()
        if not any(hmac.compare_digest(_mac(key, said, address), sent) for key in self._keys):
            return None
        name, _, end = said.partition(".")
        return name if int(end) > self._clock() // 1000 else None


def _mac(key: bytes, said: str, address: str) -> bytes:
    account = account_source(email_claim(address).key)
    digest = hmac.digest(key, f"{said}\0{account}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=")
