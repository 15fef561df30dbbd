"""Where mail and events go that the service sends in an hour, kept so that looking for one stays cheap."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any, Final

from aiohttp import web

from tests.support.mail_server import MailServer, Received
from tests.support.receiver import Receiver, says

_REFUSING: Final = says(503)


class Mailbox(MailServer):
    """A mail server that knows its mail by address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.subjects: dict[str, list[str]] = defaultdict(list)
        self._sorted: dict[str, list[Received]] = defaultdict(list)

    def to(self, address: str) -> list[Received]:
        """What came for an address."""
        while self.received:
            mail = self.received.pop()
            self._sorted[mail.to].append(mail)
            self.subjects[mail.to].append(str(mail.message["Subject"]))
        return self._sorted.get(address, [])

    def forget(self, address: str) -> None:
        """Nobody looks for this any more."""
        self.to(address)
        self._sorted.pop(address, None)


class Told:
    """How often each event of each user was told to the receiver of webhooks, and whether it is up."""

    def __init__(self, receiver: Receiver) -> None:
        self.events: dict[str, Counter[str]] = defaultdict(Counter)
        self.up = True
        self._receiver = receiver
        self._seen: set[str] = set()
        receiver.answer = self._answer

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = self._receiver.bodies[-1]
        self._receiver.bodies.clear()
        self._receiver.requests.clear()
        if not self.up:
            return await _REFUSING(request)
        number = request.headers["webhook-id"]
        if number not in self._seen:
            self._seen.add(number)
            said = json.loads(body)
            self.events[said["data"]["user"]][said["type"]] += 1
        return web.Response(status=204)
