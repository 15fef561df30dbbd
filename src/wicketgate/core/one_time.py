"""Secrets that are good once and known to us only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits for a link, which no one can guess."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. It is random, so a plain SHA-256 is enough and a leaked table opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
