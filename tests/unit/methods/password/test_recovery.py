"""Getting back in without the password."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest

from tests.unit.fakes import ADA, NOW_MS, add, spend
from tests.unit.methods.password.house import HERE, LETTERS, LINKS, MAILS, VISIT, House
from tests.unit.web.kit import call, sent
from wicketgate.core import fields
from wicketgate.core.errors import (
    HashingBusy,
    InvalidCredentials,
    InvalidInput,
    MailRefused,
    NotAuthenticated,
    StoreUnavailable,
    TooManyRequests,
)
from wicketgate.core.events import SecurityEvent
from wicketgate.core.limits import account_source
from wicketgate.core.one_time import InvalidLink, attribute
from wicketgate.core.ports import Letter
from wicketgate.core.quality import PasswordQuality
from wicketgate.core.users import (
    OLD_API_TOKEN,
    VERIFIED_EMAIL,
    Edit,
    FormerEmail,
    UserRecord,
    api_token_claim,
    email_claim,
)
from wicketgate.methods.password.flow import HASH, PasswordRules
from wicketgate.methods.password.recovery import LIFETIME
from wicketgate.methods.password.recovery_api import (
    ForgotPasswordRequest,
    RecoveryApi,
    ResetPasswordRequest,
)

NEW = "another horse"


class NoList:
    """A list of common passwords with nothing on it."""

    def include(self, folded: str) -> bool:
        return False


LETTERS_OF_ADA = account_source(email_claim(ADA.email).key)


async def asked(house: House, address: str = ADA.email) -> str:
    """The token of the link that has just been mailed to an address."""
    await house.recovery.ask(address, HERE)
    await house.recovery.send(house.job())
    house.events.events.clear()
    return house.post.token(address, "reset_password")


async def ada(house: House) -> UserRecord:
    """Ada as she is in the store."""
    record = await house.store.get(ADA.id)
    assert record is not None
    return record


async def test_asking_leaves_a_job() -> None:
    """The address is written down for later, whoever has it; it is not looked up, and nobody is told anything."""
    known, unknown = House(), House()
    await add(known.store)

    for house in (known, unknown):
        await house.recovery.ask(ADA.email, HERE)

    assert known.jobs.added == unknown.jobs.added == [("reset_password", {"email": ADA.email, "source": HERE})]
    assert known.events.events == unknown.events.events == []


async def test_asking_is_limited() -> None:
    """A source that has asked often enough leaves no further job until the window has moved on."""
    house = House()
    await spend(house.store, MAILS, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.recovery.ask(ADA.email, HERE)

    assert (caught.value.limit, caught.value.retry_after_ms) == ("mail", 60_000)
    assert house.jobs.added == []
    assert house.events.events == [SecurityEvent("limit_hit", None, HERE, "mail")]


async def test_the_owner_gets_a_link() -> None:
    """The mail leads to the page where the token is read from the part of the address that no server sees."""
    house = House()
    await add(house.store)
    await house.recovery.ask(ADA.email, HERE)

    await house.recovery.send(house.job())

    token = house.links.token("reset", ADA.id, "job-0.1")
    assert house.post.letters == [Letter(ADA.email, "reset_password", {"link": f"/reset-password#{token}"})]
    assert house.events.events == [SecurityEvent("password_reset_asked", ADA.id, HERE)]
    assert token not in str((await ada(house)).private)


async def test_nobody_else_gets_one() -> None:
    """No mail goes to an address without an account, and none to one that is only held for a way back."""
    house = House()
    held = str(FormerEmail("old@example.com", NOW_MS // 1000 + 60))
    await add(house.store, private={**ADA.private, "formerEmail": held})

    for address in ("nobody@example.com", "old@example.com"):
        await house.recovery.ask(address, HERE)
        await house.recovery.send(house.job())

    assert house.post.letters == []
    assert house.events.events == []


async def test_a_user_who_leaves_meanwhile_gets_none() -> None:
    """An account that is deleted while the link is made gets no mail, and the job is done."""
    house = House()
    await add(house.store)
    await house.recovery.ask(ADA.email, HERE)
    house.store.meanwhile = [lambda: house.store.delete(ADA.id)]

    await house.recovery.send(house.job())

    assert house.post.letters == []


async def test_owners_are_not_flooded() -> None:
    """An address gets no more links than its limit, from whatever sources they are asked for, and nobody is told."""
    house = House()
    await add(house.store)
    await spend(house.store, LETTERS, LETTERS_OF_ADA)
    await house.recovery.ask(ADA.email, HERE)

    await house.recovery.send(house.job())

    assert house.post.letters == []
    assert attribute("reset") not in (await ada(house)).private


async def test_a_mail_that_could_not_be_sent_is_counted_once() -> None:
    """However often the mail server is down, the mail is sent in the end, and its link is good for an hour then."""
    house = House()
    await add(house.store)
    await house.recovery.ask(ADA.email, HERE)
    house.post.fault = MailRefused("down")
    for attempt in range(1, 6):
        with pytest.raises(MailRefused):
            await house.recovery.send(house.job(attempts=attempt))
    house.post.fault = None
    house.clock.now_ms += 2 * LIFETIME * 1000

    await house.recovery.send(house.job(attempts=6))

    assert (await house.recovery.reset(house.post.token(ADA.email), NEW, HERE)).id == ADA.id


async def test_a_mail_sent_twice_says_the_same() -> None:
    """A job that is done twice sends one link twice, so that either mail is good."""
    house = House()
    await add(house.store)
    await house.recovery.ask(ADA.email, HERE)

    for attempt in (1, 2):
        await house.recovery.send(house.job(attempts=attempt))

    assert house.post.letters[0] == house.post.letters[1]
    assert await house.recovery.reset(house.post.token(ADA.email), NEW, HERE)


async def test_a_used_link_is_not_made_good_again() -> None:
    """A job that comes again after its link was used sends another link; the used one stays used."""
    house = House()
    await add(house.store)
    used = await asked(house)
    await house.recovery.reset(used, NEW, HERE)

    await house.recovery.send(house.job(attempts=2))

    with pytest.raises(InvalidLink):
        await house.recovery.reset(used, "a third horse", HERE)
    assert await house.recovery.reset(house.post.token(ADA.email), "a third horse", HERE)


async def test_a_user_who_changes_meanwhile_gets_a_link_of_today() -> None:
    """A link is kept for the user as it was read, so it is made anew, and counted once."""
    house = House()
    await add(house.store)
    house.store.meanwhile = [partial(house.store.play, ADA.id, Edit(raise_session_version=True))] * 3

    assert await house.recovery.reset(await asked(house), NEW, HERE)

    left = LETTERS.most - 1
    for _ in range(left):
        assert await house.store.take(LETTERS, LETTERS_OF_ADA, NOW_MS) == 0
    assert await house.store.take(LETTERS, LETTERS_OF_ADA, NOW_MS) > 0


async def test_a_letter_to_who_keeps_changing_is_left_for_later() -> None:
    """It is tried again with the job, and nothing was sent."""
    house = House()
    await add(house.store)
    house.store.meanwhile = [partial(house.store.play, ADA.id, Edit(raise_session_version=True))] * 4
    await house.recovery.ask(ADA.email, HERE)

    with pytest.raises(StoreUnavailable):
        await house.recovery.send(house.job())

    assert house.post.letters == []


async def test_a_link_chooses_a_password() -> None:
    """The new password opens the account and the old one does not, and the address counts as confirmed."""
    house = House()
    await add(house.store)
    token = await asked(house)

    record = await house.recovery.reset(token, NEW, HERE)

    assert record == await ada(house)
    assert record.private == {HASH: "5:another horse", VERIFIED_EMAIL: ADA.email}
    assert record.last_modified == ADA.last_modified
    assert house.events.events == [SecurityEvent("password_reset", ADA.id, HERE)]
    assert await house.flow.log_in(ADA.email, NEW, VISIT)
    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, "correct horse", VISIT)


async def test_every_session_ends() -> None:
    """Whoever is logged in when a password is reset is not any more."""
    house = House()
    await add(house.store)
    session = (await house.flow.log_in(ADA.email, "correct horse", VISIT)).session
    token = await asked(house)

    await house.recovery.reset(token, NEW, HERE)

    with pytest.raises(NotAuthenticated):
        await house.sessions.check(session.token)


async def test_what_was_pending_is_over() -> None:
    """Other links are good for nothing; the way back from a change of address, and what is not ours, stays."""
    house = House()
    kept = {attribute("undo-email"): "1.2.3", "networks": "203.0.113.0/24", VERIFIED_EMAIL: ADA.email}
    over = {attribute("verify"): "1.2.3", attribute("email"): "1.2.3"}
    await add(house.store, private={**ADA.private, **kept, **over})
    token = await asked(house)

    record = await house.recovery.reset(token, NEW, HERE)

    assert record.private == {HASH: "5:another horse", **kept}


@pytest.mark.parametrize("confirmed", [{}, {VERIFIED_EMAIL: "old@example.com"}, {VERIFIED_EMAIL: ADA.email}])
async def test_api_tokens_end(confirmed: dict[str, str]) -> None:
    """Whoever had the account keeps nothing when the owner of the address takes it over."""
    house = House()
    await add(house.store, private={**ADA.private, **confirmed, "token#1": "{}", "other": "kept"})
    token = await asked(house)

    record = await house.recovery.reset(token, NEW, HERE)

    assert record.api_token_version == ADA.api_token_version + 1
    assert record.private == {HASH: "5:another horse", VERIFIED_EMAIL: ADA.email, "other": "kept"}


async def test_a_token_made_meanwhile_goes_as_well() -> None:
    """A named token that a session of before makes at the same moment does not outlive the reset."""
    house = House()
    await add(house.store)
    token = await asked(house)
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(private={"token#late": "{}"}))]

    record = await house.recovery.reset(token, NEW, HERE)

    assert record == await ada(house)
    assert "token#late" not in record.private


async def test_a_user_who_leaves_after_the_reset_is_told_of_it() -> None:
    """Someone who is deleted while late tokens are removed was reset all the same."""
    house = House()
    await add(house.store)
    token = await asked(house)
    house.store.meanwhile = [
        lambda: house.store.play(ADA.id, Edit(private={"token#late": "{}"})),
        lambda: house.store.delete(ADA.id),
    ]

    assert (await house.recovery.reset(token, NEW, HERE)).id == ADA.id

    assert await house.store.get(ADA.id) is None


async def test_a_token_of_another_service_goes_with_the_others() -> None:
    """What an account brought along from elsewhere opens nothing after a reset."""
    house = House()
    await add(house.store, private={**ADA.private, OLD_API_TOKEN: "ab" * 32})
    token = await asked(house)

    record = await house.recovery.reset(token, NEW, HERE)

    assert OLD_API_TOKEN not in record.private
    assert await house.store.find(api_token_claim("ab" * 32)) is None


async def used_up(house: House, token: str) -> None:
    """Somebody has used the link."""
    await house.recovery.reset(token, "the first horse", HERE)


async def replaced(house: House, token: str) -> None:
    """A newer link was asked for."""
    await asked(house)


async def expired(house: House, token: str) -> None:
    """An hour has passed."""
    house.clock.now_ms += LIFETIME * 1000


async def moved(house: House, token: str) -> None:
    """The user has another address, by an edit that leaves the link alone."""
    await house.store.play(ADA.id, Edit(fields={"email": "countess@example.com"}))


async def deleted(house: House, token: str) -> None:
    """The account is gone."""
    await house.store.delete(ADA.id)


OVER = [used_up, replaced, expired, moved, deleted]


@pytest.mark.parametrize("over", OVER)
async def test_a_link_that_is_over_does_nothing(over: Callable[[House, str], Awaitable[None]]) -> None:
    """A link that was used, replaced, is too old, or went to an address of before gets one answer, and no hash."""
    house = House()
    await add(house.store)
    token = await asked(house)
    await over(house, token)
    before, hashed = await house.store.get(ADA.id), len(house.hasher.hashed)

    with pytest.raises(InvalidLink) as caught:
        await house.recovery.reset(token, NEW, HERE)

    assert dict(caught.value.by_field) == {"token": "This link is no longer valid"}
    assert await house.store.get(ADA.id) == before
    assert len(house.hasher.hashed) == hashed


@pytest.mark.parametrize("over", [used_up, replaced, moved, deleted])
async def test_a_link_that_ends_while_the_password_is_hashed_does_nothing(
    over: Callable[[House, str], Awaitable[None]],
) -> None:
    """Whatever ends a link after it was found has come first."""
    house = House()
    await add(house.store)
    token = await asked(house)

    async def meanwhile() -> None:
        await over(house, token)

    house.store.meanwhile = [meanwhile]

    with pytest.raises(InvalidLink):
        await house.recovery.reset(token, NEW, HERE)

    record = await house.store.get(ADA.id)
    assert record is None or record.private[HASH] != "5:another horse"


async def test_two_at_once_choose_one_password() -> None:
    """Of two who use one link at once the first has chosen, and the second is told that the link is over."""
    house = House()
    await add(house.store)
    token = await asked(house)

    async def first() -> None:
        await house.recovery.reset(token, "the first horse", HERE)

    house.store.meanwhile = [first]

    with pytest.raises(InvalidLink):
        await house.recovery.reset(token, NEW, HERE)

    assert (await ada(house)).private[HASH] == "5:the first horse"
    assert house.events.names == ["password_reset"]


async def test_a_user_who_keeps_changing_is_given_up() -> None:
    """Someone whose item never stands still for long enough is told to come back; the link is still good."""
    house = House()
    await add(house.store)
    token = await asked(house)

    async def touched() -> None:
        value = (await ada(house)).private[attribute("reset")]
        end, _, rest = value.partition(".")
        await house.store.play(ADA.id, Edit(private={attribute("reset"): f"{int(end) + 1}.{rest}"}))

    house.store.meanwhile = [touched] * 4

    with pytest.raises(StoreUnavailable):
        await house.recovery.reset(token, NEW, HERE)

    assert await house.recovery.reset(token, NEW, HERE)
    assert house.hasher.hashed == [NEW, NEW]


async def test_trying_links_is_limited() -> None:
    """A source that has tried often enough has to wait, whatever link it brings; nothing is read or hashed."""
    house = House()
    await add(house.store)
    token = await asked(house)
    await spend(house.store, LINKS, HERE)

    with pytest.raises(TooManyRequests) as caught:
        await house.recovery.reset(token, NEW, HERE)

    assert caught.value.limit == "link"
    assert house.hasher.hashed == []
    assert house.events.events == [SecurityEvent("limit_hit", None, HERE, "link")]


async def test_a_refused_password_leaves_the_link() -> None:
    """A password that gives itself away is refused, and another may be chosen with the same link."""
    house = House(replace(PasswordRules(MAILS, MAILS, MAILS), quality=PasswordQuality(common=NoList())))
    await add(house.store)
    token = await asked(house)

    with pytest.raises(InvalidInput) as caught:
        await house.recovery.reset(token, ADA.email, HERE)

    assert set(caught.value.by_field) == {"password"}
    assert await house.recovery.reset(token, NEW, HERE)


async def test_a_full_queue_leaves_the_link() -> None:
    """When hashing is refused the link can be used later."""
    house = House()
    await add(house.store)
    token = await asked(house)
    house.hasher.refusal = HashingBusy("password hashing")

    with pytest.raises(HashingBusy):
        await house.recovery.reset(token, NEW, HERE)

    house.hasher.refusal = None
    assert await house.recovery.reset(token, NEW, HERE)


def test_the_fields_have_rules() -> None:
    """An address is cleaned, a token must be there, and a new password keeps the rules for new ones."""
    recovery = House().recovery

    assert fields.check(recovery.ask_rules, {"email": " Ada@Example.com "}) == {"email": "ada@example.com"}
    assert fields.check(recovery.reset_rules, {"token": "x.y", "password": NEW}) == {"token": "x.y", "password": NEW}
    with pytest.raises(InvalidInput) as caught:
        fields.check(recovery.reset_rules, {"token": "", "password": "short"})
    assert set(caught.value.by_field) == {"token", "password"}


async def test_the_routes_answer() -> None:
    """200 and a sentence for whoever asks, and for who has chosen; the log learns whose link it was."""
    house = House()
    await add(house.store)
    api = RecoveryApi(house.recovery)

    known = await sent(await api.ask(call(ForgotPasswordRequest(ADA.email))))
    unknown = await sent(await api.ask(call(ForgotPasswordRequest("nobody@example.com"))))
    await house.recovery.send(house.job(0))
    using = call(ResetPasswordRequest(house.post.token(ADA.email), NEW))
    reset = await sent(await api.reset(using))

    assert known.status == unknown.status == reset.status == 200
    assert known.json == unknown.json
    assert (set(reset.json), reset.json["success"]) == ({"success", "message"}, True)
    assert using.request.exchange.user_id == ADA.id
    assert reset.all("set-cookie") == []
