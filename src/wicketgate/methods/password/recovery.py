"""The forgotten password: somebody asks, a link goes to the address, and whoever has it chooses another password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from wicketgate.core import fields
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.clock import Clock
from wicketgate.core.errors import Stale, StoreUnavailable
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.named_tokens import KEPT
from wicketgate.core.new_passwords import NewPasswords
from wicketgate.core.one_time import RESET, FoundLink, InvalidLink, OneTimeLinks, ended
from wicketgate.core.outbox import OWED, RESET_PASSWORD, Job
from wicketgate.core.ports import Jobs, Letter, Limits, Post, Users
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import (
    OLD_API_TOKEN,
    VERIFIED_EMAIL,
    Edit,
    UserRecord,
    api_token_claim,
    email_claim,
    reached_by,
)
from wicketgate.methods.password.flow import HASH

LIFETIME: Final = 3600
"""How long a link is good, in seconds."""

RESET_PAGE: Final = "/reset-password"

_ATTEMPTS: Final = 4


class RecoveryRules(NamedTuple):
    """How often one source may ask for links, and try them."""

    mail_limit: Limit
    link_limit: Limit


class RecoveryStore(Users, Limits, Protocol):
    """The part of a store that recovery needs."""


class RecoveryFlow:
    """The rules of getting back in without the password."""

    def __init__(
        self,
        store: RecoveryStore,
        links: OneTimeLinks,
        jobs: Jobs,
        post: Post,
        allowance: MailAllowance,
        new_passwords: NewPasswords,
        syntax: fields.EmailSyntax,
        clock: Clock,
        observe: Observer,
        rules: RecoveryRules,
    ) -> None:
        self._store = store
        self._links = links
        self._jobs = jobs
        self._post = post
        self._allowance = allowance
        self._new_passwords = new_passwords
        self._syntax = syntax
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._rules = rules

    @property
    def ask_rules(self) -> fields.Rules:
        """The rules for the fields of asking for a link."""
        return {"email": lambda value: fields.email(value, self._syntax)}

    @property
    def reset_rules(self) -> fields.Rules:
        """The rules for the fields of using one."""
        return {"token": fields.token, "password": self._new_passwords.cleaned}

    async def ask(self, email: str, source: str) -> None:
        """Has a link sent to a cleaned address, should it have an account. Raises TooManyRequests.

        The address is looked up in the background, so that neither answer nor time tells whether there is one.
        """
        await self._turnstile.spend(self._rules.mail_limit, source)
        await self._jobs.add(RESET_PASSWORD, {"email": email, "source": source})

    async def send(self, job: Job) -> None:
        """Carries out the job `reset_password`. Done twice, it sends the same link twice, or another if one was used.

        A reset raises the session version, of which the token is made and with which it is kept, so that no job
        makes a used link good again. Raises StoreUnavailable when the user changes faster than we can write.
        """
        address, owed = job.data["email"], job.data.get(OWED)
        admitted = owed is not None
        for _ in range(_ATTEMPTS):
            record = reached_by(address, await self._store.find(email_claim(address)))
            if record is None or owed not in (None, record.id):
                return
            # Asked only when there is something to send: what an address without an account may get is not used up.
            admitted = admitted or await self._allowance.admits(job, address)
            if not admitted:
                return
            token = self._links.token(RESET, record.id, f"{job.id}.{record.session_version}")
            try:
                kept = await self._store.edit(record.id, self._kept(token, record))
            except Stale:
                continue
            if kept is not None:
                await self._post.send(Letter(address, "reset_password", {"link": f"{RESET_PAGE}#{token}"}))
                await self._observe(SecurityEvent("password_reset_asked", record.id, job.data["source"]))
            return
        raise StoreUnavailable("a user changes faster than we can write")

    def _kept(self, token: str, record: UserRecord) -> Edit:
        """The edit that keeps a link, as long as the user has this address and no session was ended meanwhile."""
        link = self._links.kept(RESET, token, LIFETIME, record.email)
        return replace(link, expect={"email": record.email}, session_version=record.session_version)

    async def reset(self, token: str, password: str, source: str) -> UserRecord:
        """The user with a cleaned new password, the address confirmed and every session ended.

        Raises TooManyRequests, InvalidLink, and InvalidInput for a password that is refused; then the link stays.
        Nothing is hashed for a link that is not good: it cannot be guessed, so there is nothing for time to tell.
        """
        await self._turnstile.spend(self._rules.link_limit, source)
        found = await self._found(token)
        hashed = await self._new_passwords.hash(password, found.record.email)
        for _ in range(_ATTEMPTS):
            try:
                record = await self._store.edit(found.record.id, _edit(found, hashed))
            except Stale:
                found = await self._found(token)
                continue
            if record is None:
                raise InvalidLink
            record = await self._without_tokens(record)
            await self._observe(SecurityEvent("password_reset", record.id, source))
            return record
        raise StoreUnavailable("a user changes faster than we can write")

    async def _without_tokens(self, record: UserRecord) -> UserRecord:
        """The user without named tokens, of which a session that has just ended may have made one a moment before."""
        left = _named_tokens(record)
        return await self._store.edit(record.id, Edit(private=left)) or record if left else record

    async def _found(self, token: str) -> FoundLink:
        found = await self._links.find(RESET, token)
        if found.payload != found.record.email:
            raise InvalidLink  # It was sent to an address that is no longer the user's.
        return found


def _edit(found: FoundLink, hashed: str) -> Edit:
    """All that a reset changes, at once with using up the link.

    Whoever made the account, or got in meanwhile, may be another than who reads its mail: so all that was given out
    before the reset is worth nothing after it, API tokens too.
    """
    record = found.record
    private: dict[str, str | None] = {HASH: hashed, VERIFIED_EMAIL: record.email}
    private |= ended()
    expect: Mapping[str, str | None] = {**found.expect, "email": record.email}
    old = record.private.get(OLD_API_TOKEN)
    return Edit(
        private={**private, **_named_tokens(record), OLD_API_TOKEN: None},
        expect=expect,
        raise_session_version=True,
        raise_api_token_version=True,
        drop_claims=(api_token_claim(old),) if old else (),
    )


def _named_tokens(record: UserRecord) -> dict[str, None]:
    return dict.fromkeys(name for name in record.private if name.startswith(KEPT))
