"""Changing the address, and the way back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.stores.memory import MemoryStore

NEW = "ada.king@example.com"
THIRD = "countess@example.com"
EVE = "eve@example.com"
CONFIRM = "/api/auth/email/change/confirm"
UNDO = "/api/auth/email/change/undo"
DAY = 24 * HOUR
TAKEN = {
    "success": False,
    "error": "Unable to use this email address",
    "field": "email",
    "errors": {"email": "Unable to use this email address"},
}


def confirming(**changes: Any) -> Service:
    """A service where a new address counts once it is confirmed."""
    return Service(**{"email_verification": "optional", "rate_limit_max_requests": 0, **changes})


async def ada(service: Service, address: str = EMAIL, *, confirmed: bool = True) -> Caller:
    """Someone who is logged in, the address confirmed."""
    caller, _ = await service.user(address)
    await service.settle()
    if confirmed:
        await post(service, "/api/auth/email/verify", service.post.token(address, "verify_email"))
    return caller


async def post(service: Service, path: str, token: str) -> httpx.Response:
    """The answer to a link's token, from anywhere."""
    answer = await service.caller(fresh_source()).post(path, json={"token": token})
    await service.settle()
    return answer


async def asked(service: Service, caller: Caller, address: str) -> httpx.Response:
    """The answer to the wish for another address, the letters delivered."""
    answer = await caller.update({"email": address})
    await service.settle()
    return answer


async def moved(service: Service, caller: Caller, address: str) -> None:
    """Moves to another address, link and all."""
    assert (await asked(service, caller, address)).status_code == 200
    answer = await post(service, CONFIRM, service.post.token(address, "change_email"))
    assert answer.status_code == 200, answer.text


async def profile(caller: Caller) -> Any:
    """The user as the caller sees them."""
    return (await caller.profile()).json()["user"]


async def opens(service: Service, address: str) -> bool:
    """Whether the address and the password open a session."""
    return (await service.caller(fresh_source()).log_in(address)).status_code == 200


async def got_in_again(service: Service, address: str) -> Any:
    """The user as the login shows them, with a password chosen by the letter that follows the way back."""
    assert not await opens(service, address), "the password of before opens it still"
    caller = service.caller(fresh_source())
    chosen = await caller.reset(service.post.token(address, "reset_password"), "another horse battery")
    assert chosen.status_code == 200, chosen.text
    return (await caller.log_in(address, "another horse battery")).json()["user"]


async def signs_up(service: Service, address: str) -> bool:
    """Whether somebody else can have the address."""
    return (await service.caller(fresh_source()).sign_up(address)).status_code == 201


async def test_a_new_address_waits() -> None:
    """The answer shows the address of today and the one that waits; the old one still opens the account."""
    service = confirming()
    caller = await ada(service)
    before = await profile(caller)

    answer = await asked(service, caller, NEW)

    assert (answer.status_code, answer.json()["user"]) == (200, {**before, "pendingEmail": NEW})
    assert await profile(caller) == {**before, "pendingEmail": NEW}
    assert (await opens(service, EMAIL), await opens(service, NEW)) == (True, False)


async def test_a_confirmed_address_counts() -> None:
    """The link in the letter to the new address makes it count, confirmed, with a new time of change."""
    service = confirming()
    caller = await ada(service)
    before = await profile(caller)
    await asked(service, caller, NEW)
    service.clock.advance(MINUTE)

    answer = await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    after = await profile(caller)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert after == {**before, "email": NEW, "emailVerified": True, "lastModified": after["lastModified"]}
    assert after["lastModified"] > before["lastModified"]
    assert (await opens(service, EMAIL), await opens(service, NEW)) == (False, True)


async def test_other_fields_do_not_wait() -> None:
    """A name that is sent along changes at once, and the time with it."""
    service = confirming()
    caller = await ada(service)
    service.clock.advance(MINUTE)

    answer = await caller.update({"email": NEW, "name": "Ada King"})

    user = answer.json()["user"]
    assert (user["name"], user["email"], user["pendingEmail"]) == ("Ada King", EMAIL, NEW)
    assert user["lastModified"] != user["createdAt"]


async def test_the_address_of_today_takes_the_wish_back() -> None:
    """Whoever asks for the address of today gets no letter, and nothing waits any more."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    letters = len(service.post.letters)

    answer = await asked(service, caller, EMAIL)

    late = await post(service, CONFIRM, service.post.token(NEW, "change_email"))
    assert (answer.status_code, late.status_code) == (200, 400)
    assert "pendingEmail" not in answer.json()["user"]
    assert len(service.post.letters) == letters


async def test_other_fields_take_no_wish_back() -> None:
    """A change that names no address leaves the one that waits."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)

    answer = await caller.update({"name": "Ada King"})

    assert answer.json()["user"]["pendingEmail"] == NEW


async def test_a_taken_address_shows_nothing() -> None:
    """For a free and a taken address the answer, the profile and the work before the answer are the same."""
    store = FaultyStore(MemoryStore())
    service = confirming(store=store)
    caller = await ada(service)
    await ada(service, EVE)
    seen = []

    for address in (EVE, "new@example.com"):
        store.calls.clear()
        answer = await caller.update({"email": address})
        work = store.calls[: store.calls.index("put_job") + 1]
        await service.settle()
        shown = await caller.profile()
        texts = [one.text.replace(address, "?") for one in (answer, shown)]
        headers = [
            {name: value for name, value in one.headers.items() if name != "x-request-id"} for one in (answer, shown)
        ]
        seen.append((answer.status_code, texts, headers, work))

    assert seen[0] == seen[1]
    assert seen[0][3] == ["get", "take", "edit", "put_job"]


async def test_the_owner_of_a_taken_address_is_told() -> None:
    """Who has the address learns that somebody tried; no letter has a link that would give it away."""
    service = confirming()
    caller = await ada(service)
    await ada(service, EVE)

    await asked(service, caller, EVE)

    letter = service.post.last(EVE)
    assert (letter.template, dict(letter.values)) == ("change_email_taken", {})
    assert (await service.caller(fresh_source()).log_in(EVE)).json()["user"]["email"] == EVE


async def test_a_newer_wish_replaces_the_older() -> None:
    """After asking for another address the first link is good for nothing."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    await asked(service, caller, THIRD)

    answer = await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    assert answer.status_code == 400
    assert (await profile(caller))["pendingEmail"] == THIRD


async def test_a_wish_lasts_a_day() -> None:
    """After 24 hours nothing waits any more, and the link is no longer valid."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    service.clock.advance(DAY - MINUTE)
    login = await caller.log_in()
    before = login.json()["user"]["pendingEmail"]
    service.clock.advance(2 * MINUTE)

    answer = await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    assert before == NEW
    assert answer.status_code == 400
    assert "pendingEmail" not in await profile(caller)


async def test_an_address_taken_meanwhile() -> None:
    """Who signs up with the address before it is confirmed keeps it."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    assert await signs_up(service, NEW)

    answer = await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    assert (answer.status_code, answer.json()) == (400, TAKEN)
    assert (await profile(caller))["email"] == EMAIL


async def test_wishes_are_limited() -> None:
    """A source that asks for more changes than its limit of mail is refused; other fields stay free."""
    service = confirming(mail_limit_max_requests=2)
    caller = await ada(service)

    answers = [await caller.update({"email": f"u{number}@example.com"}) for number in range(3)]
    name = await caller.update({"name": "Ada King"})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert name.status_code == 200


async def test_the_old_address_is_told() -> None:
    """After the change the old address gets a letter with the way back; before it, none."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    before = [letter.template for letter in service.post.letters if letter.to == EMAIL]

    await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    assert before == ["verify_email"]
    assert service.post.last(EMAIL).template == "email_changed"
    assert service.post.last(EMAIL).values["link"].startswith("/undo-email#")


async def test_the_way_back() -> None:
    """The link to the old address restores it, ends every session, and has a new password chosen."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)

    answer = await post(service, UNDO, service.post.token(EMAIL, "email_changed"))

    assert answer.status_code == 200
    assert (await caller.profile()).status_code == 401
    assert await signs_up(service, NEW)
    assert (await got_in_again(service, EMAIL))["emailVerified"] is True


async def test_the_way_back_is_gone_once() -> None:
    """The second use of the link changes nothing."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    token = service.post.token(EMAIL, "email_changed")
    await post(service, UNDO, token)

    again = await post(service, UNDO, token)

    assert again.status_code == 400


async def test_changing_twice_does_not_cut_the_way_back() -> None:
    """However often whoever took the account moves on, the first address restores it, and the others become free."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    token = service.post.token(EMAIL, "email_changed")
    await moved(service, caller, THIRD)

    answer = await post(service, UNDO, token)

    assert answer.status_code == 200
    assert (await got_in_again(service, EMAIL))["email"] == EMAIL
    assert (await signs_up(service, NEW), await signs_up(service, THIRD)) == (True, True)


async def test_an_address_in_between_is_told_without_a_link() -> None:
    """Only the first address gets a way back; the next one is told all the same."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)

    await moved(service, caller, THIRD)

    letter = service.post.last(NEW, "email_changed")
    assert "link" not in letter.values
    assert await signs_up(service, NEW)


async def test_the_way_back_ends_what_waits() -> None:
    """A change that was asked for before is off once the old address is back."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    await asked(service, caller, THIRD)

    await post(service, UNDO, service.post.token(EMAIL, "email_changed"))

    late = await post(service, CONFIRM, service.post.token(THIRD, "change_email"))
    assert late.status_code == 400
    assert "pendingEmail" not in await got_in_again(service, EMAIL)


async def test_the_old_address_is_kept_for_a_week() -> None:
    """For seven days nobody else can have it; after that anybody can, and the way back is closed."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    service.clock.advance(7 * DAY - MINUTE)
    held = await signs_up(service, EMAIL)
    service.clock.advance(2 * MINUTE)

    free = await signs_up(service, EMAIL)

    late = await post(service, UNDO, service.post.token(EMAIL, "email_changed"))
    assert (held, free, late.status_code) == (False, True, 400)
    assert await opens(service, NEW)


async def test_a_kept_address_whose_time_is_over_can_be_changed_to() -> None:
    """Somebody else's change of address frees it as a sign-up does."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    eve = await ada(service, EVE)
    service.clock.advance(7 * DAY + MINUTE)
    await eve.log_in(EVE)

    await moved(service, eve, EMAIL)

    assert (await profile(eve))["email"] == EMAIL


async def test_a_kept_address_that_somebody_asks_for() -> None:
    """While it is kept, a change of somebody else to it is answered as to any taken one."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    eve = await ada(service, EVE)

    answer = await asked(service, eve, EMAIL)

    assert answer.json()["user"]["pendingEmail"] == EMAIL
    assert service.post.last(EMAIL).template == "change_email_taken"


async def test_there_and_back_by_oneself() -> None:
    """The owner may move back to the old address in the usual way; the one in between is told, and free."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)
    stale = service.post.token(EMAIL, "email_changed")

    await moved(service, caller, EMAIL)

    assert (await profile(caller))["email"] == EMAIL
    assert (await post(service, UNDO, stale)).status_code == 400
    assert dict(service.post.last(NEW, "email_changed").values) == {}
    assert await signs_up(service, NEW)
    assert await opens(service, EMAIL)


async def test_no_login_by_the_old_address() -> None:
    """While it is kept, the old address is like one that nobody has, right password or not."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)

    old, unknown = [await service.caller(fresh_source()).log_in(address) for address in (EMAIL, "no@example.com")]

    assert (old.status_code, old.text) == (unknown.status_code, unknown.text) == (401, old.text)


async def test_an_address_never_confirmed_is_no_way_back() -> None:
    """A mistyped address is somebody else's: it is free at once, and no link that restores it is sent."""
    service = confirming()
    caller = await ada(service, confirmed=False)

    await moved(service, caller, NEW)

    letter = service.post.last(EMAIL)
    assert (letter.template, dict(letter.values)) == ("email_changed", {})
    assert await signs_up(service, EMAIL)


async def test_without_notices_nothing_is_kept() -> None:
    """With the notice turned off the old address is not told, and free at once."""
    service = confirming(security_notices=("password",))
    caller = await ada(service)

    await moved(service, caller, NEW)

    assert [letter.template for letter in service.post.letters if letter.to == EMAIL] == ["verify_email"]
    assert await signs_up(service, EMAIL)


async def test_off_changes_at_once_and_tells() -> None:
    """Without verification the new address counts at once, the old one is free, and gets a way back."""
    service = Service()
    caller, _ = await service.user(EMAIL)

    answer = await asked(service, caller, NEW)

    assert answer.json()["user"]["email"] == NEW
    assert (await post(service, UNDO, service.post.token(EMAIL, "email_changed"))).status_code == 200
    assert (await got_in_again(service, EMAIL))["email"] == EMAIL
    assert not await opens(service, NEW)


async def test_off_keeps_nothing_from_others() -> None:
    """Without verification the old address can be taken at once; then the way back is closed."""
    service = Service()
    caller, _ = await service.user(EMAIL)
    await asked(service, caller, NEW)
    assert await signs_up(service, EMAIL)

    answer = await post(service, UNDO, service.post.token(EMAIL, "email_changed"))

    assert (answer.status_code, answer.json()) == (400, TAKEN)
    assert await opens(service, NEW)


async def test_off_changing_twice_does_not_cut_the_way_back() -> None:
    """Without verification too, the first address restores the account."""
    service = Service()
    caller, _ = await service.user(EMAIL)
    await asked(service, caller, NEW)
    await asked(service, caller, THIRD)

    answer = await post(service, UNDO, service.post.token(EMAIL, "email_changed"))

    assert answer.status_code == 200
    assert (await got_in_again(service, EMAIL))["email"] == EMAIL
    assert "link" not in service.post.last(NEW, "email_changed").values


async def test_without_mail_nobody_is_told() -> None:
    """A service without mail changes at once and frees the old address, whatever the settings say."""
    service = Service(mail=False, email_verification="optional")
    caller, _ = await service.user(EMAIL)

    answer = await caller.update({"email": NEW})

    assert answer.json()["user"]["email"] == NEW
    assert await signs_up(service, EMAIL)
    assert (await caller.post(UNDO, json={"token": "x.y"})).status_code == 404


async def test_no_mail_is_lost_while_the_server_is_down() -> None:
    """A letter that could not be sent is sent later, and its link works."""
    service = confirming()
    caller = await ada(service)
    service.post.fault = RuntimeError("the mail server is down")
    await asked(service, caller, NEW)
    service.post.fault = None
    service.clock.advance(MINUTE)
    await service.app.outbox.do_due()

    answer = await post(service, CONFIRM, service.post.token(NEW, "change_email"))

    assert answer.status_code == 200


@pytest.mark.parametrize("path", [CONFIRM, UNDO])
async def test_links_are_limited(path: str) -> None:
    """Links tried by one source are limited."""
    service = confirming(link_limit_max_requests=2)
    caller = service.caller()

    answers = [await caller.post(path, json={"token": "x.y"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]


async def test_each_step_is_an_event() -> None:
    """Asking, changing and taking back are told, each once, with the user."""
    service = confirming()
    caller = await ada(service)
    user = await profile(caller)
    await moved(service, caller, NEW)
    await post(service, UNDO, service.post.token(EMAIL, "email_changed"))

    names = ("email_change_asked", "email_changed", "email_change_undone")
    told = {name: [line["user"] for line in service.events(name)] for name in names}

    assert told == {name: [user["id"]] for name in names}


async def test_tokens_and_addresses_are_in_no_log() -> None:
    """What the log says of a change holds neither a token nor an address."""
    service = confirming()
    caller = await ada(service)
    await moved(service, caller, NEW)

    said = repr(service.lines)

    assert NEW not in said
    assert EMAIL not in said
    assert service.post.token(NEW, "change_email").partition(".")[0] not in said


async def test_confirmed_twice_at_once() -> None:
    """Of two who use one link at once one changes the address."""
    service = confirming()
    caller = await ada(service)
    await asked(service, caller, NEW)
    token = service.post.token(NEW, "change_email")

    answers = await asyncio.gather(*(post(service, CONFIRM, token) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert (await service.caller(fresh_source()).log_in(NEW, PASSWORD)).status_code == 200
