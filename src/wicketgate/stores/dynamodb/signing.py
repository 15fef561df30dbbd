"""Requests to DynamoDB as bytes, signed with AWS Signature Version 4.

Every call goes to one host and one path with the same few headers, so only what differs is worked out anew; a key
is derived once a day (bench/README.md).
"""

from __future__ import annotations

import hmac
import time
from functools import lru_cache
from hashlib import sha256
from typing import Final

from aiodynamo.credentials import Key

from wicketgate.stores.dynamodb.http import host_of, target

_CONTENT: Final = "application/x-amz-json-1.0"
_API: Final = "DynamoDB_20120810"
_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_SIGNED: Final = "content-type;host;x-amz-date;x-amz-target"


class Signer:
    """Signs what goes to one endpoint of a region."""

    def __init__(self, region: str, url: str) -> None:
        self.place, self._path = target(url)
        self._host = host_of(self.place)
        self._region = region

    def signed(self, action: str, body: bytes, key: Key) -> bytes:
        """The whole request."""
        moment = _moment(int(time.time()))
        scope = f"{moment[:8]}/{self._region}/dynamodb/aws4_request"
        asked = (
            f"POST\n{self._path}\n\n"
            f"content-type:{_CONTENT}\nhost:{self._host}\nx-amz-date:{moment}\nx-amz-target:{_API}.{action}\n\n"
            f"{_SIGNED}\n{sha256(body).hexdigest()}"
        )
        said = f"{_ALGORITHM}\n{moment}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
        signature = hmac.digest(_of_the_day(key.secret, moment[:8], self._region), said.encode(), "sha256").hex()
        token = f"X-Amz-Security-Token: {key.token}\r\n" if key.token else ""
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: wicketgate\r\n"
            # Answers are small: packing and unpacking them would cost more than the bytes.
            f"Accept-Encoding: identity\r\nContent-Length: {len(body)}\r\nContent-Type: {_CONTENT}\r\n"
            f"X-Amz-Date: {moment}\r\nX-Amz-Target: {_API}.{action}\r\n{token}"
            f"Authorization: {_ALGORITHM} Credential={key.id}/{scope}, SignedHeaders={_SIGNED}, "
            f"Signature={signature}\r\n\r\n"
        )
        return head.encode("latin-1") + body


@lru_cache(maxsize=4)
def _moment(seconds: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


@lru_cache(maxsize=4)
def _of_the_day(secret: str, day: str, region: str) -> bytes:
    """The key that signs on a day, in a region, for this service."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "dynamodb", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
