"""Session tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wicketgate.core.sessions import SessionClaims
from wicketgate.crypto.keys import Key, b64url, key
from wicketgate.crypto.session_tokens import MAX_LENGTH, SessionTokenSigner

KEY, OLD, FOREIGN = (key(letter * 32) for letter in (b"k", b"o", b"f"))
ISSUER = "https://app.example"
CLAIMS = SessionClaims("ada-id", "ada@example.com", "token-1", 3, 1_900_000_000, 1_900_086_400)
PAYLOAD: dict[str, Any] = {
    "sub": "ada-id",
    "email": "ada@example.com",
    "iat": 1_900_000_000,
    "exp": 1_900_086_400,
    "jti": "token-1",
    "ver": 3,
    "iss": ISSUER,
}
SIGNER = SessionTokenSigner([KEY, OLD], ISSUER)
HEADER = SIGNER.sign(CLAIMS).partition(".")[0]


def signed(header: str, body: str, by: Key = KEY) -> str:
    """A token whose signature is right, whatever stands in it."""
    mac = hmac.digest(by.secret, f"{header}.{body}".encode(), hashlib.sha256)
    return f"{header}.{body}.{b64url(mac)}"


def encoded(value: object) -> str:
    """JSON in base64url."""
    return b64url(json.dumps(value, separators=(",", ":")).encode())


@pytest.mark.parametrize("by", [KEY, OLD])
def test_what_is_signed_is_read(by: Key) -> None:
    """A token says what was signed, and by which of the keys."""
    token = SessionTokenSigner([by], ISSUER).sign(CLAIMS)

    read = SIGNER.read(token)

    assert read == CLAIMS._replace(key_id=by.id)


def test_only_the_first_key_signs() -> None:
    """A new token can be read by whoever has the first key alone, and not with the previous one."""
    token = SIGNER.sign(CLAIMS)

    assert SessionTokenSigner([KEY], ISSUER).read(token) is not None
    assert SessionTokenSigner([OLD], ISSUER).read(token) is None


def test_other_libraries_check_our_tokens() -> None:
    """A token is an ordinary HS256 JWT under the secret's own bytes, with exactly the contract's claims."""
    token = SIGNER.sign(CLAIMS)

    timeless: jwt.types.Options = {"verify_iat": False, "verify_exp": False}
    decoded = jwt.decode_complete(token, KEY.secret, ["HS256"], issuer=ISSUER, options=timeless)

    assert decoded["payload"] == PAYLOAD
    assert decoded["header"] == {"alg": "HS256", "typ": "JWT", "kid": KEY.id}


@given(st.data())
def test_no_character_may_be_other(data: st.DataObject) -> None:
    """A token in which any one character was replaced says nothing."""
    token = SIGNER.sign(CLAIMS)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda character: character != token[place]))

    read = SIGNER.read(token[:place] + other + token[place + 1 :])

    assert read is None


@pytest.mark.parametrize("place", range(len(SIGNER.sign(CLAIMS))))
def test_no_character_may_be_missing(place: int) -> None:
    """A token says nothing once a character is gone, or its rest cut off."""
    token = SIGNER.sign(CLAIMS)

    assert SIGNER.read(token[:place] + token[place + 1 :]) is None
    assert SIGNER.read(token[:place]) is None


@pytest.mark.parametrize("token", ["", ".", "..", "...", "a.b.c", HEADER, HEADER + "..", " ", "\ud800", "é.é.é"])
def test_garbage_says_nothing(token: str) -> None:
    """What is no token is refused without an error."""
    read = SIGNER.read(token)

    assert read is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "none", "typ": "JWT", "kid": KEY.id},
        {"alg": "HS512", "typ": "JWT", "kid": KEY.id},
        {"alg": "HS256"},
        {"alg": "HS256", "typ": "JWT"},
        {"alg": "HS256", "typ": "JWT", "kid": "other"},
        {"alg": "HS256", "typ": "JWT", "kid": OLD.id},
        {"typ": "JWT", "alg": "HS256", "kid": KEY.id},
        {"alg": "HS256", "typ": "JWT", "kid": KEY.id, "crit": []},
    ],
)
def test_a_header_must_be_ours_to_the_byte(header: dict[str, object]) -> None:
    """A token under the right key with another header is refused, whatever the header says."""
    read = SIGNER.read(signed(encoded(header), encoded(PAYLOAD)))

    assert read is None


def test_the_helper_that_signs_is_right() -> None:
    """The tokens made by hand in these tests are good when nothing is wrong with them."""
    read = SIGNER.read(signed(HEADER, encoded(PAYLOAD)))

    assert read == CLAIMS._replace(key_id=KEY.id)


@pytest.mark.parametrize("claim", PAYLOAD)
@pytest.mark.parametrize("wrong", ["missing", None, [], {}, True, 1.5, "swapped"])
def test_a_claim_must_be_there_and_of_its_type(claim: str, wrong: object) -> None:
    """A token under the right key is refused when a claim is missing or of another type."""
    payload = dict(PAYLOAD)
    if wrong == "missing":
        del payload[claim]
    else:
        payload[claim] = (7 if isinstance(PAYLOAD[claim], str) else "7") if wrong == "swapped" else wrong

    read = SIGNER.read(signed(HEADER, encoded(payload)))

    assert read is None


@pytest.mark.parametrize("issuer", ["", "wicketgate", "https://app.example/", "https://evil.example"])
def test_another_issuer_is_refused(issuer: str) -> None:
    """A token of another service that shares the key is not one of ours."""
    read = SIGNER.read(signed(HEADER, encoded({**PAYLOAD, "iss": issuer})))

    assert read is None


@pytest.mark.parametrize("body", ["", "e30", "W10", "bnVsbA", "_w", "!", "eyJ", "A", b64url(b"\xff\xfe")])
def test_a_body_that_is_no_payload_is_refused(body: str) -> None:
    """A signed body that is not base64url, not JSON or not an object is refused without an error."""
    read = SIGNER.read(signed(HEADER, body))

    assert read is None


BODY = encoded({**PAYLOAD, "sub": "ada-id>>>???"})
STANDARD = base64.b64encode(base64.urlsafe_b64decode(BODY + "=" * (-len(BODY) % 4))).decode()


@pytest.mark.parametrize(
    "body",
    [
        BODY + "=" * (-len(BODY) % 4 or 4),
        STANDARD,
        STANDARD.rstrip("="),
        BODY[:8] + " " + BODY[8:],
        BODY[:8] + "\n" + BODY[8:],
        BODY[:8] + "." + BODY[8:],
        BODY[:8] + "!" + BODY[8:],
        BODY[:8] + "!!!!" + BODY[8:],
        BODY + "\n",
        " " + BODY,
    ],
)
def test_a_body_has_one_spelling(body: str) -> None:
    """Padding, spaces and other alphabets are refused even under the right key."""
    read = SIGNER.read(signed(HEADER, body))

    assert SIGNER.read(signed(HEADER, BODY)) is not None
    assert read is None


def test_a_token_that_is_too_long_is_refused() -> None:
    """A token over the bound is refused although its signature is right, one at the bound is read."""
    room = MAX_LENGTH - len(signed(HEADER, encoded({**PAYLOAD, "sub": ""})))
    tokens = [signed(HEADER, encoded({**PAYLOAD, "sub": "x" * length})) for length in range(room)]
    longest = max((token for token in tokens if len(token) <= MAX_LENGTH), key=len)
    over = signed(HEADER, encoded({**PAYLOAD, "sub": "x" * room}))

    assert SIGNER.read(longest) is not None
    assert len(over) > MAX_LENGTH
    assert SIGNER.read(over) is None


def test_the_csrf_token_is_bound_to_the_session() -> None:
    """A session's CSRF token is the same whenever asked for, and another session's is another."""
    before, after = SIGNER.csrf(CLAIMS), SIGNER.csrf(CLAIMS._replace(key_id=KEY.id))

    assert before == after
    assert SIGNER.csrf(CLAIMS._replace(token_id="token-2")) != before
    assert SessionTokenSigner([FOREIGN], ISSUER).csrf(CLAIMS) != before


def test_the_csrf_token_outlives_a_rotation() -> None:
    """A session signed by the previous key keeps the CSRF token that its cookie holds."""
    before = SessionTokenSigner([OLD], ISSUER)
    read = SIGNER.read(before.sign(CLAIMS))
    assert read is not None

    token = SIGNER.csrf(read)

    assert token == before.csrf(CLAIMS)


def test_a_csrf_token_is_no_signature() -> None:
    """The CSRF key is not the signing key, so a CSRF token never signs anything."""
    token = SIGNER.csrf(CLAIMS)

    assert token != b64url(hmac.digest(KEY.secret, CLAIMS.token_id.encode(), "sha256"))
