"""What is sent to DynamoDB, and its signature, against aiodynamo's own."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from aiodynamo import sign
from aiodynamo.credentials import Key
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from wicketgate.stores.dynamodb.signing import Signer

NOW = 1_900_000_000
_words = st.text("abcXYZ0189/+=-", min_size=1, max_size=40)
_keys = st.builds(Key, _words, _words, st.none() | _words)
_times = st.integers(0, 4_000_000_000)


def said(request: bytes) -> tuple[str, dict[str, str], bytes]:
    """The first line, the headers and the body."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = [line.split(": ", 1) for line in lines]
    assert len(headers) == len(dict(headers))
    return first, dict(headers), body


def signed_at(seconds: int, signer: Signer, key: Key, body: bytes = b"{}") -> tuple[str, dict[str, str], bytes]:
    """A request of this second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: seconds + 0.9)
        return said(signer.signed("GetItem", body, key))


@given(_keys, st.sampled_from(["us-east-1", "eu-central-2"]), st.text(), _times)
def test_signatures_are_those_of_aiodynamo(key: Key, region: str, text: str, seconds: int) -> None:
    """Whatever the key, the region, the body and the second, every header is what aiodynamo would send."""
    url = URL(f"https://dynamodb.{region}.amazonaws.com/")
    moment = sign.Instant(datetime.fromtimestamp(seconds, UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sign.Instant, "now", lambda: moment)
        theirs = sign.signed_dynamo_request(
            key=key, payload={"Key": text}, action="GetItem", region=region, endpoint=url
        )

    first, headers, body = signed_at(seconds, Signer(region, str(url)), key, theirs.body)

    assert (first, body) == ("POST / HTTP/1.1", theirs.body)
    assert headers == {
        **theirs.headers,
        "Host": url.host,
        "User-Agent": "wicketgate",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(body)),
    }


def test_another_day_and_another_key_have_another_signature() -> None:
    """What is remembered of a day and a key is used for no other."""
    signer = Signer("us-east-1", "https://dynamodb.us-east-1.amazonaws.com/")
    key, other = Key("id", "secret"), Key("id", "other")

    signatures = {
        signed_at(seconds, signer, who)[1]["Authorization"]
        for seconds in (NOW, NOW + 1, NOW + 86_400)
        for who in (key, other)
    }

    assert len(signatures) == 6


def test_the_host_is_spelled_as_it_is_signed() -> None:
    """An endpoint of one's own is named with its port, in the header as in what is signed."""
    first, headers, _ = signed_at(NOW, Signer("us-east-1", "http://localhost:8000"), Key("id", "secret"))
    elsewhere = signed_at(NOW, Signer("us-east-1", "http://localhost:8001"), Key("id", "secret"))[1]

    assert (first, headers["Host"]) == ("POST / HTTP/1.1", "localhost:8000")
    assert headers["Authorization"] != elsewhere["Authorization"]
