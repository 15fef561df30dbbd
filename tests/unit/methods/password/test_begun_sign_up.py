"""Signing up and logging in where addresses are confirmed first."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from tests.unit.fakes import ADA, NOW_MS, EventfulStore, add, spend
from tests.unit.methods.password.house import FAILURES, HERE, LETTERS, LOGINS, SIGNUPS, VISIT, House
from tests.unit.web.kit import call, sent
from wicketgate.core.clock import iso
from wicketgate.core.errors import (
    HashingBusy,
    InvalidCredentials,
    InvalidInput,
    MailRefused,
    NotVerified,
    StoreUnavailable,
    TooManyRequests,
)
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import account_source
from wicketgate.core.ports import Letter
from wicketgate.core.users import VERIFIED_EMAIL, Claim, Edit, FormerEmail, UserRecord, email_claim
from wicketgate.methods.password.api import PasswordApi, SignupRequest
from wicketgate.methods.password.flow import HASH, NewAccount, PasswordRules
from wicketgate.web.cookies import SessionCookies

ACCOUNT = NewAccount(ADA.email, "another horse", "Ada Lovelace")
CONFIRMED = {**ADA.private, VERIFIED_EMAIL: ADA.email}
TAKEN = Letter(ADA.email, "signup_taken", {"link": "/forgot-password"})


Verification = Literal["off", "optional", "required"]


class LeavingStore(EventfulStore):
    """A store in which whoever is looked for has just left, and came back in time if `returning`."""

    returning = False

    async def find(self, claim: Claim) -> UserRecord | None:
        if not self.returning:
            await self.delete(ADA.id)
        return None


def house(verification: Verification = "required", store: EventfulStore | None = None) -> House:
    """A house in which addresses are confirmed."""
    rules = PasswordRules(SIGNUPS, LOGINS, FAILURES, verification=verification)
    return House(rules, store or EventfulStore())


async def test_a_sign_up_leaves_a_job() -> None:
    """Address, name and hash are left for later; nobody has looked at the address, and nobody is told anything."""
    confirming = house()

    await confirming.flow.begin_sign_up(ACCOUNT, HERE)

    data = {"email": ADA.email, "name": "Ada Lovelace", "hash": "5:another horse", "source": HERE}
    assert confirming.jobs.added == [("sign_up", data)]
    assert await confirming.store.find(email_claim(ADA.email)) is None
    assert confirming.events.events == []


async def test_a_sign_up_without_a_name_takes_the_address() -> None:
    """Without a name the job says the part before `@`."""
    confirming = house()

    await confirming.flow.begin_sign_up(ACCOUNT._replace(name=None), HERE)

    assert confirming.jobs.added[0][1]["name"] == "ada"


async def test_a_taken_address_is_the_same_work() -> None:
    """For an address that has an account as much is hashed and the same is left to do."""
    free, taken = house(), house()
    await add(taken.store)

    for each in (free, taken):
        await each.flow.begin_sign_up(ACCOUNT, HERE)

    assert free.jobs.added == taken.jobs.added
    assert free.hasher.hashed == taken.hasher.hashed == ["another horse"]


async def test_sign_ups_are_limited() -> None:
    """Once a source has used its sign-ups nothing is hashed or left to do."""
    confirming = house()
    await spend(confirming.store, SIGNUPS, HERE)

    with pytest.raises(TooManyRequests):
        await confirming.flow.begin_sign_up(ACCOUNT, HERE)

    assert (confirming.hasher.hashed, confirming.jobs.added) == ([], [])


async def test_a_full_queue_leaves_no_job() -> None:
    """When hashing is refused, so is the sign-up."""
    confirming = house()
    confirming.hasher.refusal = HashingBusy("password hashing")

    with pytest.raises(HashingBusy):
        await confirming.flow.begin_sign_up(ACCOUNT, HERE)

    assert confirming.jobs.added == []


async def test_the_answer_tells_nothing() -> None:
    """201 and where to look, no user, no token; the log names nobody."""
    asked = call(SignupRequest(ADA.email, "another horse"))

    answer = await sent(
        await PasswordApi(house().flow, SessionCookies(production=False, max_age=60)).begin_sign_up(asked)
    )

    assert answer.status == 201
    assert answer.json == {"success": True, "message": "Check your email for a link to confirm your address"}
    assert asked.request.exchange.user_id is None


async def begun(confirming: House) -> None:
    """Ada's sign-up, of which the answer has been given."""
    await confirming.flow.begin_sign_up(ACCOUNT, HERE)


async def test_the_job_creates_the_account() -> None:
    """A free address gets its account, which has the job's id, and a mail to confirm it is left to send."""
    confirming = house()
    await begun(confirming)

    await confirming.sign_ups.carry_out(confirming.job())

    record = await confirming.store.find(email_claim(ADA.email))
    assert record is not None
    assert (record.id, record.email, record.name) == ("job-0", ADA.email, "Ada Lovelace")
    assert record.created_at == record.last_modified == iso(NOW_MS)
    assert record.private == {HASH: "5:another horse"}
    assert confirming.jobs.added[1:] == [("verify_email", {"user": "job-0"})]
    assert confirming.events.events == [SecurityEvent("signup", "job-0", HERE)]
    assert confirming.post.letters == []


async def test_a_job_done_twice_creates_one_account() -> None:
    """The second time it finds its own account and has the mail sent once more, in case it was not."""
    confirming = house()
    await begun(confirming)
    job = confirming.job()
    await confirming.sign_ups.carry_out(job)

    await confirming.sign_ups.carry_out(replace(job, attempts=2))

    assert confirming.jobs.added[1:] == [("verify_email", {"user": "job-0"})] * 2
    assert confirming.events.names == ["signup"]
    assert confirming.post.letters == []


async def test_a_job_done_twice_writes_to_nobody_who_has_confirmed() -> None:
    """Once the address is confirmed, a job that comes again does nothing."""
    confirming = house()
    await begun(confirming)
    job = confirming.job()
    await confirming.sign_ups.carry_out(job)
    await confirming.store.edit("job-0", Edit(private={VERIFIED_EMAIL: ADA.email}))

    await confirming.sign_ups.carry_out(replace(job, attempts=2))

    assert len(confirming.jobs.added) == 2
    assert confirming.post.letters == []


async def test_the_owner_of_a_taken_address_gets_a_mail() -> None:
    """Whoever has the address learns that somebody tried to sign up with it, and keeps account and password."""
    confirming = house()
    await add(confirming.store, private=CONFIRMED)
    await begun(confirming)

    await confirming.sign_ups.carry_out(confirming.job())

    assert confirming.post.letters == [TAKEN]
    assert await confirming.store.find(email_claim(ADA.email)) == replace(ADA, private=CONFIRMED)
    assert confirming.events.events == [SecurityEvent("signup_refused", None, HERE)]
    assert len(confirming.jobs.added) == 1


async def test_an_owner_who_has_not_confirmed_gets_another_link() -> None:
    """For an account that waits to be confirmed the mail is the one that confirms it, and the password stays."""
    confirming = house()
    await add(confirming.store)
    await begun(confirming)

    await confirming.sign_ups.carry_out(confirming.job())

    assert confirming.jobs.added[1:] == [("verify_email", {"user": ADA.id})]
    assert confirming.post.letters == []
    assert await confirming.store.get(ADA.id) == ADA


async def test_an_address_that_is_held_is_taken() -> None:
    """An address of before, kept for the way back, has an account, which is not asked to confirm it."""
    confirming = house()
    held = str(FormerEmail(ADA.email, NOW_MS // 1000 + 60))
    await add(confirming.store, email="countess@example.com", private={**ADA.private, "formerEmail": held})
    await begun(confirming)

    await confirming.sign_ups.carry_out(confirming.job())

    assert confirming.post.letters == [TAKEN]
    assert len(confirming.jobs.added) == 1


async def test_owners_are_not_flooded() -> None:
    """An address gets no more of these mails than its limit, and nobody is told."""
    confirming = house()
    await add(confirming.store, private=CONFIRMED)
    await spend(confirming.store, LETTERS, account_source(email_claim(ADA.email).key))
    await begun(confirming)

    await confirming.sign_ups.carry_out(confirming.job())

    assert confirming.post.letters == []


async def test_a_mail_that_could_not_be_sent_is_counted_once() -> None:
    """However often the mail server is down, the mail is sent in the end."""
    confirming = house()
    await add(confirming.store, private=CONFIRMED)
    await begun(confirming)
    confirming.post.fault = MailRefused("down")
    for attempt in range(1, 6):
        with pytest.raises(MailRefused):
            await confirming.sign_ups.carry_out(confirming.job(attempts=attempt))

    confirming.post.fault = None
    await confirming.sign_ups.carry_out(confirming.job(attempts=6))

    assert confirming.post.letters == [TAKEN]


async def test_an_owner_who_leaves_meanwhile_leaves_the_address() -> None:
    """Of an account that is deleted between the two looks the address is free, and the sign-up has it."""
    confirming = house(store=LeavingStore())
    await add(confirming.store)
    await begun(confirming)

    job = confirming.job()
    await confirming.sign_ups.carry_out(job)

    assert confirming.post.letters == []
    assert confirming.jobs.added[1:] == [("verify_email", {"user": job.id})]
    assert (await confirming.store.page(None, 9))[0][0].email == ADA.email


async def test_an_address_that_changes_hands_again_and_again() -> None:
    """A sign-up that finds the address taken by nobody at every look is tried again later."""
    store = LeavingStore()
    store.returning = True
    confirming = house(store=store)
    await add(store)
    await begun(confirming)

    with pytest.raises(StoreUnavailable):
        await confirming.sign_ups.carry_out(confirming.job())


async def test_nobody_logs_in_before_confirming() -> None:
    """The right password to an address that waits is told so, gets no session, and is sent another link."""
    confirming = house()
    await add(confirming.store)

    with pytest.raises(NotVerified):
        await confirming.flow.log_in(ADA.email, "correct horse", VISIT)

    assert confirming.jobs.added == [("verify_email", {"user": ADA.id})]
    assert confirming.events.events == [SecurityEvent("login_failed", ADA.id, HERE, "unconfirmed address")]


async def test_a_wrong_password_learns_nothing_of_confirming() -> None:
    """Somebody who does not know the password gets the answer for an unknown address, and no mail is sent."""
    confirming = house()
    await add(confirming.store)

    for address in (ADA.email, "nobody@example.com"):
        with pytest.raises(InvalidCredentials):
            await confirming.flow.log_in(address, "wrong", VISIT)

    assert confirming.jobs.added == []


async def test_a_confirmed_address_logs_in() -> None:
    """Once the address of today is confirmed the password opens a session."""
    confirming = house()
    await add(confirming.store, private=CONFIRMED)

    assert (await confirming.flow.log_in(ADA.email, "correct horse", VISIT)).record.id == ADA.id


async def test_another_address_that_was_confirmed_does_not_count() -> None:
    """What was confirmed is an address, not a person."""
    confirming = house()
    await add(confirming.store, private={**ADA.private, VERIFIED_EMAIL: "old@example.com"})

    with pytest.raises(NotVerified):
        await confirming.flow.log_in(ADA.email, "correct horse", VISIT)


@pytest.mark.parametrize("verification", ["off", "optional"])
async def test_elsewhere_nobody_has_to_confirm(verification: Verification) -> None:
    """Without the demand the password is enough."""
    lenient = house(verification)
    await add(lenient.store)

    assert (await lenient.flow.log_in(ADA.email, "correct horse", VISIT)).record.id == ADA.id
    assert not lenient.flow.confirms_first


@pytest.mark.parametrize(("verification", "kinds"), [("off", []), ("optional", ["verify_email"])])
async def test_a_sign_up_at_once_may_ask_to_confirm(verification: Verification, kinds: list[str]) -> None:
    """The account is there at once; a mail that confirms the address follows where that is possible."""
    lenient = house(verification)

    new = await lenient.flow.sign_up(ACCOUNT, HERE)

    assert lenient.jobs.added == [(kind, {"user": new.record.id}) for kind in kinds]


async def test_a_refused_sign_up_sends_nothing() -> None:
    """A taken address is refused at once where sign-ups are answered at once, and its owner is left alone."""
    lenient = house("optional")
    await add(lenient.store)

    with pytest.raises(InvalidInput):
        await lenient.flow.sign_up(ACCOUNT, HERE)

    assert lenient.jobs.added == []


async def test_whoever_runs_the_service_vouches_for_an_address() -> None:
    """An account that was created as confirmed logs in."""
    confirming = house()

    record = await confirming.flow.create(ACCOUNT, confirmed=True)

    assert record.private == {HASH: "5:another horse", VERIFIED_EMAIL: ADA.email}
    assert (await confirming.flow.log_in(ADA.email, "another horse", VISIT)).record == record


def test_the_route_is_the_one_that_tells_nothing() -> None:
    """Where addresses are confirmed first, the call that signs up is the one whose answer shows no user."""
    cookies = SessionCookies(production=False, max_age=60)

    names: tuple[Verification, ...] = ("off", "required")

    routes = {name: PasswordApi(house(name).flow, cookies).endpoints()[0] for name in names}

    assert {(route.method, route.path, route.status) for route in routes.values()} == {
        ("POST", "/api/auth/signup", 201)
    }
    assert {name: set(route.example) for name, route in routes.items()} == {
        "off": {"success", "message", "user", "api_token"},
        "required": {"success", "message"},
    }
