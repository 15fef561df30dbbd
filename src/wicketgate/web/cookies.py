"""The two cookies. Outside development they carry the `__Host-` prefix, which a sibling domain cannot set."""

from __future__ import annotations

from wicketgate.core.session_book import OpenSession
from wicketgate.web.http import Header


class SessionCookies:
    """Sets, reads and clears the cookies of a session. `max_age` is in seconds."""

    def __init__(self, *, production: bool, max_age: int) -> None:
        prefix = "__Host-" if production else ""
        self.session = f"{prefix}auth_token"
        self.csrf = f"{prefix}csrf_token"
        self._tail = "; Path=/; SameSite=Strict" + ("; Secure" if production else "")
        self._max_age = max_age

    def opened(self, session: OpenSession) -> tuple[Header, Header]:
        """Both cookies of a new session. The page may read the second one and sends it back in a header."""
        return (
            self._set(f"{self.session}={session.token}; Max-Age={self._max_age}", "; HttpOnly"),
            self._set(f"{self.csrf}={session.csrf_token}; Max-Age={self._max_age}"),
        )

    def cleared(self) -> tuple[Header, Header]:
        """Both cookies gone."""
        return self._set(f"{self.session}=; Max-Age=0", "; HttpOnly"), self._set(f"{self.csrf}=; Max-Age=0")

    def _set(self, pair: str, extra: str = "") -> Header:
        return b"set-cookie", f"{pair}{self._tail}{extra}".encode()
