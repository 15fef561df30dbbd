"""Checking, making, replacing and revoking API tokens."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from wicketgate.core import named_tokens
from wicketgate.core.clock import Clock
from wicketgate.core.errors import InvalidInput, NotAuthenticated, Problem, Stale
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.last_use import LastUse
from wicketgate.core.limits import Limit
from wicketgate.core.named_tokens import NamedToken, NewToken, attribute, token_of, tokens_of, written
from wicketgate.core.ports import ApiTokenClaims, ApiTokens, Limits, Users
from wicketgate.core.turnstile import Turnstile
from wicketgate.core.users import OLD_API_TOKEN, Edit, UserRecord, api_token_claim, api_token_digest

LIMIT_NAME = "token"
"""How a token's own limit is called in the store and in the log."""


class TokenAccess(NamedTuple):
    """Whose token a program showed, and which: `token` is None for the one without a name, which may do anything."""

    record: UserRecord
    token: NamedToken | None


class TokenLimits(NamedTuple):
    """How often one user may make named tokens, and replace the one without a name."""

    made: Limit
    replaced: Limit


class ApiTokenStore(Users, Limits, Protocol):
    """The part of a store that API tokens need."""


class ApiTokenFlow:
    """The rules of API tokens, none of which is stored.

    Each user has one that follows from the user's token version, and as many with a name as `named_tokens` lets them
    have. A user who was brought along from another service has that service's token as well until the first rotation.
    `window_ms` is the time in which a token's own limit counts.
    """

    def __init__(
        self,
        store: ApiTokenStore,
        tokens: ApiTokens,
        clock: Clock,
        observe: Observer,
        last_use: LastUse,
        window_ms: int,
        limits: TokenLimits,
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._observe = observe
        self._turnstile = Turnstile(store, clock, observe)
        self._last_use = last_use
        self._window_ms = window_ms
        self._limits = limits

    async def check(self, token: str) -> TokenAccess:
        """What a token opens: one read for a token of ours, two for one from elsewhere; a write if it has a limit.

        Raises NotAuthenticated, or TooManyRequests when the token's own limit is spent.
        """
        access = await (self._opened(token) if self._tokens.ours(token) else self._opened_by_old(token))
        if access is None:
            raise NotAuthenticated
        if access.token is not None:
            await self._count(access.record, access.token)
            self._note_use(access.record, access.token)
        return access

    async def owner(self, token: str) -> UserRecord:
        """Whose token it is. Raises as `check` does."""
        return (await self.check(token)).record

    def named(self, record: UserRecord) -> Sequence[NamedToken]:
        """The user's named tokens that are good, newest first."""
        return tokens_of(record, self._now())

    async def create(self, record: UserRecord, new: NewToken, source: str | None = None) -> tuple[NamedToken, str]:
        """A new named token and what it is, which nobody can learn again.

        Raises InvalidInput when the user has as many as there may be, TooManyRequests, and NotAuthenticated when the
        user is gone, or every session was ended since the record was read.
        """
        await self._turnstile.spend_own(self._limits.made, record.id, source)
        token = named_tokens.made(secrets.token_urlsafe(9), new, self._now())
        if not named_tokens.fit([*self.named(record), token]):
            raise _too_many()
        private = {**named_tokens.forgetting(record, self._now()), attribute(token.id): written(token)}
        changed = await self._edited(record, Edit(private=private))
        if not named_tokens.fit(self.named(changed)):
            # Others were made at once. Each sees those before, so whoever was last takes theirs back.
            await self._store.edit(record.id, Edit(private={attribute(token.id): None}))
            raise _too_many()
        await self._observe(SecurityEvent("api_token_created", record.id, source, token.id))
        return token, self._tokens.derive(ApiTokenClaims(record.id, 0, token.id))

    async def revoke(
        self, record: UserRecord, token_id: str, source: str | None = None, *, by_operator: bool = False
    ) -> bool:
        """Ends one named token at once. Returns whether the user had it; revoking it twice is no error."""
        if attribute(token_id) not in record.private:
            return False
        await self._store.edit(record.id, Edit(private={attribute(token_id): None}))
        event = SecurityEvent("api_token_revoked", record.id, source, token_id, by_operator=by_operator)
        await self._observe(event)
        return True

    async def rotate(self, record: UserRecord, source: str) -> str:
        """A new token without a name; every older one is dead, those with a name live on.

        Raises TooManyRequests, and NotAuthenticated when the user is gone, or every session was ended since the
        record was read.
        """
        await self._turnstile.spend_own(self._limits.replaced, record.id, source)
        raised = await self._raised(record)
        await self._observe(SecurityEvent("api_token_rotated", record.id, source))
        return self.current(raised)

    def current(self, record: UserRecord) -> str:
        """The user's token of today. It is derived, so it can be shown at any time."""
        return self._tokens.derive(ApiTokenClaims(record.id, record.api_token_version))

    async def _opened(self, token: str) -> TokenAccess | None:
        claims = self._tokens.read(token)
        record = await self._store.get(claims.user_id) if claims else None
        if claims is None or record is None:
            return None
        if claims.token_id:
            named = token_of(record, claims.token_id, self._now())
            return TokenAccess(record, named) if named is not None else None
        return TokenAccess(record, None) if record.api_token_version == claims.version else None

    async def _opened_by_old(self, token: str) -> TokenAccess | None:
        digest = api_token_digest(token)
        record = await self._store.find(api_token_claim(digest))
        # The user says which token is theirs; a claim that was left behind opens nothing.
        kept = record.private.get(OLD_API_TOKEN, "") if record else ""
        same = hmac.compare_digest(kept.encode(), digest.encode())
        return TokenAccess(record, None) if record and same else None

    async def _count(self, record: UserRecord, token: NamedToken) -> None:
        if token.limit is None:
            return
        limit = Limit(LIMIT_NAME, token.limit, self._window_ms)
        wait = await self._store.take(limit, token.id, self._clock())
        await self._turnstile.refuse(limit, None, wait, record.id)

    def _note_use(self, record: UserRecord, token: NamedToken) -> None:
        if self._last_use.due(token.used_at):
            name = attribute(token.id)
            self._last_use.note(record.id, name, record.private[name], written(replace(token, used_at=self._now())))

    def _now(self) -> int:
        return self._clock() // 1000

    async def _raised(self, record: UserRecord) -> UserRecord:
        forget = Edit(private={OLD_API_TOKEN: None}, raise_api_token_version=True)
        old = record.private.get(OLD_API_TOKEN)
        if old is None:
            return await self._edited(record, forget)
        try:
            return await self._edited(record, replace(forget, drop_claims=(api_token_claim(old),)))
        except NotAuthenticated:
            # Another rotation may have freed the claim since the user was read.
            return await self._edited(record, forget)

    async def _edited(self, record: UserRecord, edit: Edit) -> UserRecord:
        """The user after an edit that is made only if no session has been ended with all others since the read."""
        try:
            edited = await self._store.edit(record.id, replace(edit, session_version=record.session_version))
        except Stale:
            raise NotAuthenticated from None
        if edited is None:
            raise NotAuthenticated
        return edited


def _too_many() -> InvalidInput:
    return InvalidInput(Problem("You have as many tokens as fit; revoke one that you no longer need"))
