"""A password flow over the memory store, with everything else in view."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.post import PostBox
from tests.unit.fakes import (
    EventfulStore,
    EventList,
    JobList,
    ManualClock,
    OpenApiTokens,
    OpenTokens,
    PlainHasher,
    plain_syntax,
)
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import OneTimeLinks
from wicketgate.core.outbox import Job
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sign_in import SignIn
from wicketgate.core.visits import Visit
from wicketgate.methods.password.change import ChangeFlow
from wicketgate.methods.password.flow import PasswordFlow, PasswordRules
from wicketgate.methods.password.method import PasswordMethod
from wicketgate.methods.password.recovery import RecoveryFlow, RecoveryRules
from wicketgate.methods.password.signing_up import SignUps

SIGNUPS, LOGINS, FAILURES, MAILS, LINKS, LETTERS = (
    Limit(name, most, 60_000)
    for name, most in (("signup", 2), ("login", 3), ("account", 2), ("mail", 2), ("link", 3), ("address", 2))
)
HERE = "203.0.113.7"
VISIT = Visit(HERE)


@dataclass
class House:
    """The flows and what they work with."""

    rules: PasswordRules = field(default_factory=lambda: PasswordRules(SIGNUPS, LOGINS, FAILURES))
    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    hasher: PlainHasher = field(default_factory=PlainHasher)
    jobs: JobList = field(default_factory=JobList)
    post: PostBox = field(default_factory=PostBox)
    events: EventList = field(default_factory=EventList)

    def __post_init__(self) -> None:
        self.sessions = SessionBook(self.store, self.store, OpenTokens(), self.clock, 60)
        sign_in = SignIn(self.sessions, OpenApiTokens())
        self.flow = PasswordFlow(
            self.store, self.hasher, self.jobs, sign_in, plain_syntax, self.clock, self.events, self.rules
        )
        allowance = MailAllowance(self.store, LETTERS, self.clock)
        self.changes = ChangeFlow(self.store, self.flow, sign_in, self.events)
        self.sign_ups = SignUps(self.store, self.jobs, self.post, allowance, self.clock, self.events)
        self.links = OneTimeLinks(self.store, [b"k" * 32], self.clock)
        self.recovery = RecoveryFlow(
            self.store,
            self.links,
            self.jobs,
            self.post,
            allowance,
            self.flow.new_passwords,
            plain_syntax,
            self.clock,
            self.events,
            RecoveryRules(MAILS, LINKS),
        )
        self.method = PasswordMethod(self.flow, self.changes, self.recovery, self.sign_ups)

    def job(self, number: int = -1, attempts: int = 1) -> Job:
        """A job that was added, the last one unless told, as whoever does it gets it."""
        kind, data = self.jobs.added[number]
        at = number % len(self.jobs.added)
        return Job(f"job-{at}", kind, data, self.clock(), attempts)
