"""A user as the rules know one, and how one may change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

FREE_PLAN: Final = "free"


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Everything kept about a user.

    Times are ISO 8601 strings. `revoked_sessions` maps the id of each session that was ended to the second
    at which it would have expired. `private` belongs to the methods of signing in (`passwordHash` is the
    password method's): each value is kept under its own name beside the fields, and never shown.
    """

    id: str
    email: str
    name: str
    created_at: str
    last_modified: str
    bio: str | None = None
    plan: str = FREE_PLAN
    session_version: int = 1
    api_token_version: int = 1
    revoked_sessions: Mapping[str, int] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class User:
    """A user as others may see one."""

    id: str
    email: str
    name: str
    bio: str | None
    plan: str
    created_at: str
    last_modified: str


def public(record: UserRecord) -> User:
    """The record without anything secret."""
    return User(
        id=record.id,
        email=record.email,
        name=record.name,
        bio=record.bio,
        plan=record.plan,
        created_at=record.created_at,
        last_modified=record.last_modified,
    )


class Claim(NamedTuple):
    """A unique name that leads to one user: an email address, later a passkey or an account elsewhere."""

    kind: str
    value: str

    @property
    def key(self) -> str:
        """`email#someone@example.com`: how every store spells it."""
        return f"{self.kind}#{self.value}"


def email_claim(address: str) -> Claim:
    """The claim on an address, which must be in its normalised form."""
    return Claim("email", address)


OLD_API_TOKEN: Final = "oldApiTokenHash"  # noqa: S105
"""The private attribute with the digest of an API token that another service gave the user, until it is rotated."""


def api_token_digest(token: str) -> str:
    """What is kept of an API token from elsewhere. A plain hash does: such a token is random, no password."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def api_token_claim(digest: str) -> Claim:
    """The claim on an API token from elsewhere, by its digest."""
    return Claim("apitoken", digest)


FORMER_EMAIL: Final = "formerEmail"
"""The private attribute with an address of before that still leads to the user: `<until> <address>`, in seconds."""


class FormerEmail(NamedTuple):
    """An address that nobody else can have until a second, so that the way back to it stays open."""

    address: str
    until: int

    def __str__(self) -> str:
        """What is kept."""
        return f"{self.until} {self.address}"


def former_email(record: UserRecord) -> FormerEmail | None:
    """The address of before that still leads to the user, also when its time is over and nobody has freed it yet."""
    until, _, address = record.private.get(FORMER_EMAIL, "").partition(" ")
    return FormerEmail(address, int(until)) if until.isdecimal() else None


def reached_by(address: str, found: UserRecord | None) -> UserRecord | None:
    """The user whom an address led to, unless it is one of before: nobody logs in by that, or is written to."""
    return found if found is not None and found.email == address else None


def claims_of(record: UserRecord) -> tuple[Claim, ...]:
    """Every claim that leads to this user."""
    old_token, former = record.private.get(OLD_API_TOKEN), former_email(record)
    return (
        email_claim(record.email),
        *((api_token_claim(old_token),) if old_token else ()),
        *((email_claim(former.address),) if former else ()),
    )


VERIFIED_EMAIL: Final = "verifiedEmail"
"""The private attribute with the address that was shown to be the user's own."""


def verified(record: UserRecord) -> bool:
    """Whether the user has shown that the address of today is theirs."""
    return record.private.get(VERIFIED_EMAIL) == record.email


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one user, applied whole or not at all.

    `fields` sets `email`, `name`, `bio`, `plan` or `last_modified`, and None removes a bio. `private` sets a
    method's own attribute, and None removes it. `expect` names fields or private attributes that must still
    have this value, or with None still be absent; `session_version` must still be this one, so that a session
    writes nothing once it was ended with all others. Versions are raised by one, never set, so that two who raise at
    once both count. Fields that are not named keep whatever another edit gave them in the meantime.
    """

    fields: Mapping[str, str | None] = field(default_factory=dict)
    private: Mapping[str, str | None] = field(default_factory=dict)
    expect: Mapping[str, str | None] = field(default_factory=dict)
    session_version: int | None = None
    raise_session_version: bool = False
    raise_api_token_version: bool = False
    add_claims: tuple[Claim, ...] = ()
    drop_claims: tuple[Claim, ...] = ()


EDITABLE: Final = frozenset({"email", "name", "bio", "plan", "last_modified"})
