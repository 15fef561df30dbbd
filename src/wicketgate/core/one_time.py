"""Links that are good once: to confirm an address, choose a new password, or take a change back.

What is kept is a digest, on the user's own item, one for each purpose: a newer link replaces an older one, using one
is part of the edit that it allows, so of two at once one succeeds, and none is left when the user is gone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from wicketgate.core.clock import Clock
from wicketgate.core.errors import InvalidInput, Problem
from wicketgate.core.ports import Users
from wicketgate.core.users import Edit, UserRecord

VERIFY: Final = "verify"
CHANGE: Final = "email"
UNDO: Final = "undo-email"
RESET: Final = "reset"
"""The purposes: to confirm an address, to confirm a new one, the way back to the one of before, a new password."""

_PREFIX: Final = "link#"


class InvalidLink(InvalidInput):
    """A link that is unknown, used, replaced or expired; nobody learns which."""

    def __init__(self) -> None:
        super().__init__(Problem("This link is no longer valid", "token"))


class FoundLink(NamedTuple):
    """A link that is good: whose it is, what it was made for, and the part of an edit that uses it up.

    The flow adds `expect` and `private` to its own edit, which raises Stale when the link was used meanwhile.
    """

    record: UserRecord
    payload: str
    expect: Mapping[str, str]
    private: Mapping[str, str | None]


class OneTimeLinks:
    """Makes links and finds whose they are. `keys` serve nothing else: 32 bytes each, newest first.

    Links are made with the first. One that was made is found without a key; to write it down takes that of its day.
    """

    def __init__(self, users: Users, keys: Sequence[bytes], clock: Clock) -> None:
        self._users = users
        self._keys = keys
        self._clock = clock

    def token(self, purpose: str, user_id: str, job_id: str) -> str:
        """What a link says after `#`. It follows from the job that sends it, so a mail sent twice says the same.

        For a link that is made before its job, `job_id` is another random text that the job is told.
        """
        return _token(self._keys[0], purpose, user_id, job_id)

    async def waiting(self, purpose: str, user_id: str, job_id: str) -> tuple[str, FoundLink]:
        """The token of a link that was made before its job, by whichever key, and the link. Raises InvalidLink."""
        for key in self._keys:
            token = _token(key, purpose, user_id, job_id)
            with suppress(InvalidLink):
                return token, await self.find(purpose, token)
        raise InvalidLink

    def kept(self, purpose: str, token: str, lifetime: int, payload: str = "") -> Edit:
        """The edit that makes the token good for `lifetime` seconds, in place of any older one of this purpose."""
        expires_at = self._clock() // 1000 + lifetime
        return Edit(private={attribute(purpose): f"{expires_at}.{_digest(token)}.{payload}"})

    async def find(self, purpose: str, token: str) -> FoundLink:
        """The link, with one read. Raises InvalidLink."""
        _, _, user_id = token.partition(".")
        record = await self._users.get(user_id) if user_id else None
        value = record.private.get(attribute(purpose)) if record else None
        if record is None or value is None:
            raise InvalidLink
        expires_at, digest, payload = _read(value)
        if not hmac.compare_digest(digest, _digest(token)) or expires_at <= self._clock() // 1000:
            raise InvalidLink
        name = attribute(purpose)
        return FoundLink(record, payload, {name: value}, {name: None})


def _token(key: bytes, purpose: str, user_id: str, job_id: str) -> str:
    message = f"{purpose}\0{user_id}\0{job_id}".encode()
    secret = base64.urlsafe_b64encode(hmac.digest(key, message, "sha256")).rstrip(b"=").decode()
    return f"{secret}.{user_id}"


def waiting_for(record: UserRecord, purpose: str, now_ms: int) -> str | None:
    """What a user's link of this purpose was made for, None without one that is good now."""
    expires_at, _, payload = _read(record.private.get(attribute(purpose), "0.."))
    return payload if expires_at > now_ms // 1000 else None


def ended() -> dict[str, str | None]:
    """The private attributes of an edit after which links that were sent before open nothing.

    For when an address counts no more, or somebody gets the account back. The way back from a change of address
    stays, as that change may be what the owner recovers from.
    """
    return dict.fromkeys(map(attribute, (RESET, VERIFY, CHANGE)))


def attribute(purpose: str) -> str:
    """The private attribute that keeps a purpose's link."""
    return _PREFIX + purpose


def _read(value: str) -> tuple[int, str, str]:
    """What is kept of a link: the second it expires, the digest of its token, and what it was made for."""
    expires_at, digest, payload = value.split(".", 2)
    return int(expires_at), digest, payload


def _digest(token: str) -> str:
    """What is kept. The secret is 256 bits that cannot be guessed, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
