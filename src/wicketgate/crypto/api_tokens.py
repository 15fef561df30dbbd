"""API tokens, derived and never stored: `wg_` and base64url of key id, version, MAC and user id.

Version 0 is a named token, which has its own id between MAC and user id, and a MAC of another domain.
"""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Sequence

from wicketgate.core.named_tokens import ID_LENGTH
from wicketgate.core.ports import ApiTokenClaims
from wicketgate.crypto.keys import Key, b64url

_KEY_ID = 8  # bytes: a key's id is so many characters
_VERSION = 4
_MAC = 24  # 192 of SHA-256's 256 bits; RFC 2104, 5 asks for at least half
_FIXED = _KEY_ID + _VERSION + _MAC
MAX_LENGTH = 1024

_FIRST, _NAMED = b"api-token\x00", b"named-api-token\x00"


class ApiTokenDeriver:
    """Derives with the first key and verifies with all. `prefix` tells people and scanners what they found."""

    def __init__(self, keys: Sequence[Key], prefix: str) -> None:
        self._current = keys[0]
        self._keys = {key.id.encode(): key for key in keys}
        self._prefix = f"{prefix}_"

    def derive(self, claims: ApiTokenClaims) -> str:
        """The token that says this. Raises ValueError for claims of neither kind of token."""
        if len(claims.token_id) != (ID_LENGTH if claims.version == 0 else 0):
            raise ValueError("version 0 and a token id of its length belong together")
        version, owner = claims.version.to_bytes(_VERSION, "big"), f"{claims.token_id}{claims.user_id}".encode()
        mac = _mac(self._current, version, owner)
        return self._prefix + b64url(self._current.id.encode() + version + mac + owner)

    def ours(self, token: str) -> bool:
        """Whether a token begins as all of ours do, be it good or bad."""
        return token.startswith(self._prefix)

    def read(self, token: str) -> ApiTokenClaims | None:
        """What a token says, or None unless every byte is as we derive it."""
        if len(token) > MAX_LENGTH or not token.isascii() or not self.ours(token):
            return None
        encoded = token[len(self._prefix) :]
        try:
            payload = binascii.a2b_base64(encoded.translate(_STANDARD) + "=" * (-len(encoded) % 4))
        except binascii.Error:
            return None
        # The decoder skips what is not in its alphabet, so one token could be written in many ways.
        if b64url(payload) != encoded:
            return None
        return self._claims(payload)

    def _claims(self, payload: bytes) -> ApiTokenClaims | None:
        key = self._keys.get(payload[:_KEY_ID])
        version, mac = payload[_KEY_ID : _KEY_ID + _VERSION], payload[_KEY_ID + _VERSION : _FIXED]
        owner = payload[_FIXED:]
        if key is None or not hmac.compare_digest(_mac(key, version, owner), mac):
            return None
        number = int.from_bytes(version, "big")
        token_id, user = (owner[:ID_LENGTH], owner[ID_LENGTH:]) if number == 0 else (b"", owner)
        return ApiTokenClaims(user.decode(), number, token_id.decode()) if user else None


def _mac(key: Key, version: bytes, owner: bytes) -> bytes:
    """What is signed ends with the user's id, and all before it has a fixed length, so no two tokens share a MAC."""
    said = _FIRST + version + owner if any(version) else _NAMED + owner
    return hmac.digest(key.secret, said, "sha256")[:_MAC]


_STANDARD = str.maketrans("-_", "+/")
