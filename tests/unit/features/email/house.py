"""Everything about addresses over the memory store, with everything else in view."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.post import PostBox
from tests.unit.fakes import ADA, EventfulStore, EventList, JobList, ManualClock, add, plain_syntax
from wicketgate.core.addresses import AddressBook
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import UNDO, OneTimeLinks
from wicketgate.core.outbox import Job
from wicketgate.core.users import VERIFIED_EMAIL, UserRecord, email_claim
from wicketgate.features.email.flow import EmailFlow, EmailLimits
from wicketgate.features.email.letters import EmailLetters

HERE = "203.0.113.7"
NEW = "ada.king@example.com"
THIRD = "countess@example.com"
EVE = "eve@example.com"
LINKS, MAILS, ADDRESS = (Limit(name, 2, 60_000) for name in ("link", "mail", "address"))
CONFIRMED = {**ADA.private, VERIFIED_EMAIL: ADA.email}


@dataclass
class House:
    """The flow, the letters, and what they work with."""

    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    events: EventList = field(default_factory=EventList)
    jobs: JobList = field(default_factory=JobList)
    post: PostBox = field(default_factory=PostBox)
    confirms: bool = True
    tells: bool = True

    def __post_init__(self) -> None:
        self.links = OneTimeLinks(self.store, [b"k" * 32], self.clock)
        self.book = AddressBook(
            self.store, self.links, self.jobs, self.clock, ("passwordHash",), confirms=self.confirms, tells=self.tells
        )
        limits = EmailLimits(LINKS, MAILS)
        self.flow = EmailFlow(
            self.store, self.links, self.book, self.jobs, plain_syntax, self.clock, self.events, limits
        )
        allowance = MailAllowance(self.store, ADDRESS, self.clock)
        self.letters = EmailLetters(self.store, self.links, self.post, allowance, self.clock)

    async def ada(self, *, confirmed: bool = True) -> UserRecord:
        """Ada, after adding her and Eve."""
        await add(self.store, id="eve-id", email=EVE)
        return await add(self.store, private=CONFIRMED if confirmed else ADA.private)

    async def now(self) -> UserRecord:
        """Ada as she is stored."""
        record = await self.store.get(ADA.id)
        assert record is not None
        return record

    async def owner(self, address: str) -> str | None:
        """Whom an address leads to."""
        record = await self.store.find(email_claim(address))
        return record.id if record else None

    async def deliver(self) -> None:
        """Does the jobs that were added."""
        added, self.jobs.added = self.jobs.added, []
        for number, (kind, data) in enumerate(added):
            await self.letters.handlers[kind](Job(f"job-{number}", kind, data, 0, attempts=1))

    async def linked(self, purpose: str, payload: str, seed: str = "seed") -> str:
        """The token of a link that Ada has from now on."""
        token = self.links.token(purpose, ADA.id, seed)
        await self.store.play(ADA.id, self.links.kept(purpose, token, 60, payload))
        return token

    async def move(self, address: str) -> UserRecord:
        """Ada at another address."""
        moved = await self.book.move(await self.now(), address, {})
        assert moved is not None
        return moved

    async def way_back(self) -> str:
        """The token of the link that the newest change has made."""
        _, data = self.jobs.added[-1]
        return self.links.token(UNDO, ADA.id, data["seed"])
