"""Signing up and logging in with an email address and a password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, Protocol

from wicketgate.core import fields
from wicketgate.core.addresses import added
from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import (
    ClaimTaken,
    InvalidCredentials,
    InvalidInput,
    NotVerified,
    Problem,
    Stale,
    Unavailable,
)
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.new_passwords import NewPasswords
from wicketgate.core.outbox import VERIFY_EMAIL
from wicketgate.core.ports import Guards, Jobs, Limits, PasswordHasher, Users
from wicketgate.core.quality import PasswordQuality
from wicketgate.core.sign_in import SignedIn, SignIn
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import VERIFIED_EMAIL, Edit, UserRecord, email_claim, reached_by, verified
from wicketgate.core.visits import Visit

HASH = "passwordHash"
"""The method's one private attribute of a user."""

SIGN_UP = "sign_up"
"""The job of carrying out a sign-up that has been answered (see `signing_up.py`)."""


_DEVICE_LIMIT: Final = Limit("device", 10, 900_000)
_USER_LIMIT: Final = Limit("user", 60, 900_000)


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What is allowed how often, what a password must hold, and what becomes of addresses that nobody confirmed.

    `optional`: whoever signs up is sent a link. `required`: nobody logs in before having used it.
    """

    signup_limit: Limit
    login_limit: Limit
    account_limit: Limit
    device_limit: Limit = _DEVICE_LIMIT
    user_limit: Limit = _USER_LIMIT
    quality: PasswordQuality = field(default_factory=PasswordQuality)
    verification: Literal["off", "optional", "required"] = "off"


class SignedUp(NamedTuple):
    """A new user and their API token."""

    record: UserRecord
    api_token: str


class NewAccount(NamedTuple):
    """What a valid sign-up asks for, every value cleaned. Without a name it is the part before `@`."""

    email: str
    password: str
    name: str | None = None

    @property
    def shown_name(self) -> str:
        """What to call the user."""
        return self.name or fields.name_from_email(self.email)


class PasswordStore(Users, Limits, Guards, Protocol):
    """The part of a store that passwords need."""


class PasswordFlow:
    """The rules of signing up and logging in with a password."""

    def __init__(
        self,
        store: PasswordStore,
        hasher: PasswordHasher,
        jobs: Jobs,
        sign_in: SignIn,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        rules: PasswordRules,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._jobs = jobs
        self._sign_in = sign_in
        self._syntax = syntax
        self._clock = clock
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._rules = rules
        self.new_passwords = NewPasswords(hasher, rules.quality)

    @property
    def confirms_first(self) -> bool:
        """Whether a sign-up goes on by mail, so that `begin_sign_up` is the one to call."""
        return self._rules.verification == "required"

    @property
    def signup_rules(self) -> fields.Rules:
        """The rules for the fields of a sign-up."""
        return {"email": self._email, "password": self.new_passwords.cleaned, "name": fields.name}

    @property
    def login_rules(self) -> fields.Rules:
        """The rules for the fields of a login."""
        return {"email": self._email, "password": fields.some_password}

    async def sign_up(self, account: NewAccount, source: str) -> SignedUp:
        """Creates the account, and mails a link that confirms the address unless that is off.

        Raises TooManyRequests, or InvalidInput when the address has an account already.
        """
        self.new_passwords.refuse_expected(account.password, account.email)
        await self._turnstile.spend(self._rules.signup_limit, source)
        try:
            record = await self.create(account)
        except ClaimTaken:
            await self._observe(SecurityEvent("signup_refused", source=source))
            raise InvalidInput(Problem("Unable to create an account with these details")) from None
        await self._observe(SecurityEvent("signup", record.id, source))
        if self._rules.verification != "off":
            await self._jobs.add(VERIFY_EMAIL, {"user": record.id})
        return SignedUp(record, self._sign_in.api_token(record))

    async def begin_sign_up(self, account: NewAccount, source: str) -> None:
        """Takes a sign-up that goes on by mail: nobody but the owner of the address learns whether it was free.

        The password is hashed, the rest is a job. Raises TooManyRequests.
        """
        self.new_passwords.refuse_expected(account.password, account.email)
        await self._turnstile.spend(self._rules.signup_limit, source)
        hashed = await self.new_passwords.hash(account.password, account.email)
        data = {"email": account.email, "name": account.shown_name, "hash": hashed, "source": source}
        await self._jobs.add(SIGN_UP, data)

    async def create(self, account: NewAccount, *, confirmed: bool = False) -> UserRecord:
        """Creates the account without asking how often; `confirmed` says that the address is known to be theirs.

        The password is hashed before anyone looks whether the address is free, so that time does not tell.
        Raises ClaimTaken.
        """
        hashed = await self.new_passwords.hash(account.password, account.email)
        record = new_user(str(uuid.uuid4()), account.email, account.shown_name, hashed, iso(self._clock()))
        if confirmed:
            record = replace(record, private={**record.private, VERIFIED_EMAIL: account.email})
        await added(self._store, record, self._clock())
        return record

    async def log_in(self, email: str, password: str, visit: Visit) -> SignedIn:
        """Opens a session for a cleaned address.

        Raises TooManyRequests, InvalidCredentials without a reason, or NotVerified for the right password to an
        account whose address must be confirmed first.
        """
        await self._turnstile.spend(self._rules.login_limit, visit.source)
        record = await self._owner(email, password, visit)
        if self.confirms_first and not verified(record):
            raise await self._unconfirmed(record, visit.source)
        signed_in = await self._sign_in.finish(record, visit)
        await self._observe(SecurityEvent("login", record.id, visit.source))
        return signed_in

    async def prove(self, record: UserRecord, password: str, visit: Visit, field: str = "password") -> None:
        """Returns if this is the password of someone who is signed in. A failure counts as a failed login.

        Right ones are limited as well, for each user: hashing takes its time. Raises InvalidInput with the field, or
        TooManyRequests.
        """
        limit, source, address = self._rules.account_limit, visit.source, record.email
        await self._turnstile.spend_own(self._rules.user_limit, record.id, source)
        browser = self._sign_in.known_browser(address, visit)
        found = await self._store.find_guarded(email_claim(address), limit, self._clock())
        await self._refuse_spent(found.wait_ms, browser, source, record.id)
        if await self._hasher.verify(password, record.private.get(HASH)):
            return
        wait = await self._failed(address, browser)
        await self._observe(SecurityEvent("login_failed", record.id, source, "confirmation"))
        await self._turnstile.refuse(limit, source, wait, record.id)
        raise InvalidInput(Problem("This is not your password", field))

    async def _owner(self, address: str, password: str, visit: Visit) -> UserRecord:
        limit, source = self._rules.account_limit, visit.source
        browser = self._sign_in.known_browser(address, visit)
        found = await self._store.find_guarded(email_claim(address), limit, self._clock())
        record = reached_by(address, found.record)
        user_id = record.id if record else None
        await self._refuse_spent(found.wait_ms, browser, source, user_id)
        stored = record.private.get(HASH) if record else None
        if await self._hasher.verify(password, stored) and record is not None and stored is not None:
            return await self._renewed(record, password, stored)
        wait = await self._failed(address, browser)
        await self._observe(SecurityEvent("login_failed", user_id, source))
        await self._turnstile.refuse(limit, source, wait, user_id)
        raise InvalidCredentials

    async def _refuse_spent(self, wait_ms: int, browser: str | None, source: str, user_id: str | None) -> None:
        """Strangers' failures do not count against a known browser that has some left."""
        if wait_ms > 0 and not await self._may_fail(browser):
            await self._turnstile.refuse(self._rules.account_limit, source, wait_ms, user_id)

    async def _may_fail(self, browser: str | None) -> bool:
        """Whether this browser is known and has failures left."""
        limit = self._rules.device_limit
        return browser is not None and await self._store.peek(limit, browser, self._clock()) == 0

    async def _failed(self, address: str, browser: str | None) -> int:
        """0 after noting a failure, else the wait. A known browser's own are spent before those of the account."""
        limit, now = self._rules.device_limit, self._clock()
        if browser is not None and await self._store.take(limit, browser, now) == 0:
            return 0
        return await self._store.note_failure(email_claim(address), self._rules.account_limit, now)

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

    async def _unconfirmed(self, record: UserRecord, source: str) -> NotVerified:
        await self._jobs.add(VERIFY_EMAIL, {"user": record.id})
        await self._observe(SecurityEvent("login_failed", record.id, source, "unconfirmed address"))
        return NotVerified()


def new_user(user_id: str, email: str, name: str, hashed: str, now: str) -> UserRecord:
    """A user with a password, as one is at first."""
    return UserRecord(id=user_id, email=email, name=name, created_at=now, last_modified=now, private={HASH: hashed})
