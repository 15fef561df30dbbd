"""Secrets as keys: which one signs, which ones verify, and keys derived from them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import NamedTuple


class Key(NamedTuple):
    """A secret with a name that tells keys apart and tells nothing about them."""

    id: str
    secret: bytes


def key(secret: bytes) -> Key:
    """The key of a secret. Its id is a MAC under the secret itself, so it fits no other use of the secret."""
    return Key(b64url(hmac.digest(secret, b"wicketgate key id", "sha256")[:6]), secret)


def derive(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF with SHA-256 and no salt, RFC 5869), so that no key serves two."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")


def b64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
