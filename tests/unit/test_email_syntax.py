"""The syntax of an email address."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis.strategies import text

from wicketgate.email_syntax import normalised


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("ADA.L+tag@example.co.uk", "ada.l+tag@example.co.uk"),
        ("ada@bücher.example.com", "ada@bücher.example.com"),
        ("ada@xn--bcher-kva.example.com", "ada@bücher.example.com"),
        ("straße@example.com", "straße@example.com"),
        ("strasse@example.com", "strasse@example.com"),
        ("\u212aelvin@example.com", "kelvin@example.com"),
        ("ame\u0301lie@example.com", "amélie@example.com"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_an_address_has_one_form(typed: str, normal: str) -> None:
    """Addresses that reach one mailbox are one, and IDN and punycode are the same domain."""
    found = normalised(typed)

    assert found == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@localhost",
        "ada@example..com",
        ".ada@example.com",
        "ada@-example.com",
        "ada@[127.0.0.1]",
        '"ada l"@example.com',
        "Ada <ada@example.com>",
        "ada@example.com, eve@example.com",
        "ada@" + "x" * 250 + ".com",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    """What no mail would reach, or only in a form that nobody types, is refused."""
    found = normalised(typed)

    assert found is None


_LETTERS = "aBjJhHwWyYtTßſİıΣςΩÅ\u212a\u0301\u030c\u030a\u0331\u0308\u0345\u0323"


@given(local=text(_LETTERS, min_size=1, max_size=8), domain=text("aBÜüÅj\u030c\u0308ΣςİI", min_size=1, max_size=5))
@example(local="J\u030cx", domain="example")
@example(local="Ame\u0301lie", domain="BÜCHER")
def test_normalising_twice_is_normalising_once(local: str, domain: str) -> None:
    """The stored form is found again, and is NFC: a capital and its mark may be one character in lower case only."""
    once = normalised(f"{local}@{domain}.example.com")
    assume(once is not None)
    assert once is not None

    assert once == normalised(once) == unicodedata.normalize("NFC", once)
