"""Tells events to another service over HTTP, signed, one job each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

import msgspec

from wicketgate.core.clock import Clock, iso
from wicketgate.core.errors import GivenUp, WebhookRefused
from wicketgate.core.outbox import Job
from wicketgate.core.webhooks import signed

SECONDS: Final = 5.0
"""How long the other service has to answer."""

_GONE: Final = 410
_HEADERS: Final = {"Content-Type": "application/json", "User-Agent": "wicketgate"}


class Webhook:
    """Whom events are told to."""

    def __init__(self, url: str, key: bytes, clock: Clock, seconds: float = SECONDS) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._seconds = seconds

    async def deliver(self, job: Job) -> None:
        """Returns when the other service has taken the event.

        Raises WebhookRefused, TimeoutError or the client's own errors when it may do so later, GivenUp when it says
        that it never will (410). Nothing but the status is read, and no redirect is followed.
        """
        body = payload(job)
        status = await self._posted(body, signed(self._key, job.id, self._clock() // 1000, body))
        if status == _GONE:
            raise GivenUp("the webhook's receiver is gone (410)")
        if not 200 <= status < 300:
            raise WebhookRefused(f"the webhook's receiver answered {status}")

    async def _posted(self, body: bytes, headers: Mapping[str, str]) -> int:
        import aiohttp  # 60 ms that a service without a webhook never spends

        async with (
            asyncio.timeout(self._seconds),
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        ):
            answer = await session.post(self._url, data=body, headers={**_HEADERS, **headers}, allow_redirects=False)
            answer.close()  # Whatever it has to say more is not waited for.
            return answer.status


def payload(job: Job) -> bytes:
    """What is sent of an event: always the same bytes for one job."""
    known = dict(job.data)
    event, at = known.pop("event"), int(known.pop("at"))
    return msgspec.json.encode({"type": event, "timestamp": iso(at), "data": dict(sorted(known.items()))})
