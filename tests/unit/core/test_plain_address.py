"""Addresses that are understood without the library are understood as it does."""

from __future__ import annotations

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.plain_address import LONGEST, RESERVED, is_plain

PARTS = [
    "a",
    "z9",
    "-",
    "--",
    ".",
    "_",
    "+",
    "x" * 20,
    "test",
    "local",
    "xn--bcher-kva",
    "com",
    "c",
    "9",
    "K",
    "ü",
    " ",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
NEARLY = st.builds(
    lambda local, domain, top: f"{local}@{domain}.{top}",
    st.one_of(TEXTS, st.from_regex(r"[a-z0-9_+-]{1,12}(\.[a-z0-9_+-]{1,9})?", fullmatch=True)),
    st.one_of(TEXTS, st.from_regex(r"[a-z0-9]{1,9}([.-][a-z0-9]{1,5})?", fullmatch=True)),
    st.sampled_from(
        ["com", "de", "museum", "example", "c", "c0m", *RESERVED, *email_validator.SPECIAL_USE_DOMAIN_NAMES]
    ),
)


@given(NEARLY)
def test_the_library_agrees(address: str) -> None:
    """What is plain is an address to the library too, and its own normal form."""
    if is_plain(address):
        found = email_validator.validate_email(address, check_deliverability=False)

        assert (found.normalized, found.local_part, found.ascii_domain) == (address, *address.split("@"))


def test_every_reserved_name_is_known() -> None:
    """The library refuses no other name at the end of an address."""
    assert set(RESERVED) == set(email_validator.SPECIAL_USE_DOMAIN_NAMES)


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com",
        "ada.l+tag_1@mail-2.example.co.uk",
        "x" * (LONGEST - 12) + "@example.com",
        "a@test.de",
        "-@a.de",
    ],
)
def test_what_most_people_have_is_plain(address: str) -> None:
    """The library is asked about none of these."""
    assert is_plain(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "Ada@example.com",
        "ada@Example.com",
        "ada@example",
        "ada@example.test",
        "ada@example.c",
        "ada@example.com9",
        "ada@-example.com",
        "ada@xn--bcher-kva.com",
        ".ada@example.com",
        "ada@example.com.",
        "ada@example.com\n",
        "\u212a@example.com",
        "x" * (LONGEST - 11) + "@example.com",
        "ada@ex ample.com",
        "ada@eve@example.com",
    ],
)
def test_about_the_rest_the_library_is_asked(address: str) -> None:
    """Nothing that it would write otherwise, or refuse, is plain."""
    assert not is_plain(address)
