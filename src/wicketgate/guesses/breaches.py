"""Asks a range service whether a password is known from a breach, without telling it which password that is.

The service is sent the first five letters of the password's SHA-1, and answers with the rest of every digest that
begins so and how often each was seen. Padding hides from whoever watches the wire how long the answer is; its lines
have a count of 0 and mean nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from typing import Final

from wicketgate.core.clock import Clock
from wicketgate.core.events import Note

SECONDS: Final = 1.0
"""How long the service has to answer: somebody waits."""

KEPT_MS: Final = 3_600_000
"""How long an answer is believed."""

MOST_KEPT: Final = 32
"""Answers that are kept, of about 40 kB each."""

_PREFIX: Final = 5
_REST: Final = 35
_LONGEST_BODY: Final = 1_000_000
_HEADERS: Final = {"Add-Padding": "true", "User-Agent": "wicketgate"}
_LINE: Final = re.compile(rb"[0-9A-F]{35}:[0-9]+")


class RangeService:
    """The port `Breaches`. It fails open: when there is no proper answer in time, no password is refused."""

    def __init__(self, url: str, clock: Clock, note: Note, seconds: float = SECONDS) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        self._note = note
        self._seconds = seconds
        self._kept: OrderedDict[str, tuple[int, bytes]] = OrderedDict()

    async def include(self, password: str) -> bool:
        """Whether the password is known. That nobody could say is noted, without a letter of the digest."""
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        prefix, rest = digest[:_PREFIX], digest[_PREFIX:]
        known = self._remembered(prefix)
        if known is None:
            known = await self._asked(prefix)
        return known is not None and rest.encode() in known

    def _remembered(self, prefix: str) -> bytes | None:
        until, known = self._kept.get(prefix, (0, b""))
        if self._clock() >= until:
            return None
        self._kept.move_to_end(prefix)
        return known

    async def _asked(self, prefix: str) -> bytes | None:
        import aiohttp  # 60 ms that a service without this check never spends

        try:
            status, body = await self._fetched(prefix)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note("breach_check_failed", type(error).__name__, "warning")
            return None
        known = seen(body) if status == 200 else None
        if known is None:
            self._note("breach_check_failed", f"no list of digests, status {status}", "warning")
            return None
        self._kept[prefix] = (self._clock() + KEPT_MS, known)
        self._kept.move_to_end(prefix)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return known

    async def _fetched(self, prefix: str) -> tuple[int, bytes]:
        """Status and body, none where it is too long. No redirect is followed, since it may lead anywhere."""
        import aiohttp

        async with (
            asyncio.timeout(self._seconds),
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers=_HEADERS) as session,
            session.get(f"{self._url}/{prefix}", allow_redirects=False) as answer,
        ):
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > _LONGEST_BODY:
                    answer.close()
                    return answer.status, b""
            return answer.status, bytes(body)


def seen(body: bytes) -> bytes | None:
    """The digests of an answer that were seen at least once, in lines; None when it is no list of digests."""
    lines = body.upper().split()
    if not lines or not all(map(_LINE.fullmatch, lines)):
        return None
    return b"\n".join(line[:_REST] for line in lines if line[_REST + 1 :].strip(b"0"))
