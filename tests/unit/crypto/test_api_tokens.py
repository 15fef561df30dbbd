"""API tokens, derived and never stored."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.ports import ApiTokenClaims
from wicketgate.crypto.api_tokens import MAX_LENGTH, ApiTokenDeriver
from wicketgate.crypto.keys import b64url, key

KEY, OLD, FOREIGN = (key(letter * 32) for letter in (b"k", b"o", b"f"))
DERIVER = ApiTokenDeriver([KEY, OLD], "wg")
CLAIMS = ApiTokenClaims("7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e", 3)
TOKEN = DERIVER.derive(CLAIMS)
ENCODED = TOKEN.removeprefix("wg_")
PAYLOAD = base64.urlsafe_b64decode(ENCODED + "=" * (-len(ENCODED) % 4))


@given(user=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), version=st.integers(1, 2**32 - 1))
def test_what_is_derived_is_read(user: str, version: int) -> None:
    """A token says whose it is and of which version, and is the same each time."""
    claims = ApiTokenClaims(user, version)

    token = DERIVER.derive(claims)

    assert DERIVER.read(token) == claims
    assert DERIVER.derive(claims) == token


def test_the_prefix_tells_what_it_is() -> None:
    """A token begins with the configured prefix and holds nothing that needs escaping."""
    token = ApiTokenDeriver([KEY], "acme").derive(CLAIMS)

    assert token.startswith("acme_")
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    ("token", "ours"),
    [(TOKEN, True), ("wg_", True), ("wg_x", True), ("wg", False), ("WG_x", False), ("x_wg_", False)],
)
def test_a_token_of_ours_shows_by_its_beginning(token: str, ours: bool) -> None:
    """What begins with the prefix is looked at as one of ours and as nothing else, good or bad."""
    found = DERIVER.ours(token)

    assert found is ours


@pytest.mark.parametrize("prefix", ["", "WG", "wgx", "w"])
def test_another_prefix_is_refused(prefix: str) -> None:
    """The prefix is part of the token."""
    read = DERIVER.read(f"{prefix}_{ENCODED}")

    assert read is None


def test_the_previous_key_verifies_and_never_derives() -> None:
    """After a rotation old tokens are good, and new ones are made by the first key."""
    old = ApiTokenDeriver([OLD], "wg").derive(CLAIMS)

    assert DERIVER.read(old) == CLAIMS
    assert DERIVER.derive(CLAIMS) == ApiTokenDeriver([KEY], "wg").derive(CLAIMS)
    assert DERIVER.derive(CLAIMS) != old


def test_another_key_is_refused() -> None:
    """A token of another service is nobody's here."""
    read = DERIVER.read(ApiTokenDeriver([FOREIGN], "wg").derive(CLAIMS))

    assert read is None


@pytest.mark.parametrize("place", range(len(PAYLOAD)))
def test_no_byte_may_be_other(place: int) -> None:
    """A token in which any bit of any byte was changed says nothing: key, version, MAC and user are all covered."""
    changed = [PAYLOAD[:place] + bytes([PAYLOAD[place] ^ (1 << bit)]) + PAYLOAD[place + 1 :] for bit in range(8)]

    read = [DERIVER.read(f"wg_{b64url(payload)}") for payload in changed]

    assert read == [None] * 8


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_no_character_may_be_missing_or_other(place: int) -> None:
    """A token says nothing with a character gone, replaced or added, or its rest cut off."""
    others = "A" if TOKEN[place] != "A" else "B"

    assert DERIVER.read(TOKEN[:place] + TOKEN[place + 1 :]) is None
    assert DERIVER.read(TOKEN[:place] + others + TOKEN[place + 1 :]) is None
    assert DERIVER.read(TOKEN[:place] + "A" + TOKEN[place:]) is None
    assert DERIVER.read(TOKEN[:place]) is None


def spellings() -> list[str]:
    """Other ways to write the bytes of a token that a lenient decoder would take for the same."""
    owner = next(
        ApiTokenClaims(f"user-{number}x", 1)
        for number in range(1000)
        if {"-", "_"} <= set(DERIVER.derive(ApiTokenClaims(f"user-{number}x", 1)).removeprefix("wg_"))
        and len(DERIVER.derive(ApiTokenClaims(f"user-{number}x", 1)).removeprefix("wg_")) % 4
    )
    good = DERIVER.derive(owner).removeprefix("wg_")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return [
        good + "=" * (-len(good) % 4),
        good + "=",
        good.replace("-", "+"),
        good.replace("_", "/"),
        good[:9] + "\n" + good[9:],
        good[:9] + " " + good[9:],
        good[:9] + "!" + good[9:],
        good[:9] + "." + good[9:],
        good + "\n",
        " " + good,
        good[:-1] + last[last.index(good[-1]) + 1],
    ]


@pytest.mark.parametrize("number", range(11))
def test_a_token_has_one_spelling(number: int) -> None:
    """Padding, spaces, the other alphabet and loose last bits are refused."""
    read = DERIVER.read(f"wg_{spellings()[number]}")

    assert read is None


@pytest.mark.parametrize("token", ["", "wg", "wg_", "wg_A", "wg_AAAA", "wg_é", "\ud800", "wg_" + ENCODED[:48]])
def test_garbage_says_nothing(token: str) -> None:
    """What is no token is refused without an error."""
    read = DERIVER.read(token)

    assert read is None


def test_a_token_of_nobody_says_nothing() -> None:
    """A token whose user is empty is refused although its MAC is right."""
    read = DERIVER.read(DERIVER.derive(ApiTokenClaims("", 1)))

    assert read is None


def test_a_token_that_is_too_long_is_refused() -> None:
    """A token over the bound is refused although its MAC is right."""
    fits, over = (DERIVER.derive(ApiTokenClaims("x" * length, 1)) for length in (720, 800))

    assert len(fits) <= MAX_LENGTH < len(over)
    assert DERIVER.read(fits) is not None
    assert DERIVER.read(over) is None
