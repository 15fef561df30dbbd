"""The session's two cookies, and the mark of a browser.

Outside development they carry the `__Host-` prefix, which a sibling domain cannot set.
"""

from __future__ import annotations

import hmac
from dataclasses import replace

from wicketgate.core.devices import LIFETIME
from wicketgate.core.session_book import OpenSession
from wicketgate.core.sign_in import SignedIn
from wicketgate.core.visits import Visit
from wicketgate.web.credentials import credential
from wicketgate.web.endpoint import Call
from wicketgate.web.http import Header


class SessionCookies:
    """Sets, reads and clears the cookies of a session. `max_age` is in seconds."""

    def __init__(self, *, production: bool, max_age: int) -> None:
        prefix = "__Host-" if production else ""
        self.session = f"{prefix}auth_token"
        self.csrf = f"{prefix}csrf_token"
        self.device = f"{prefix}device"
        self._tail = "; Path=/; SameSite=Strict" + ("; Secure" if production else "")
        self._max_age = max_age

    def opened(self, session: OpenSession) -> tuple[Header, Header]:
        """Both cookies of a new session. The page may read the second one and sends it back in a header."""
        return (
            self._set(f"{self.session}={session.token}; Max-Age={self._max_age}", "; HttpOnly"),
            self._set(f"{self.csrf}={session.csrf_token}; Max-Age={self._max_age}"),
        )

    def signed_in(self, call: Call, signed_in: SignedIn) -> tuple[Header, ...]:
        """All that a login sets: the session's cookies, and the mark by which the browser is known next time."""
        session, mark = signed_in.session, signed_in.device
        device = () if mark is None else (self._set(f"{self.device}={mark}; Max-Age={LIFETIME}", "; HttpOnly"),)
        return (*self.opened(session), *device, *self.told(call, session.csrf_token))

    def replaced(self, call: Call, signed_in: SignedIn) -> tuple[Header, ...]:
        """What a login sets, for a session in place of the caller's; nothing beside the cookie of another session."""
        return () if self._beside(call) else self.signed_in(call, signed_in)

    def ended(self, call: Call) -> tuple[Header, ...]:
        """The cookies of the caller's session gone; nothing beside the cookie of another session."""
        return () if self._beside(call) else (*self.cleared(), *self.told(call, ""))

    def told(self, call: Call, csrf_token: str) -> tuple[Header, ...]:
        """The CSRF token in a header, for a page of another origin; an empty one when the session has ended."""
        return ((b"x-csrf-token", csrf_token.encode()),) if call.foreign else ()

    def visit(self, call: Call) -> Visit:
        """Where the caller comes from, with the browser's mark if it sent one, for a call that brings a password."""
        return replace(call.visit, device=call.request.cookies.get(self.device, ""))

    def cleared(self) -> tuple[Header, Header]:
        """Both cookies of the session gone. The browser's mark stays: it is for the next login."""
        return self._set(f"{self.session}=; Max-Age=0", "; HttpOnly"), self._set(f"{self.csrf}=; Max-Age=0")

    def _beside(self, call: Call) -> bool:
        """Whether the call brings a cookie that nobody looked at, since `Authorization` shows another token."""
        cookie = call.request.cookies.get(self.session)
        if cookie is None:
            return False
        shown = credential(call.request, None)
        return shown is not None and not hmac.compare_digest(shown.token.encode(), cookie.encode())

    def _set(self, pair: str, extra: str = "") -> Header:
        return b"set-cookie", f"{pair}{self._tail}{extra}".encode()
