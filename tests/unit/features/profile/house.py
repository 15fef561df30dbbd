"""A profile flow over the memory store, with everything else in view."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.fakes import ADA, EventfulStore, EventList, JobList, ManualClock, OpenTokens, add, plain_syntax
from wicketgate.core.addresses import AddressBook
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import OneTimeLinks
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated
from wicketgate.core.users import UserRecord, email_claim
from wicketgate.features.profile.flow import ProfileFlow, ProfileLimits

HERE = "203.0.113.7"
SIGNUPS = Limit("signup", 2, 60_000)
MAILS = Limit("mail", 2, 60_000)
EVE = "eve@example.com"
NEW = "ada.king@example.com"


@dataclass
class House:
    """The flow and what it works with."""

    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    events: EventList = field(default_factory=EventList)
    jobs: JobList = field(default_factory=JobList)
    confirms: bool = False
    tells: bool = False

    def __post_init__(self) -> None:
        links = OneTimeLinks(self.store, [b"k" * 32], self.clock)
        self.addresses = AddressBook(
            self.store, links, self.jobs, self.clock, (), confirms=self.confirms, tells=self.tells
        )
        limits = ProfileLimits(SIGNUPS, MAILS)
        self.flow = ProfileFlow(self.store, self.addresses, plain_syntax, self.clock, self.events, limits)
        self.sessions = SessionBook(self.store, self.store, OpenTokens(), self.clock, 60)

    async def ada(self) -> Authenticated:
        """Ada's session, after adding her and Eve."""
        await add(self.store)
        await add(self.store, id="eve-id", email=EVE)
        return Authenticated(self.sessions.open(ADA).claims, ADA)

    async def now(self) -> UserRecord:
        """Ada as she is stored."""
        record = await self.store.get(ADA.id)
        assert record is not None
        return record

    async def owner(self, address: str) -> str | None:
        """Whom an address leads to."""
        record = await self.store.find(email_claim(address))
        return record.id if record else None
