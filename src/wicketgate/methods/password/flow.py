"""Signing up and logging in with an email address and a password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Protocol

from wicketgate.core import fields
from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import (
    ClaimTaken,
    InvalidCredentials,
    InvalidInput,
    Problem,
    Stale,
    TooManyRequests,
    Unavailable,
)
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Guards, Limits, PasswordHasher, Users
from wicketgate.core.sign_in import SignedIn, SignIn
from wicketgate.core.users import Edit, UserRecord, claims_of, email_claim

HASH = "passwordHash"
"""The method's one private attribute of a user."""


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What is allowed how often, and what a password must hold."""

    signup_limit: Limit
    login_limit: Limit
    account_limit: Limit
    letter_and_digit: bool = False


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new user and their API token."""

    record: UserRecord
    api_token: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a valid sign-up asks for, every value cleaned. Without a name it is the part before `@`."""

    email: str
    password: str
    name: str | None = None


class PasswordStore(Users, Limits, Guards, Protocol):
    """The part of a store that passwords need."""


class PasswordFlow:
    """The rules of signing up and logging in with a password."""

    def __init__(
        self,
        store: PasswordStore,
        hasher: PasswordHasher,
        sign_in: SignIn,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        rules: PasswordRules,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._sign_in = sign_in
        self._syntax = syntax
        self._clock = clock
        self._observe = observe
        self._rules = rules

    @property
    def signup_rules(self) -> fields.Rules:
        """The rules for the fields of a sign-up."""
        return {"email": self._email, "password": self._new_password, "name": fields.name}

    @property
    def login_rules(self) -> fields.Rules:
        """The rules for the fields of a login."""
        return {"email": self._email, "password": fields.some_password}

    async def sign_up(self, account: NewAccount, source: str) -> SignedUp:
        """Creates the account. Raises TooManyRequests, or InvalidInput when the address has one already."""
        await self._spend(self._rules.signup_limit, source)
        try:
            record = await self.create(account)
        except ClaimTaken:
            await self._observe(SecurityEvent("signup_refused", source=source))
            raise InvalidInput(Problem("Unable to create an account with these details")) from None
        await self._observe(SecurityEvent("signup", record.id, source))
        return SignedUp(record, self._sign_in.api_token(record))

    async def create(self, account: NewAccount) -> UserRecord:
        """Creates the account without asking how often. Raises ClaimTaken.

        The password is hashed before anyone looks whether the address is free, so that time does not tell.
        """
        hashed = await self._hasher.hash(account.password)
        now = iso(self._clock())
        record = UserRecord(
            id=str(uuid.uuid4()),
            email=account.email,
            name=account.name or fields.name_from_email(account.email),
            created_at=now,
            last_modified=now,
            private={HASH: hashed},
        )
        await self._store.create(record, claims_of(record))
        return record

    async def log_in(self, email: str, password: str, source: str) -> SignedIn:
        """Opens a session for a cleaned address. Raises TooManyRequests, or InvalidCredentials without a reason."""
        await self._spend(self._rules.login_limit, source)
        record = await self._prove(email, password, source)
        await self._observe(SecurityEvent("login", record.id, source))
        return self._sign_in.finish(record)

    async def _prove(self, address: str, password: str, source: str) -> UserRecord:
        limit = self._rules.account_limit
        found = await self._store.find_guarded(email_claim(address), limit, self._clock())
        record = found.record
        if found.wait_ms > 0:
            raise await self._refusal(limit, source, found.wait_ms, record)
        stored = record.private.get(HASH) if record else None
        if await self._hasher.verify(password, stored) and record is not None and stored is not None:
            return await self._renewed(record, password, stored)
        wait = await self._store.note_failure(email_claim(address), limit, self._clock())
        await self._observe(SecurityEvent("login_failed", record.id if record else None, source))
        if wait > 0:
            raise await self._refusal(limit, source, wait, record)
        raise InvalidCredentials

    async def _renewed(self, record: UserRecord, password: str, stored: str) -> UserRecord:
        """The user, with a hash at today's cost if the old one was cheaper."""
        if not self._hasher.outdated(stored):
            return record
        try:
            hashed = await self._hasher.hash(password)
            edit = Edit(private={HASH: hashed}, expect={HASH: stored})
            return await self._store.edit(record.id, edit) or record
        except (Stale, Unavailable):
            # Stale: the password was changed, or renewed by another login, while we were hashing: that one stands.
            # Unavailable: the next login renews it; this one has proved enough to be let in.
            return record

    def _email(self, value: str) -> str:
        return fields.email(value, self._syntax)

    def _new_password(self, value: str) -> str:
        return fields.new_password(value, letter_and_digit=self._rules.letter_and_digit)

    async def _spend(self, limit: Limit, source: str) -> None:
        wait = await self._store.take(limit, source, self._clock())
        if wait > 0:
            raise await self._refusal(limit, source, wait, None)

    async def _refusal(self, limit: Limit, source: str, wait: int, record: UserRecord | None) -> TooManyRequests:
        await self._observe(SecurityEvent("limit_hit", record.id if record else None, source, limit.name))
        return TooManyRequests(limit.name, wait)
