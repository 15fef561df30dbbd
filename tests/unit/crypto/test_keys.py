"""Secrets as keys."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.crypto.keys import b64url, derive, key


@given(secret=st.binary(min_size=1, max_size=200), purpose=st.text(st.characters(codec="utf-8"), max_size=40))
def test_derivation_is_hkdf(secret: bytes, purpose: str) -> None:
    """A derived key is what another implementation of RFC 5869 makes of the same secret and purpose."""
    expected = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)

    derived = derive(secret, purpose)

    assert derived == expected


def test_the_first_block_of_rfc_5869_is_ours() -> None:
    """The published vector without salt and info (RFC 5869, A.3) comes out."""
    derived = derive(bytes.fromhex("0b" * 22), "")

    assert derived.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def test_no_key_serves_two_purposes() -> None:
    """Two purposes give keys that have nothing in common, nor with the secret."""
    secret = b"s" * 32

    derived = {derive(secret, "one"), derive(secret, "two"), secret}

    assert len(derived) == 3


@given(st.binary(min_size=1, max_size=100))
def test_a_key_is_named_and_keeps_its_secret(secret: bytes) -> None:
    """A key's id is eight characters fit for a token, the same each time, and its secret is untouched."""
    made = key(secret)

    assert made.secret == secret
    assert made == key(secret)
    assert len(made.id) == 8
    assert set(made.id) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_two_secrets_have_two_names() -> None:
    """Keys are told apart by their ids."""
    ids = {key(bytes([number]) * 32).id for number in range(200)}

    assert len(ids) == 200


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"\xfb\xff\xfe", "-__-")])
def test_base64url_has_no_padding(data: bytes, text: str) -> None:
    """Bytes are written in the alphabet of URLs, without padding (RFC 7515, 2)."""
    written = b64url(data)

    assert written == text
