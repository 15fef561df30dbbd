"""Secrets that are good once."""

from __future__ import annotations

import hashlib
import re

from wicketgate.core import one_time


def test_a_secret_fits_a_link_and_is_never_the_same() -> None:
    """A secret has 256 bits in characters that need no escaping in a URL."""
    made = {one_time.new_secret() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in made)


def test_only_a_hash_is_kept() -> None:
    """The digest is the SHA-256 of the secret."""
    kept = one_time.digest("secret")

    assert kept == hashlib.sha256(b"secret").hexdigest()
