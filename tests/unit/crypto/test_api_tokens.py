"""API tokens, derived and never stored."""

from __future__ import annotations

import base64
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.ports import ApiTokenClaims
from wicketgate.crypto.api_tokens import MAX_LENGTH, ApiTokenDeriver
from wicketgate.crypto.keys import Key, b64url, key

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


NAMED = ApiTokenClaims("7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e", 0, "b2theSBz-_Jl")
NAMED_TOKEN = DERIVER.derive(NAMED)
NAMED_PAYLOAD = base64.urlsafe_b64decode(NAMED_TOKEN.removeprefix("wg_") + "==")
ID = st.text("ABCDEFabcdef0123456789-_", min_size=12, max_size=12)


@given(user=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), token_id=ID)
def test_what_is_derived_of_a_name_is_read(user: str, token_id: str) -> None:
    """A named token says whose it is and which, and is the same each time."""
    claims = ApiTokenClaims(user, 0, token_id)

    token = DERIVER.derive(claims)

    assert DERIVER.read(token) == claims
    assert DERIVER.derive(claims) == token


@pytest.mark.parametrize(
    ("claims", "token"),
    [
        (
            CLAIMS,
            "wg_YVYwV08wc0sAAAADopedW4fxi9AgGMieZSNlZLcHVdsjp72KN2Y0ZGY0YjItM2YzYS00YTM5LTljN2MtNWNlNWE0ZGQ3ZjBl",
        ),
        (
            NAMED,
            "wg_YVYwV08wc0sAAAAAZWpEITCqnwsfOLKIdNS3IU5sv0PV4ez4YjJ0aGVTQ"
            "notX0psN2Y0ZGY0YjItM2YzYS00YTM5LTljN2MtNWNlNWE0ZGQ3ZjBl",
        ),
    ],
)
def test_tokens_are_what_they_were(claims: ApiTokenClaims, token: str) -> None:
    """Every byte is as it was when such tokens were first made: those that people have stay good."""
    derived = DERIVER.derive(claims)

    assert derived == token
    assert DERIVER.read(token) == claims


def test_a_vector_is_computed_by_hand() -> None:
    """Prefix, key id, version 0, MAC of its own domain, token id, user id: nothing else is in a named token."""
    said = (NAMED.token_id + NAMED.user_id).encode()
    mac = hmac.digest(KEY.secret, b"named-api-token\x00" + said, "sha256")[:24]

    assert f"wg_{b64url(KEY.id.encode() + bytes(4) + mac + said)}" == NAMED_TOKEN


@pytest.mark.parametrize("place", range(len(NAMED_PAYLOAD)))
def test_no_byte_of_a_named_token_may_be_other(place: int) -> None:
    """A token in which any bit of any byte was changed says nothing: version, token id and user are covered."""
    byte = NAMED_PAYLOAD[place]
    changed = [NAMED_PAYLOAD[:place] + bytes([byte ^ (1 << bit)]) + NAMED_PAYLOAD[place + 1 :] for bit in range(8)]

    read = [DERIVER.read(f"wg_{b64url(payload)}") for payload in changed]

    assert read == [None] * 8


@pytest.mark.parametrize("place", range(len(NAMED_TOKEN)))
def test_no_character_of_a_named_token_may_be_missing(place: int) -> None:
    """A named token says nothing with a character gone or added, or its rest cut off."""
    assert DERIVER.read(NAMED_TOKEN[:place] + NAMED_TOKEN[place + 1 :]) is None
    assert DERIVER.read(NAMED_TOKEN[:place] + "A" + NAMED_TOKEN[place:]) is None
    assert DERIVER.read(NAMED_TOKEN[:place]) is None


@given(user=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60), token_id=ID)
def test_no_kind_passes_for_the_other(user: str, token_id: str) -> None:
    """The MAC of a named token is good under no version, and that of a first token in no named one."""
    named = _payload(DERIVER.derive(ApiTokenClaims(user, 0, token_id)))
    first = _payload(DERIVER.derive(ApiTokenClaims(token_id + user, 1)))

    as_first = named[:8] + (1).to_bytes(4, "big") + named[12:]
    as_named = first[:8] + bytes(4) + first[12:]

    assert DERIVER.read(f"wg_{b64url(as_first)}") is None
    assert DERIVER.read(f"wg_{b64url(as_named)}") is None
    assert named[12:36] != first[12:36]


@pytest.mark.parametrize("keys", [[KEY, OLD], [OLD, KEY], [OLD]], ids=["previous", "current", "only"])
def test_a_named_token_outlives_a_rotation_of_keys(keys: list[Key]) -> None:
    """While its key is among the settings it is good, whichever derives."""
    token = ApiTokenDeriver([OLD], "wg").derive(NAMED)

    read = ApiTokenDeriver(keys, "wg").read(token)

    assert read == NAMED


def test_a_named_token_of_another_key_is_refused() -> None:
    """A named token dies with its key."""
    read = DERIVER.read(ApiTokenDeriver([FOREIGN], "wg").derive(NAMED))

    assert read is None


def test_a_named_token_of_nobody_says_nothing() -> None:
    """A named token whose user is empty is refused although its MAC is right."""
    read = DERIVER.read(DERIVER.derive(ApiTokenClaims("", 0, NAMED.token_id)))

    assert read is None


@pytest.mark.parametrize(
    "claims",
    [
        ApiTokenClaims("ada", 0),
        ApiTokenClaims("ada", 1, NAMED.token_id),
        ApiTokenClaims("ada", 0, "short"),
        ApiTokenClaims("ada", 0, "x" * 13),
    ],
)
def test_claims_of_neither_kind_are_refused(claims: ApiTokenClaims) -> None:
    """A version with a token id, or none of both, would be read as somebody else's token."""
    with pytest.raises(ValueError, match="belong together"):
        DERIVER.derive(claims)


def _payload(token: str) -> bytes:
    encoded = token.removeprefix("wg_")
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
