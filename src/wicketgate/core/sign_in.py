"""The last mile that every method of signing in shares."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from wicketgate.core.arrivals import Arrivals
from wicketgate.core.devices import Devices
from wicketgate.core.ports import ApiTokenClaims, ApiTokens
from wicketgate.core.session_book import OpenSession
from wicketgate.core.users import UserRecord
from wicketgate.core.visits import Visit


class SignedIn(NamedTuple):
    """Someone who proved who they are, with all that they get for it. `device` is a mark for their browser."""

    record: UserRecord
    session: OpenSession
    api_token: str
    device: str | None = None


class OpensSessions(Protocol):
    """What gives a user a session."""

    async def admit(self, record: UserRecord, visit: Visit) -> OpenSession:
        """A new session of this user."""
        ...


class SignIn:
    """What follows once a method is sure who someone is. A second factor is asked for here and nowhere else."""

    def __init__(
        self,
        sessions: OpensSessions,
        api_tokens: ApiTokens,
        devices: Devices | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        self._sessions = sessions
        self._api_tokens = api_tokens
        self._devices = devices
        self._arrivals = arrivals

    async def finish(self, record: UserRecord, visit: Visit) -> SignedIn:
        """Opens the session. Every session is opened here, so that none is missing where they are listed."""
        session = await self._sessions.admit(record, visit)
        if self._arrivals is not None:
            known = self.known_browser(record.email, visit) is not None
            self._arrivals.note(record, visit, known_browser=known)
        mark = self._devices.mark(record.email) if self._devices is not None else None
        return SignedIn(record, session, self.api_token(record), mark)

    def known_browser(self, address: str, visit: Visit) -> str | None:
        """The name of a browser that has logged in by this address before, None for any other."""
        return self._devices.known(visit.device, address) if self._devices is not None else None

    def api_token(self, record: UserRecord) -> str:
        """The user's API token of today."""
        return self._api_tokens.derive(ApiTokenClaims(record.id, record.api_token_version))
