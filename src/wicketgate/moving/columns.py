"""From the values of a row to a user, each by its rule."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from wicketgate.core import fields, text
from wicketgate.core.errors import InvalidInput
from wicketgate.core.one_time import attribute
from wicketgate.core.sessions import MAX_REVOKED
from wicketgate.core.users import (
    FORMER_EMAIL,
    FREE_PLAN,
    OLD_API_TOKEN,
    VERIFIED_EMAIL,
    UserRecord,
    api_token_digest,
    email_claim,
)
from wicketgate.crypto import foreign
from wicketgate.crypto.bcrypt_hashes import cost_of
from wicketgate.crypto.foreign_limits import MAX_BCRYPT_COST, UnusableHash
from wicketgate.methods.password.flow import HASH
from wicketgate.moving import times
from wicketgate.moving.rows import Refused, Row, shown

COLUMNS: Final = (
    *("email", "emailVerified", "name", "bio", "plan", "createdAt", "lastModified", "id", "passwordHash", "apiToken"),
    *("sessionVersion", "apiTokenVersion", "revokedSessions", "private"),
)
"""Everything a row may say. The last four are of our own export."""

NAMESPACE: Final = uuid.UUID("6d0b6f0e-3c1f-4d53-9b0a-5a1e8c7d42f9")
"""Under this an address gives the same id each time, so that importing once more finds the user."""

MOST: Final = 2**31 - 1
"""Of versions, and of seconds: an API token has four bytes for its version, and has to last for many rotations."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SAFE_ID: Final = re.compile(r"[A-Za-z0-9._|:-]{1,128}")
_TOKEN: Final = re.compile(r"[\x21-\x7e]{16,1024}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FORMER: Final = re.compile(r"[0-9]{1,12} [^\s@]+@[^\s@]+")
_LINK: Final = re.compile(r"[0-9]{1,12}\.[0-9a-f]{64}\..*")
_WORDS: Final = {"": False, "false": False, "no": False, "0": False, "true": True, "yes": True, "1": True}
_OF_THE_IMPORT: Final = {
    "createdAt": ("created_at", "last_modified"),
    "sessionVersion": ("session_version",),
    "apiTokenVersion": ("api_token_version",),
}
"""What has a value of the import's own when the row does not say this column."""

_NEVER_PRIVATE: Final = frozenset({*COLUMNS, "userId", ""}) - {HASH}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A user as a row says. What is `unsaid` has a value that comes of the time of the import, and says nothing."""

    where: str
    record: UserRecord
    unsaid: Collection[str] = ()

    def is_there_as(self, current: UserRecord) -> bool:
        """Whether a user in the store is what the row says."""
        return replace(self.record, **{name: getattr(current, name) for name in self.unsaid}) == current


@dataclass(frozen=True, slots=True)
class Rules:
    """What a row is read by. `now` stands for a time that it does not say, `ignored` are columns to pass over."""

    syntax: fields.EmailSyntax
    now: str
    own_token_prefix: str
    keep_ids: bool = False
    ignored: Collection[str] = ()

    @property
    def first_version(self) -> int:
        """With what versions begin that a row does not say: the second of the import.

        A user who was here before had lower ones, and has the same id again: neither session nor API token of then
        is to be good once more.
        """
        return min(MOST, int(datetime.fromisoformat(self.now).timestamp()))

    def candidate(self, row: Row) -> Candidate:
        """The user that a row says. Raises Refused with every reason."""
        given = {name: value for name, value in row.values.items() if value is not None and name not in self.ignored}
        read: dict[str, Any] = {}
        reasons = [f"unknown column {shown(name)}" for name in given if name not in COLUMNS]
        for name in COLUMNS:
            try:
                read[name] = _READERS[name](given[name], self) if name in given else None
            except (Refused, UnusableHash) as refused:
                reasons.append(str(refused))
            except InvalidInput as error:
                reasons += [problem.message for problem in error.problems]
        if "email" not in given:
            reasons.append("Email is required")
        if reasons:
            raise Refused("; ".join(reasons))
        unsaid = [field for column, fields in _OF_THE_IMPORT.items() if read[column] is None for field in fields]
        return Candidate(row.where, self._record(read), unsaid)

    def _record(self, read: Mapping[str, Any]) -> UserRecord:
        created = read["createdAt"] or self.now
        return UserRecord(
            id=read["id"] or str(uuid.uuid5(NAMESPACE, email_claim(read["email"]).key)),
            email=read["email"],
            name=read["name"] or fields.name_from_email(read["email"]),
            created_at=created,
            last_modified=read["lastModified"] or created,
            bio=read["bio"],
            plan=read["plan"] or FREE_PLAN,
            session_version=read["sessionVersion"] or self.first_version,
            api_token_version=read["apiTokenVersion"] or self.first_version,
            revoked_sessions=read["revokedSessions"] or {},
            private=_private_of(read),
        )


def _private_of(read: Mapping[str, Any]) -> Mapping[str, str]:
    given: Mapping[str, str] = read["private"] or {}
    named = {HASH: read["passwordHash"], OLD_API_TOKEN: read["apiToken"]}
    beside = {name: value for name, value in named.items() if value is not None}
    if given.keys() & beside.keys():
        raise Refused("private says what passwordHash or apiToken says as well")
    verified = {VERIFIED_EMAIL: read["email"]} if read["emailVerified"] else {}
    return {**given, **beside, **verified}


def _email(value: Any, rules: Rules) -> str:
    return fields.email(_text("email", value), rules.syntax)


def _email_verified(value: Any, _: Rules) -> bool:
    """Yes, no, or a time: that of the confirmation."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if times.normalised(value) is None:
        raise Refused("emailVerified must be true, false or a time")
    return True


def _name(value: Any, _: Rules) -> str | None:
    return fields.name(value) if _line("name", value) else None


def _bio(value: Any, _: Rules) -> str | None:
    return fields.bio(_text("bio", value))


def _plan(value: Any, _: Rules) -> str | None:
    plan = _line("plan", value)
    if len(plan) > fields.NAME_MAX:
        raise Refused(f"plan must be at most {fields.NAME_MAX} characters")
    return plan or None


def _time(name: str) -> Callable[[Any, Rules], str | None]:
    def read(value: Any, _: Rules) -> str | None:
        if value == "":
            return None
        if (time := times.normalised(value)) is None:
            raise Refused(f"{name} is not a time")
        return time

    return read


def _id(value: Any, rules: Rules) -> str | None:
    given = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text("id", value)
    if _UUID.fullmatch(given):
        return given
    if rules.keep_ids and given and not _SAFE_ID.fullmatch(given):
        raise Refused("id cannot be kept: letters, digits and ._|:- are taken, at most 128")
    return given if rules.keep_ids and given else None


def _password_hash(value: Any, _: Rules) -> str | None:
    given = _text("passwordHash", value)
    return foreign.marked(given) if given else None


def _api_token(value: Any, rules: Rules) -> str | None:
    given = _text("apiToken", value)
    if not given:
        return None
    if not _TOKEN.fullmatch(given):
        raise Refused("apiToken must be 16 to 1024 visible ASCII characters")
    if given.startswith(rules.own_token_prefix):
        raise Refused(f"apiToken begins with {rules.own_token_prefix} as our own do, so it would never be found")
    return api_token_digest(given)


def _version(name: str) -> Callable[[Any, Rules], int]:
    def read(value: Any, _: Rules) -> int:
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST:
            raise Refused(f"{name} must be a whole number from 1")
        return number

    return read


def _revoked(value: Any, _: Rules) -> Mapping[str, int]:
    fits = isinstance(value, dict) and len(value) <= MAX_REVOKED
    if not fits or not all(type(end) is int and 0 <= end <= MOST * 1000 for end in value.values()):
        raise Refused("revokedSessions must be an object of token ids and seconds")
    return {_text("revokedSessions", token): end for token, end in value.items()}


def _private(value: Any, _: Rules) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise Refused("private must be an object")
    if not _NEVER_PRIVATE.isdisjoint(value):
        raise Refused("private has the name of a column")
    read = {_text("private", name): _text("private", entry) for name, entry in value.items()}
    if OLD_API_TOKEN in read and not _DIGEST.fullmatch(read[OLD_API_TOKEN]):
        raise Refused(f"private.{OLD_API_TOKEN} must be a SHA-256 in hexadecimal")
    if FORMER_EMAIL in read and not _FORMER.fullmatch(read[FORMER_EMAIL]):
        raise Refused(f"private.{FORMER_EMAIL} must be seconds and an address")
    if any(name.startswith(attribute("")) and not _LINK.fullmatch(link) for name, link in read.items()):
        raise Refused("private has a link that is none of ours")
    if HASH in read:
        _check_kept(read[HASH])
    return read


def _check_kept(stored: str) -> None:
    """A hash in our own form, which may be another program's that was not renewed yet. Raises UnusableHash."""
    cost = cost_of(stored)
    if cost is None or not stored.startswith("$2b$"):
        foreign.kept(stored)
    elif cost > MAX_BCRYPT_COST:
        raise UnusableHash(f"bcrypt at cost {cost} takes too long to check; at most {MAX_BCRYPT_COST} is taken")


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(f"{name} must be text")
    try:
        return text.refuse_surrogates(value)
    except text.LoneSurrogate:
        raise Refused(f"{name} contains a broken character") from None


def _line(name: str, value: Any) -> str:
    return text.clean_line(_text(name, value), fields.NAME_MAX)


_READERS: Final[Mapping[str, Callable[[Any, Rules], Any]]] = {
    "email": _email,
    "emailVerified": _email_verified,
    "name": _name,
    "bio": _bio,
    "plan": _plan,
    "createdAt": _time("createdAt"),
    "lastModified": _time("lastModified"),
    "id": _id,
    "passwordHash": _password_hash,
    "apiToken": _api_token,
    "sessionVersion": _version("sessionVersion"),
    "apiTokenVersion": _version("apiTokenVersion"),
    "revokedSessions": _revoked,
    "private": _private,
}
