"""Session tokens: HS256 JSON Web Tokens (RFC 7515, 7519), and only exactly those that we sign.

A verifier that knows one algorithm cannot be talked into another (CVE-2015-9235), and one that compares the
header as bytes does not parse what an attacker wrote before the signature has been checked.
"""

from __future__ import annotations

import binascii
import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from wicketgate.core.sessions import SessionClaims
from wicketgate.crypto.keys import Key, b64url, derive

MAX_LENGTH: Final = 4096
"""Bytes. No token of ours is longer; a longer one is refused unread."""

_REMEMBERED: Final = 1024


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    email: str
    iat: int
    exp: int
    jti: str
    ver: int
    iss: str


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Payload).decode


class SessionTokenSigner:
    """Signs with the first key and verifies with all. `issuer` is what `iss` says and must say.

    What the last tokens said is remembered: it follows from their bytes alone, and whoever calls once calls again.
    """

    def __init__(self, keys: Sequence[Key], issuer: str) -> None:
        headers = [_header(key) for key in keys]
        self._sign = (headers[0], keys[0])
        self._verify = dict(zip(headers, keys, strict=True))
        self._csrf = {key.id: derive(key.secret, "wicketgate csrf") for key in keys}
        self._issuer = issuer
        self._known = lru_cache(_REMEMBERED)(self._verified)

    def sign(self, claims: SessionClaims) -> str:
        """The token that says this."""
        header, key = self._sign
        payload = _Payload(
            sub=claims.user_id,
            email=claims.email,
            iat=claims.issued_at,
            exp=claims.expires_at,
            jti=claims.token_id,
            ver=claims.version,
            iss=self._issuer,
        )
        signed = f"{header}.{b64url(_encode(payload))}"
        return f"{signed}.{self._signature(signed, key)}"

    def read(self, token: str) -> SessionClaims | None:
        """What a token says, or None unless every byte is as we sign it. Does not look at the time."""
        return None if len(token) > MAX_LENGTH else self._known(token)

    def csrf(self, claims: SessionClaims) -> str:
        """An HMAC over the session's id under a key of its own (OWASP: signed double-submit cookie)."""
        key_id = claims.key_id or self._sign[1].id
        return b64url(hmac.digest(self._csrf[key_id], claims.token_id.encode(), "sha256"))

    def _verified(self, token: str) -> SessionClaims | None:
        signed, _, signature = token.rpartition(".")
        header, _, body = signed.partition(".")
        key = self._verify.get(header)
        if key is None or not token.isascii():
            return None
        if not hmac.compare_digest(self._signature(signed, key), signature):
            return None
        return self._claims(body, key)

    def _signature(self, signed: str, key: Key) -> str:
        return b64url(hmac.digest(key.secret, signed.encode(), "sha256"))

    def _claims(self, body: str, key: Key) -> SessionClaims | None:
        try:
            decoded = binascii.a2b_base64(body.encode().translate(_STANDARD) + b"=" * (-len(body) % 4))
            payload = _decode(decoded)
        except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        # The decoder skips what is not in its alphabet; whoever shares the key has to spell as we do.
        if payload.iss != self._issuer or b64url(decoded) != body:
            return None
        return SessionClaims(payload.sub, payload.email, payload.jti, payload.ver, payload.iat, payload.exp, key.id)


_STANDARD = bytes.maketrans(b"-_", b"+/")


def _header(key: Key) -> str:
    return b64url(_encode({"alg": "HS256", "typ": "JWT", "kid": key.id}))
