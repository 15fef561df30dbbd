"""Signatures that have fooled other verifiers, and what other libraries say of ours."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

import jwt
import pytest
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OctKey

from tests.support.service import JWT_SECRET, Service
from tests.support.vectors import SIGNATURES
from wicketgate.crypto.keys import key
from wicketgate.crypto.session_tokens import SessionTokenSigner

# The key of RFC 7520, 3.5, under which the vector "Figure35" is a good signature.
RFC_7520 = base64.urlsafe_b64decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg=")
KEY = OctKey.import_key(JWT_SECRET)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A token's header and payload."""
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(("name", "token"), SIGNATURES, ids=[name for name, _ in SIGNATURES])
async def test_vectors_open_nothing(service: Service, name: str, token: str) -> None:
    """None of the vectors, good or bad, is a session here, by header or by cookie; under its own key neither."""
    sent = token.encode("ascii", "replace").decode().replace("\n", " ")
    caller = service.caller()

    by_header = await caller.get("/api/profile", headers={"Authorization": f"Bearer {sent}"})
    by_cookie = await caller.get("/api/profile", headers={"Cookie": f"auth_token={sent}"})
    under_its_key = SessionTokenSigner([key(RFC_7520), key(JWT_SECRET.encode())], "wicketgate").read(token)

    assert (by_header.status_code, by_cookie.status_code) == (401, 401)
    assert under_its_key is None


def test_a_vector_is_good_under_its_key() -> None:
    """The key is the right one: another library accepts with it what we refuse for its header."""
    token = next(token for name, token in SIGNATURES if name.endswith("rfc7520/Figure35"))

    said = jwt.api_jws.PyJWS().decode(token, RFC_7520, ["HS256"])

    assert said.startswith("It’s a dangerous business, Frodo".encode())


async def test_other_libraries_read_our_tokens(service: Service) -> None:
    """PyJWT and joserfc verify what we sign, and read the same from it."""
    _, login = await service.user()

    by_pyjwt = jwt.decode(
        login["token"], JWT_SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )
    by_joserfc = joserfc_jwt.decode(login["token"], KEY, algorithms=["HS256"])

    assert by_pyjwt == by_joserfc.claims
    assert by_pyjwt["sub"] == login["user"]["id"]


HEADERS: list[dict[str, Any]] = [
    {"alg": "HS256"},
    {"alg": "HS256", "typ": "JWT"},
    {"typ": "JWT", "alg": "HS256", "kid": ...},
    {"alg": "HS256", "typ": "jwt", "kid": ...},
    {"alg": "HS256", "typ": "at+jwt", "kid": ...},
    {"alg": "HS256", "typ": "JWT", "kid": "other"},
    {"alg": "HS256", "typ": "JWT", "kid": ..., "cty": "JWT"},
    {"alg": "HS384", "typ": "JWT", "kid": ...},
    {"alg": "HS512", "typ": "JWT", "kid": ...},
    {"alg": "HS256", "typ": "JWT", "kid": ..., "jku": "https://evil.example/keys"},
]


@pytest.mark.parametrize("header", HEADERS, ids=str)
async def test_other_headers_under_our_key(service: Service, header: dict[str, Any]) -> None:
    """Even who has the key signs in vain under a header that is not ours to the byte."""
    _, login = await service.user()
    ours, payload = parts(login["token"])
    given = {name: ours["kid"] if value is ... else value for name, value in header.items()}

    token = joserfc_jwt.encode(given, payload, KEY, algorithms=[given["alg"]])

    assert (await service.caller().profile(token)).status_code == 401


CLAIMS: list[dict[str, Any]] = [
    {"sub": None},
    {"sub": 7},
    {"sub": "nobody"},
    {"email": None},
    {"email": ["ada@example.com"]},
    {"iat": "1900000000"},
    {"exp": None},
    {"exp": "4000000000"},
    {"exp": 4000000000.5},
    {"exp": -1},
    {"exp": 1},
    {"jti": None},
    {"jti": 5},
    {"ver": None},
    {"ver": True},
    {"ver": 0},
    {"ver": 2},
    {"ver": "1"},
    {"iss": None},
    {"iss": "other"},
    {"iss": ["wicketgate"]},
    {"iss": "Wicketgate"},
]


@pytest.mark.parametrize("change", CLAIMS, ids=str)
async def test_other_claims_under_our_key(service: Service, change: dict[str, Any]) -> None:
    """A claim that is missing, of another type or not true is refused, though the signature is right."""
    _, login = await service.user()
    _, payload = parts(login["token"])
    changed = {name: value for name, value in {**payload, **change}.items() if value is not None}

    untouched = await service.caller().profile(resigned(login["token"], payload))
    answer = await service.caller().profile(resigned(login["token"], changed))

    assert (untouched.status_code, answer.status_code) == (200, 401)


def resigned(token: str, payload: dict[str, Any]) -> str:
    """The token's header with another payload, under our key."""
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    signed = f"{token.partition('.')[0]}.{body}"
    signature = hmac.digest(JWT_SECRET.encode(), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
