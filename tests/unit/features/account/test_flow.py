"""Leaving: every session at once, or for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.support.faulty import FaultyStore
from tests.support.post import PostBox
from tests.unit.fakes import ADA, NOW_MS, EventfulStore, EventList, JobList, ManualClock, OpenTokens, add, spend
from wicketgate.core import fields
from wicketgate.core.audit import AuditEntry
from wicketgate.core.errors import InvalidInput, NotAuthenticated, Problem, StoreUnavailable, TooManyRequests
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.one_time import UNDO, attribute
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Letter
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sessions import Authenticated
from wicketgate.core.users import UserRecord, email_claim
from wicketgate.core.visits import Visit
from wicketgate.features.account.flow import AccountFlow, AccountLetters, AccountStore

HERE = "203.0.113.7"
VISIT = Visit(HERE)
MAILS = Limit("mail", 2, 60_000)
WRONG = InvalidInput(Problem("This is not your password", "password"))


@dataclass
class House:
    """The flow and what it works with. The password is always `right`."""

    mail: bool = True
    store: EventfulStore = field(default_factory=EventfulStore)
    clock: ManualClock = field(default_factory=ManualClock)
    events: EventList = field(default_factory=EventList)
    jobs: JobList = field(default_factory=JobList)

    def __post_init__(self) -> None:
        self.sessions = SessionBook(self.store, self.store, OpenTokens(), self.clock, 60)
        self.flow = self.flow_on(self.store)
        self.proved: list[Any] = []

    def flow_on(self, store: AccountStore) -> AccountFlow:
        """The flow on a store that may be in trouble."""
        return AccountFlow(
            store, self.sessions, self.prove, self.jobs, self.clock, self.events, MAILS, tells=self.mail
        )

    async def prove(self, record: UserRecord, password: str, visit: Visit) -> None:
        self.proved.append((record.id, password, visit))
        if password != "right":
            raise WRONG

    def job(self) -> Job:
        """The one that was left."""
        ((kind, data),) = self.jobs.added
        return Job("job-1", kind, data, 0)

    async def ada(self, **changes: Any) -> Authenticated:
        """Ada's session, after adding her and something that happened to her."""
        record = await add(self.store, **changes)
        await add(self.store, id="eve-id", email="eve@example.com")
        for user in (record.id, "eve-id"):
            await self.store.note_audit(AuditEntry(user, NOW_MS, "signup", NOW_MS))
        return Authenticated((await self.sessions_of(record)).claims, record)

    async def sessions_of(self, record: UserRecord) -> Authenticated:
        """A session of a user, as its token stands for it."""
        opened = self.sessions.open(record)
        return Authenticated(opened.claims, record)

    async def trail(self, user_id: str) -> Sequence[AuditEntry]:
        """What is kept of what happened to a user."""
        return await self.store.audit_of(user_id, 0, NOW_MS)


async def test_logging_out_everywhere_ends_every_session() -> None:
    """The session that asks and all others are dead, and it is an event."""
    house = House()
    session = await house.ada()
    other = await house.sessions_of(session.record)

    await house.flow.log_out_everywhere(session, HERE)

    for ended in (session, other):
        with pytest.raises(NotAuthenticated):
            await house.sessions.check(ended.claims.token_id)
    assert house.events.events == [SecurityEvent("sessions_ended", ADA.id, HERE)]


async def test_a_user_who_is_gone_has_no_sessions() -> None:
    """Somebody deleted meanwhile is told that they are logged out."""
    house = House()
    session = await house.ada()
    await house.store.delete(ADA.id)

    with pytest.raises(NotAuthenticated):
        await house.flow.log_out_everywhere(session, HERE)

    assert house.events.events == []


async def test_deleting_removes_everything() -> None:
    """User, address and trail are gone, those of others stay, and a letter is on its way."""
    house = House()
    session = await house.ada()

    await house.flow.delete(session, "right", VISIT)

    assert await house.store.get(ADA.id) is None
    assert await house.store.find(email_claim(ADA.email)) is None
    assert (len(await house.trail(ADA.id)), len(await house.trail("eve-id"))) == (0, 1)
    assert house.events.events == [SecurityEvent("account_deleted", ADA.id, HERE)]
    ((kind, data),) = house.jobs.added
    assert (kind, data["user"], data["email"]) == ("account_deleted", ADA.id, ADA.email)


async def test_a_deletion_counts_as_a_mail() -> None:
    """Each takes one off what its source may have sent; once that is spent, nothing is deleted."""
    house = House()
    await house.store.take(MAILS, HERE, NOW_MS)
    session = await house.ada()
    await house.flow.delete(session, "right", VISIT)
    again = await add(house.store, id="again-id")

    with pytest.raises(TooManyRequests) as caught:
        await house.flow.delete(await house.sessions_of(again), "right", VISIT)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("mail", 60_000)
    assert await house.store.get("again-id") is not None
    assert house.events.events[-1] == SecurityEvent("limit_hit", "again-id", HERE, "mail")


async def test_a_deletion_that_nobody_is_told_of_asks_no_limit() -> None:
    """Without mail it is free, and so it is for whoever runs the service."""
    silent, told = House(mail=False), House()
    for house in (silent, told):
        await spend(house.store, MAILS, HERE)

    await silent.flow.delete(await silent.ada(), "right", VISIT)
    await told.flow.remove((await told.ada()).record, by_operator=True)

    assert (await silent.store.get(ADA.id), await told.store.get(ADA.id)) == (None, None)


async def test_deleting_needs_the_password() -> None:
    """A wrong password deletes nothing, and the proof is asked with the source."""
    house = House()
    session = await house.ada()

    with pytest.raises(InvalidInput) as caught:
        await house.flow.delete(session, "wrong", VISIT)

    assert caught.value is WRONG
    assert house.proved == [(ADA.id, "wrong", VISIT)]
    assert await house.store.get(ADA.id) == ADA
    assert house.events.events == []


async def test_deleting_twice_is_once() -> None:
    """Of two deletions the second has nothing to do, and sends no letter."""
    house = House()
    session = await house.ada()
    await house.flow.delete(session, "right", VISIT)

    with pytest.raises(NotAuthenticated):
        await house.flow.delete(session, "right", VISIT)

    assert len(house.jobs.added) == 1


async def test_a_trail_that_cannot_be_forgotten_now_is_forgotten_by_the_job() -> None:
    """Whoever deletes an account is told so although the store is gone in the middle of it, and nothing is left."""
    house = House()
    session = await house.ada()
    post = PostBox()
    store = FaultyStore(house.store, "forget_audit", outcome=unavailable)
    await house.flow_on(store).delete(session, "right", VISIT)
    left = len(await house.trail(ADA.id))

    await AccountLetters(house.store, post, house.clock).deleted(house.job())

    assert (left, len(await house.trail(ADA.id)), len(post.letters)) == (1, 0, 1)


async def test_the_job_that_made_the_account_goes_with_it() -> None:
    """A sign-up that waits to be done again makes nobody anew; the jobs of others stay."""
    house = House()
    session = await house.ada()
    for job_id in (ADA.id, "eve-id"):
        await house.store.put_job(Job(job_id, "sign_up", {}, NOW_MS))

    await house.flow.delete(session, "right", VISIT)

    assert [job.id for job in await house.store.jobs(9)] == ["eve-id"]


@pytest.mark.parametrize("lost", ["drop_job", "forget_audit"])
async def test_what_could_not_be_forgotten_then_is_forgotten_by_the_job_before_it_says_so(lost: str) -> None:
    """The letter is not sent while something is left: the job is tried again."""
    house = House()
    session = await house.ada()
    await house.store.put_job(Job(ADA.id, "sign_up", {}, NOW_MS))
    post = PostBox()
    store = FaultyStore(house.store, lost, outcome=unavailable)
    letters = AccountLetters(store, post, house.clock)
    await house.flow_on(store).delete(session, "right", VISIT)

    with pytest.raises(StoreUnavailable):
        await letters.deleted(house.job())
    store.failing = set()
    written = len(post.letters)
    await letters.deleted(house.job())

    assert (written, len(post.letters)) == (0, 1)
    assert (await house.trail(ADA.id), await house.store.jobs(9)) == ([], [])


async def unavailable(method: str) -> None:
    """The store is out of reach."""
    raise StoreUnavailable(method)


async def test_a_deletion_that_came_to_nothing_changes_nothing() -> None:
    """The job of a deletion that did not happen forgets nothing and says no goodbye."""
    house = House()
    session = await house.ada()
    post = PostBox()
    await house.flow.delete(session, "right", VISIT)
    await add(house.store)
    await house.store.note_audit(AuditEntry(ADA.id, NOW_MS, "signup", NOW_MS))

    await AccountLetters(house.store, post, house.clock).deleted(house.job())

    assert (len(await house.trail(ADA.id)), post.letters) == (1, [])


async def test_an_operator_needs_no_password() -> None:
    """Whoever runs the service removes an account as its owner would, and the event says who it was."""
    house = House()
    session = await house.ada()

    await house.flow.remove(session.record, by_operator=True)

    with pytest.raises(NotAuthenticated):
        await house.flow.remove(session.record, by_operator=True)
    assert house.events.events == [SecurityEvent("account_deleted", ADA.id, by_operator=True)]


@pytest.mark.parametrize(
    "created_at",
    ["", "last week", "1970-01-01T00:00:00.000Z", ADA.created_at, "2030-03-19T00:00:00.000Z", "2099-12-31"],
)
async def test_the_whole_trail_goes(created_at: str) -> None:
    """Whatever is known of when the account began, nothing that happened to it is kept."""
    house = House()
    session = await house.ada(created_at=created_at)

    await house.flow.remove(session.record)

    assert await house.trail(ADA.id) == []


@pytest.mark.parametrize("mail", [True, False])
async def test_the_last_letter(mail: bool) -> None:
    """It says that the account is gone, and holds nothing of it; without mail no address is kept for it."""
    house = House(mail=mail)
    session = await house.ada()
    post = PostBox()
    await house.flow.delete(session, "right", VISIT)

    await AccountLetters(house.store, post, house.clock).deleted(house.job())

    assert post.letters == [Letter(ADA.email, "account_deleted", {})] * mail
    assert (ADA.email in house.job().data.values()) is mail


@pytest.mark.parametrize(
    ("seconds", "told"), [(1, [ADA.email, "ada@before.example"]), (0, [ADA.email]), (-1, [ADA.email])]
)
async def test_the_address_of_before_is_told_too(seconds: int, told: list[str]) -> None:
    """While a way back is open its address gets a letter of its own, whatever becomes of the other."""
    way_back = f"{NOW_MS // 1000 + seconds}.digest.ada@before.example"
    house = House()
    session = await house.ada(private={attribute(UNDO): way_back})

    await house.flow.delete(session, "right", VISIT)

    assert sorted(data["email"] for _, data in house.jobs.added) == sorted(told)
    assert {(kind, data["user"]) for kind, data in house.jobs.added} == {("account_deleted", ADA.id)}


async def test_without_mail_no_address_of_before_is_kept() -> None:
    """A way back of days with mail leaves one job, and no address in it."""
    house = House(mail=False)
    session = await house.ada(private={attribute(UNDO): f"{NOW_MS // 1000 + 1}.digest.ada@before.example"})

    await house.flow.delete(session, "right", VISIT)

    assert set(house.job().data) == {"user", "since"}


def test_a_password_is_asked_for() -> None:
    """A deletion without a password is refused with its field, and no other rule applies."""
    rules = House().flow.deletion_rules

    with pytest.raises(InvalidInput) as caught:
        fields.check(rules, {"password": ""})

    assert caught.value.problems == (Problem("Password is required", "password"),)
    assert fields.check(rules, {"password": "x"}) == {"password": "x"}


async def test_others_are_left_alone() -> None:
    """Deleting one account takes nothing of another."""
    house = House()
    session = await house.ada()
    eve = await house.store.get("eve-id")

    await house.flow.delete(session, "right", VISIT)

    assert await house.store.get("eve-id") == eve == replace(ADA, id="eve-id", email="eve@example.com")
