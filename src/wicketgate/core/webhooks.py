"""How a webhook is signed, so that whoever receives it knows that it is ours (Standard Webhooks 1.0.0)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Final

MIN_KEY_BYTES: Final = 24
"""The least that the specification allows for a secret."""

_PREFIX: Final = "whsec_"


def key_of(secret: str) -> bytes:
    """The key of a secret: what stands after `whsec_` in base64, else the secret's own bytes. Raises ValueError."""
    if secret.startswith(_PREFIX):
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return secret.encode()


def signed(key: bytes, webhook_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """The headers that say which webhook this is, when it was sent, and that nobody changed either or the body."""
    content = f"{webhook_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    return {"webhook-id": webhook_id, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{signature}"}
