"""A password flow over the memory store, with everything else in view."""

from __future__ import annotations

from dataclasses import dataclass, field

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
from wicketgate.core.limits import Limit
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sign_in import SignIn
from wicketgate.methods.password.flow import PasswordFlow, PasswordRules

SIGNUPS, LOGINS, FAILURES = (
    Limit(name, most, 60_000) for name, most in (("signup", 2), ("login", 3), ("account", 2))
)
HERE = "203.0.113.7"


@dataclass
class House:
    """The flow and what it works with."""

    rules: PasswordRules = field(default_factory=lambda: PasswordRules(SIGNUPS, LOGINS, FAILURES))
    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    hasher: PlainHasher = field(default_factory=PlainHasher)
    jobs: JobList = field(default_factory=JobList)
    events: EventList = field(default_factory=EventList)

    def __post_init__(self) -> None:
        self.sessions = SessionBook(self.store, self.store, OpenTokens(), self.clock, 60)
        sign_in = SignIn(self.sessions, OpenApiTokens())
        self.flow = PasswordFlow(
            self.store, self.hasher, self.jobs, sign_in, plain_syntax, self.clock, self.events, self.rules
        )
