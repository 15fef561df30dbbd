"""Sessions that their owner can see and end one by one, for `SESSION_LIST`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wicketgate.core import session_list
from wicketgate.core.clock import Clock
from wicketgate.core.last_use import LastUse
from wicketgate.core.limits import network_of
from wicketgate.core.ports import Sessions, SessionTokens, Users
from wicketgate.core.session_book import OpenSession, SessionBook
from wicketgate.core.session_list import MOST, ListedSession, attribute, listed, remembered, written
from wicketgate.core.sessions import MAX_REVOKED, Authenticated, SessionClaims
from wicketgate.core.user_agents import device_name
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit

_NOWHERE: Final = Visit("")


class ListedSessions(SessionBook):
    """A session book that remembers each login on the user. Checking stays one read; see `LastUse` for its notes."""

    def __init__(
        self,
        users: Users,
        ended: Sessions,
        tokens: SessionTokens,
        clock: Clock,
        lifetime: int,
        last_use: LastUse,
    ) -> None:
        super().__init__(users, ended, tokens, clock, lifetime)
        self._last_use = last_use

    async def admit(self, record: UserRecord, visit: Visit) -> OpenSession:
        """A new session, remembered before anybody has it: one write, which forgets dead ones as well.

        Where there are twenty the oldest ends, one write more. Raises StoreUnavailable; then nobody has a session.
        """
        now = self._clock() // 1000
        full = _no_room_to_end(record, listed(record, now)[: 1 - MOST], now)
        after = replace(record, session_version=record.session_version + full)
        session = self.open(after)
        mine = {attribute(session.claims.token_id): written(_opened(session.claims, visit))}
        private = {**session_list.forgetting(after, now), **mine}
        # Should others raise the version as well, as a new password does, the session is dead, as it must be then.
        changed = await self._users.edit(record.id, Edit(private=private, raise_session_version=full))
        if changed is not None:
            await self._end_surplus(changed, now)
        return session

    async def check(self, token: str) -> Authenticated:
        """The live session that a token stands for, with one read, its use noted. Raises NotAuthenticated."""
        session = await super().check(token)
        self._note_use(session.claims, session.record)
        return session

    async def _end_surplus(self, record: UserRecord, now: int) -> None:
        """Of several who log in at once each sees those before, so the last leaves no more than there may be."""
        for surplus in listed(record, now)[:-MOST]:
            await self._ended.revoke(record, surplus.id, surplus.expires_at, now)

    def _note_use(self, claims: SessionClaims, record: UserRecord) -> None:
        """Also lists a session that is not: one from before sessions were listed."""
        known = remembered(record, claims.token_id)
        if known is not None and not self._last_use.due(known.used_at):
            return
        used = replace(known or _opened(claims, _NOWHERE), used_at=self._clock() // 1000)
        name = attribute(claims.token_id)
        self._last_use.note(record.id, name, record.private.get(name), written(used))


def _opened(claims: SessionClaims, visit: Visit) -> ListedSession:
    return ListedSession(
        id=claims.token_id,
        device=device_name(visit.user_agent) if visit is not _NOWHERE else "",
        network=network_of(visit.source) or "",
        created_at=claims.issued_at,
        used_at=claims.issued_at,
        expires_at=claims.expires_at,
        version=claims.version,
    )


def _no_room_to_end(record: UserRecord, ending: list[ListedSession], now: int) -> bool:
    """Whether ending these would overflow the list of ended sessions, which ends all: then the login does so first.

    Else the overflow would end the new session, too.
    """
    live = sum(expiry > now for expiry in record.revoked_sessions.values())
    return bool(ending) and live + len(ending) > MAX_REVOKED
