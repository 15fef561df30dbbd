"""Who is calling, and whether a page of somebody else made the browser call.

The dispatcher asks this for the service's own routes, `wicketgate.fastapi` for those of the application around it.
"""

from __future__ import annotations

import hmac

from wicketgate.core import origin
from wicketgate.core.errors import AccessDenied, NotAuthenticated
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.credentials import Credential, credential
from wicketgate.web.http import Head


class Guard:
    """The checks that go before a handler. `own_origin` is None where the request's own must do."""

    def __init__(
        self, sessions: SessionBook, cookies: SessionCookies, own_origin: str | None, other_origins: frozenset[str]
    ) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._own_origin = own_origin
        self._other_origins = other_origins

    def refuse_cross_site(self, head: Head) -> None:
        """Raises AccessDenied when the request comes from where it must not."""
        provenance = origin.Provenance(
            method=head.method,
            fetch_site=head.header(b"sec-fetch-site"),
            origin=head.header(b"origin"),
            own_origin=self._own_origin or _origin_of(head),
        )
        if not origin.allowed(provenance, self._other_origins):
            raise AccessDenied

    async def session(self, head: Head) -> tuple[Authenticated, Credential]:
        """The caller's live session and what it was shown by. Raises NotAuthenticated."""
        shown = credential(head, self._cookies.session)
        if shown is None:
            raise NotAuthenticated
        return await self._sessions.check(shown.token), shown

    def has_cookie(self, head: Head) -> bool:
        """Whether the request brings a session's cookie, good or not."""
        return self._cookies.session in head.cookies

    def api_token(self, head: Head) -> str:
        """The API token of the request, which no cookie carries. Raises NotAuthenticated."""
        shown = credential(head, None)
        if shown is None:
            raise NotAuthenticated
        return shown.token

    def refuse_forgery(self, head: Head, shown: Credential, session: Authenticated) -> None:
        """Raises AccessDenied for a cookie that came without the session's CSRF token. For unsafe requests."""
        if not shown.from_cookie:
            return
        sent = head.headers.get(b"x-csrf-token", b"")
        if not hmac.compare_digest(sent, self._sessions.csrf(session).encode()):
            raise AccessDenied


def _origin_of(head: Head) -> str:
    own = f"{head.scheme}://{head.header(b'host') or ''}"
    return origin.normalise(own) or own
