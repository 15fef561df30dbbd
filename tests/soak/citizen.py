"""Somebody who uses the service for as long as it takes, and is asked later whether all still holds."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.faults.danger import Deed, at_once
from tests.faults.people import Ask, Person, Town
from tests.soak.journal import Wire
from tests.support.service import Caller, bearer

_SOURCE: Final = "X-Forwarded-For"
_ANOTHER: Final = 1.0
"""Seconds in which another mail may come, whose link is then the good one: a lost answer was asked for again."""

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many seconds somebody waits for a mail, and after how many everything that waits is hurried, if ever."""

    patience: float
    hurry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a user was told to have done, what the trail has of it, and the mails that are to come."""

    user: str
    events: Counter[str]
    noted: Counter[str]
    owed: Counter[tuple[str, str]]


@asynccontextmanager
async def no_trouble() -> AsyncIterator[None]:
    """What goes wrong here is the city's affair."""
    yield


class Citizen(Person):
    """A person whose every call is noted."""

    def __init__(self, town: Town, wire: Wire, waiting: Waiting) -> None:
        self._wire = wire
        self._waiting = waiting
        self.addresses: list[str] = []
        super().__init__(town)

    def somewhere_else(self) -> Caller:
        """A client at a network address that nobody has used."""
        headers = {_SOURCE: _fresh_source()}
        return Caller(transport=self._wire, base_url=self.town.url, headers=headers, timeout=20)

    async def succeed(self, ask: Ask) -> Any:
        """What is said when it works. Who has asked a store in trouble until a limit is spent goes elsewhere."""
        while (answer := await self.sure(ask)).status_code == 429:
            self.http.headers[_SOURCE] = _fresh_source()
        assert answer.status_code in (200, 201), (answer.status_code, answer.text)
        return answer.json()

    def fresh_email(self) -> str:
        """An address that nobody has."""
        self.addresses.append(super().fresh_email())
        return self.addresses[-1]

    async def link_to(self, address: str, about: str) -> str:
        """The token of the newest link that came to an address, which may take as long as a lease of the outbox."""
        since, hurried = time.monotonic(), False
        while not any(about in mail.message["Subject"] for mail in self.town.mail.to(address)):
            waited = time.monotonic() - since
            if waited > self._waiting.patience:
                break
            if self._waiting.hurry_after is not None and waited > self._waiting.hurry_after and not hurried:
                hurried = True
                await self.town.hurry()
            await asyncio.sleep(0.1)
        await asyncio.sleep(_ANOTHER)
        return await super().link_to(address, about)

    async def does(self, deed: Deed) -> None:
        """Does something, and finds out what has become of it."""
        await at_once(deed, [self], no_trouble, 0)

    async def reads(self) -> None:
        """Looks at the profile and at a token; now and then mistypes the password, or ends a session."""
        assert (await self.shown())["email"] == self.email
        assert await self.opens_api(self.api_token)
        chance = random.random()
        if chance < 0.04:
            assert not await self.opens(self.email, "no such password")
        elif chance < 0.08:
            ending, self.session = self.session, await self.log_in()
            await self.succeed(lambda: self.http.log_out(ending))
            assert not await self.alive(ending)

    async def settle(self) -> Settled:
        """Holds the service to what it has told, some time ago. What is to come by itself may not have come yet."""
        await self.check(trail=False)
        if self.gone:
            return Settled("", Counter(), Counter(), self.owed)
        user = (await self.shown())["id"]
        said = await self.succeed(lambda: self.http.get("/api/auth/activity", headers=bearer(self.session)))
        return Settled(user, self.events, Counter(entry["event"] for entry in said["events"]), self.owed)


def _fresh_source() -> str:
    number = next(_numbers)
    return f"11.{number >> 16}.{number >> 8 & 255}.{number & 255}"
