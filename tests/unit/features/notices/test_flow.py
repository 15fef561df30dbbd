"""Telling users what happened."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.support.post import PostBox
from tests.unit.fakes import ADA, NOW_MS, JobList, ManualClock, add
from wicketgate.core.errors import MailRefused
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import Limit
from wicketgate.core.named_tokens import NamedToken, attribute, written
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Letter
from wicketgate.core.users import Edit
from wicketgate.features.notices.flow import NOTICE, NoticeKeeper, NoticeLetters
from wicketgate.stores.memory import MemoryStore

HERE = "203.0.113.7"
ALL = ("sign_in", "password", "email", "token")


@dataclass
class House:
    """Both halves of a notice, with the jobs between them."""

    categories: tuple[str, ...] = ALL
    most: int = 0
    store: MemoryStore = field(default_factory=MemoryStore)
    jobs: JobList = field(default_factory=JobList)
    post: PostBox = field(default_factory=PostBox)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = ManualClock()
        self.keep = NoticeKeeper(self.jobs, clock, self.categories, lambda *note: self.notes.append(note))
        self.letters = NoticeLetters(self.store, self.post, clock, Limit("notice", self.most, 60_000))

    async def deliver(self, attempts: int = 1) -> None:
        """Does the jobs that were left."""
        added, self.jobs.added = self.jobs.added, []
        for kind, data in added:
            assert kind == NOTICE
            await self.letters.send(Job("job", kind, data, NOW_MS, attempts))


async def house_of_ada(categories: tuple[str, ...] = ALL, most: int = 0) -> House:
    """A house that knows Ada."""
    house = House(categories, most)
    await add(house.store)
    return house


@pytest.mark.parametrize(
    ("event", "template", "values"),
    [
        (SecurityEvent("password_changed", ADA.id, HERE), "password_changed", {}),
        (SecurityEvent("password_changed", ADA.id, by_operator=True), "password_changed", {}),
        (SecurityEvent("password_reset", ADA.id, HERE), "password_changed", {}),
        (SecurityEvent("api_token_created", ADA.id, HERE, "gone"), "api_token_created", {"name": "API token"}),
        (SecurityEvent("api_token_rotated", ADA.id, HERE), "api_token_created", {"name": "API token"}),
        (
            SecurityEvent("new_sign_in", ADA.id, HERE, "Firefox on Linux"),
            "new_sign_in",
            {"network": "203.0.113.0/24", "time": "17 March 2030, 17:46 UTC", "device": "Firefox on Linux"},
        ),
    ],
)
async def test_a_notice_is_mailed(event: SecurityEvent, template: str, values: dict[str, str]) -> None:
    """Each event has its template and says what is known of it, to the user it happened to."""
    house = await house_of_ada()

    await house.keep(event)
    await house.deliver()

    assert house.post.letters == [Letter(ADA.email, template, values)]


async def test_a_new_token_is_told_by_its_name() -> None:
    """The event names the token by its id, which says nothing to a person."""
    house = await house_of_ada()
    token = NamedToken("b2theSBzdXJl", "Nightly report", (), NOW_MS // 1000)
    await house.store.edit(ADA.id, Edit(private={attribute(token.id): written(token)}))

    await house.keep(SecurityEvent("api_token_created", ADA.id, HERE, token.id))
    await house.deliver()

    assert house.post.letters == [Letter(ADA.email, "api_token_created", {"name": "Nightly report"})]


@pytest.mark.parametrize(
    "event",
    [
        SecurityEvent("login", ADA.id, HERE),
        SecurityEvent("email_changed", ADA.id, HERE),
        SecurityEvent("account_deleted", ADA.id, HERE),
        SecurityEvent("limit_hit", ADA.id, HERE, "login"),
        SecurityEvent("password_reset", None, HERE),
    ],
)
async def test_other_events_are_none_of_ours(event: SecurityEvent) -> None:
    """What others mail about, what nobody is mailed about, and what happened to nobody."""
    house = await house_of_ada()

    await house.keep(event)

    assert house.jobs.added == []


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("password", "password_changed"),
        ("password", "password_reset"),
        ("token", "api_token_created"),
        ("token", "api_token_rotated"),
        ("sign_in", "new_sign_in"),
    ],
)
async def test_each_category_can_be_turned_off(category: str, name: str) -> None:
    """Only a category that is named is told."""
    on = await house_of_ada((category,))
    off = await house_of_ada(tuple(other for other in ALL if other != category))

    for house in (on, off):
        await house.keep(SecurityEvent(name, ADA.id, HERE))

    assert (len(on.jobs.added), len(off.jobs.added)) == (1, 0)


async def test_it_goes_to_the_address_of_then() -> None:
    """The address is looked up when the mail is sent, so a job holds none."""
    house = await house_of_ada()
    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))
    held = str(house.jobs.added)
    await house.store.edit(ADA.id, Edit(fields={"email": "countess@example.com"}))

    await house.deliver()

    assert "@" not in held
    assert [letter.to for letter in house.post.letters] == ["countess@example.com"]


async def test_whoever_has_left_gets_no_mail() -> None:
    """The job is done when there is no user."""
    house = House()
    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))

    await house.deliver()

    assert house.post.letters == []


async def test_no_mail_storm() -> None:
    """Of one kind only so many are sent in a window; another kind is not held up by that."""
    house = await house_of_ada(most=2)
    for _ in range(4):
        await house.keep(SecurityEvent("new_sign_in", ADA.id, HERE, "Firefox"))
    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))

    await house.deliver()

    assert [letter.template for letter in house.post.letters] == ["new_sign_in", "new_sign_in", "password_changed"]


async def test_a_notice_that_is_tried_again_has_its_room() -> None:
    """A mail server that is down spends nothing more of the limit, so no notice is lost to it."""
    house = await house_of_ada(most=1)
    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))
    again = list(house.jobs.added)
    house.post.fault = MailRefused("busy")
    with pytest.raises(MailRefused):
        await house.deliver()
    house.post.fault = None
    house.jobs.added = again

    await house.deliver(attempts=2)

    assert len(house.post.letters) == 1


async def test_a_store_out_of_reach_fails_nothing() -> None:
    """What was done is done; that its owner will not hear of it is in the log."""
    house = House()

    async def fails(kind: str, data: object) -> None:
        raise RuntimeError("of ada@example.com")

    house.jobs.add = fails  # type: ignore[method-assign]

    await house.keep(SecurityEvent("password_changed", ADA.id, HERE))

    assert house.notes == [("notice_lost", f"password_changed of {ADA.id}: RuntimeError", "error")]
