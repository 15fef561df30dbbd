"""Who is written to about addresses, and what."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add
from tests.unit.features.email.house import EVE, HERE, NEW, House
from wicketgate.core.addresses import WEEK
from wicketgate.core.errors import MailRefused
from wicketgate.core.one_time import CHANGE, UNDO, VERIFY
from wicketgate.core.outbox import Job


def job(kind: str, attempts: int = 1, **data: str) -> Job:
    """A job as it is begun."""
    return Job("job-1", kind, data, 0, attempts)


def letters(house: House) -> list[tuple[str, str]]:
    """To whom went which letter."""
    return [(letter.to, letter.template) for letter in house.post.letters]


@pytest.mark.parametrize("kind", ["verify_email", "resend_email"])
async def test_an_address_is_asked_to_confirm(kind: str) -> None:
    """The letter has a link that confirms the address."""
    house = House()
    await house.ada(confirmed=False)

    await house.letters.handlers[kind](job(kind, user=ADA.id, email=ADA.email))

    assert letters(house) == [(ADA.email, "verify_email")]
    assert (await house.links.find(VERIFY, house.post.token(ADA.email))).payload == ADA.email


@pytest.mark.parametrize("kind", ["verify_email", "resend_email"])
@pytest.mark.parametrize("who", ["confirmed", "nobody"])
async def test_nobody_is_asked_without_need(kind: str, who: str) -> None:
    """A confirmed address and one that nobody has get no letter."""
    house = House()
    if who == "confirmed":
        await house.ada()

    await house.letters.handlers[kind](job(kind, user=ADA.id, email=ADA.email))

    assert letters(house) == []


async def test_an_address_of_before_is_not_asked() -> None:
    """An address that is only kept for the way back is no address to confirm."""
    house = House()
    await house.ada()
    await house.move(NEW)

    await house.letters.resend(job("resend_email", email=ADA.email))

    assert letters(house) == []


async def test_a_user_deleted_meanwhile_gets_no_letter() -> None:
    """Who is gone before the link could be kept is not written to."""
    house = House()
    await house.ada(confirmed=False)
    house.store.meanwhile = [lambda: house.store.delete(ADA.id)]

    await house.letters.verify(job("verify_email", user=ADA.id))

    assert letters(house) == []


async def test_a_letter_sent_twice_says_the_same() -> None:
    """A job that is done again after a fault sends the same link, and the address has been counted already."""
    house = House()
    await house.ada(confirmed=False)
    house.post.fault = MailRefused("later")
    with pytest.raises(MailRefused):
        await house.letters.verify(job("verify_email", user=ADA.id))
    house.post.fault = None

    for attempt in (2, 3, 4):
        await house.letters.verify(job("verify_email", attempt, user=ADA.id))

    assert len({letter.values["link"] for letter in house.post.letters}) == 1
    assert len(house.post.letters) == 3


@pytest.mark.parametrize("kind", ["verify_email", "change_email"])
async def test_an_address_gets_so_much_and_no_more(kind: str) -> None:
    """Letters beyond the limit of an address are not sent."""
    house = House()
    record = await house.ada(confirmed=False)

    for _ in range(4):
        if kind == "change_email":
            await house.book.ask(record, NEW, {})
            await house.deliver()
        else:
            await house.letters.verify(job(kind, user=ADA.id))

    assert len(house.post.letters) == 2


async def test_a_free_address_gets_a_link() -> None:
    """The new address gets the link that makes it count."""
    house = House()
    record = await house.ada()
    await house.book.ask(record, NEW, {})

    await house.deliver()

    assert letters(house) == [(NEW, "change_email")]
    assert (await house.links.find(CHANGE, house.post.token(NEW))).payload == NEW


async def test_a_taken_address_gets_none() -> None:
    """The owner of a taken address is told, without a link."""
    house = House()
    record = await house.ada()
    await house.book.ask(record, EVE, {})

    await house.deliver()

    assert letters(house) == [(EVE, "change_email_taken")]
    assert house.post.last(EVE).values == {}


async def test_a_replaced_wish_is_not_written_about() -> None:
    """When another address was asked for meanwhile, only that one gets a letter."""
    house = House()
    record = await house.ada()
    await house.book.ask(record, EVE, {})
    await house.book.ask(record, NEW, {})

    await house.deliver()

    assert letters(house) == [(NEW, "change_email")]


async def test_ones_own_kept_address_is_free() -> None:
    """Who moves back to the address of before gets a link there."""
    house = House()
    await house.ada()
    moved = await house.move(NEW)
    house.jobs.added.clear()
    await house.book.ask(moved, ADA.email, {})

    await house.deliver()

    assert letters(house) == [(ADA.email, "change_email")]


@pytest.mark.parametrize(("later", "template"), [(WEEK, "change_email"), (WEEK - 1, "change_email_taken")])
async def test_anothers_kept_address_is_free_after_its_week(later: int, template: str) -> None:
    """An address that is kept for somebody is taken until its time is over."""
    house = House()
    await house.ada()
    await house.move(NEW)
    house.jobs.added.clear()
    house.clock.now_ms += later * 1000
    eve = await house.store.get("eve-id")
    assert eve is not None
    await house.book.ask(eve, ADA.email, {})

    await house.deliver()

    assert letters(house) == [(ADA.email, template)]


async def test_the_old_address_gets_the_way_back() -> None:
    """The letter to the address of before has a link that leads back there."""
    house = House()
    await house.ada()
    await house.move(NEW)

    await house.deliver()

    assert letters(house) == [(ADA.email, "email_changed")]
    assert (await house.links.find(UNDO, house.post.token(ADA.email))).payload == ADA.email


async def test_an_address_never_confirmed_gets_no_way_back() -> None:
    """Who may be a stranger is told of the change and can do nothing about it."""
    house = House()
    await house.ada(confirmed=False)
    await house.move(NEW)

    await house.deliver()

    assert letters(house) == [(ADA.email, "email_changed")]
    assert house.post.last(ADA.email).values == {}


@pytest.mark.parametrize("data", [{}, {"seed": "seed"}])
async def test_a_change_that_came_to_nothing_is_not_told(data: dict[str, str]) -> None:
    """The job is left before the change is made, so it may find that there was none."""
    house = House()
    await house.ada()

    await house.letters.changed(Job("job-1", "email_changed", {**data, "user": ADA.id, "email": ADA.email}, 0))

    assert letters(house) == []


@pytest.mark.parametrize("confirmed", [True, False])
async def test_a_change_is_told_of_although_the_account_is_gone(confirmed: bool) -> None:
    """A letter that is late, after the account was deleted, has no link, as nothing is there to lead back to."""
    house = House()
    await house.ada(confirmed=confirmed)
    await house.move(NEW)
    await house.store.delete(ADA.id)

    await house.deliver()

    assert letters(house) == [(ADA.email, "email_changed")]
    assert house.post.last(ADA.email).values == {}


async def test_a_change_taken_back_is_not_told() -> None:
    """A letter that is late, after the link in it was used, is not sent."""
    house = House()
    await house.ada()
    await house.move(NEW)
    late = list(house.jobs.added)
    await house.flow.undo(await house.way_back(), HERE)
    house.jobs.added = late

    await house.deliver()

    assert letters(house) == []


async def test_every_job_has_who_does_it() -> None:
    """Each kind of job of this feature is served."""
    house = House()
    await add(house.store)

    kinds = set(house.letters.handlers)

    assert kinds == {"verify_email", "resend_email", "change_email", "email_changed"}
