"""API tokens, derived and never stored: `wg_` and base64url of key id, version, MAC and user id."""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Sequence

from wicketgate.core.ports import ApiTokenClaims
from wicketgate.crypto.keys import Key, b64url

_KEY_ID = 8  # bytes: a key's id is so many characters
_VERSION = 4
_MAC = 24  # 192 of SHA-256's 256 bits; RFC 2104, 5 asks for at least half
_FIXED = _KEY_ID + _VERSION + _MAC
MAX_LENGTH = 1024


class ApiTokenDeriver:
    """Derives with the first key and verifies with all. `prefix` tells people and scanners what they found."""

    def __init__(self, keys: Sequence[Key], prefix: str) -> None:
        self._current = keys[0]
        self._keys = {key.id.encode(): key for key in keys}
        self._prefix = f"{prefix}_"

    def derive(self, claims: ApiTokenClaims) -> str:
        """The token that says this."""
        version = claims.version.to_bytes(_VERSION, "big")
        mac = self._mac(self._current, version, claims.user_id.encode())
        payload = self._current.id.encode() + version + mac + claims.user_id.encode()
        return self._prefix + b64url(payload)

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
        user = payload[_FIXED:]
        if key is None or not user or not hmac.compare_digest(self._mac(key, version, user), mac):
            return None
        return ApiTokenClaims(user.decode(), int.from_bytes(version, "big"))

    def _mac(self, key: Key, version: bytes, user: bytes) -> bytes:
        return hmac.digest(key.secret, b"api-token\x00" + version + user, "sha256")[:_MAC]


_STANDARD = str.maketrans("-_", "+/")
