"""Confirming an address after sign-up."""

from __future__ import annotations

import httpx
import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_source
from wicketgate.stores.memory import MemoryStore

VERIFY = "/api/auth/email/verify"
RESEND = "/api/auth/email/resend"
GONE = {
    "success": False,
    "error": "This link is no longer valid",
    "field": "token",
    "errors": {"token": "This link is no longer valid"},
}


def optional(**changes: object) -> Service:
    """A service that asks for confirmation and does not insist."""
    return Service(email_verification="optional", **changes)  # type: ignore[arg-type]


async def signed_up(service: Service, address: str = EMAIL) -> Caller:
    """A caller who is logged in, with the letter on its way to them delivered."""
    caller, _ = await service.user(address)
    await service.settle()
    return caller


async def verify(service: Service, token: str) -> httpx.Response:
    """The answer to somebody who opens the link."""
    return await service.caller(fresh_source()).post(VERIFY, json={"token": token})


async def is_verified(caller: Caller) -> bool:
    """What the caller's profile says."""
    user = (await caller.profile()).json()["user"]
    verified: bool = user["emailVerified"]
    return verified


async def test_a_link_confirms_the_address() -> None:
    """After sign-up a link comes by mail, and using it makes the address a confirmed one."""
    service = optional()
    caller = await signed_up(service)
    before = await is_verified(caller)

    answer = await verify(service, service.post.token(EMAIL, "verify_email"))

    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert (before, await is_verified(caller)) == (False, True)


async def test_a_link_leads_to_a_page_with_its_token_after_the_hash() -> None:
    """No server on the way sees the token, and a program that opens the link does nothing by it."""
    service = optional()
    await signed_up(service)

    link = service.post.last(EMAIL, "verify_email").values["link"]

    assert link.startswith("/verify-email#")


async def test_a_link_is_good_once() -> None:
    """The second time it is no longer valid, and the address stays confirmed."""
    service = optional()
    caller = await signed_up(service)
    token = service.post.token(EMAIL, "verify_email")
    await verify(service, token)

    again = await verify(service, token)

    assert (again.status_code, again.json()) == (400, GONE)
    assert await is_verified(caller)


async def test_a_link_is_good_for_a_day() -> None:
    """A minute before it works, a minute after it does not."""
    service = optional()
    await signed_up(service)
    await signed_up(service, "grace@example.com")
    ada, grace = (service.post.token(address, "verify_email") for address in (EMAIL, "grace@example.com"))
    service.clock.advance(24 * HOUR - MINUTE)
    early = await verify(service, ada)
    service.clock.advance(2 * MINUTE)

    late = await verify(service, grace)

    assert (early.status_code, late.status_code) == (200, 400)
    assert late.json() == GONE


@pytest.mark.parametrize("token", ["x", "x.y", ".", "\u0000", "a" * 5000, "\U0001f989.\U0001f989"])
async def test_an_invented_link_is_no_link(token: str) -> None:
    """Whatever is sent as a token gets the one answer."""
    service = optional()
    await signed_up(service)

    answer = await verify(service, token)

    assert answer.status_code == 400
    assert answer.json()["field"] == "token"


async def test_anothers_link_is_no_link() -> None:
    """A token whose user id is changed to another's confirms nobody's address."""
    service = optional()
    ada = await signed_up(service)
    grace = await signed_up(service, "grace@example.com")
    secret = service.post.token(EMAIL, "verify_email").partition(".")[0]
    other = service.post.token("grace@example.com", "verify_email").partition(".")[2]

    answer = await verify(service, f"{secret}.{other}")

    assert (answer.status_code, answer.json()) == (400, GONE)
    assert (await is_verified(ada), await is_verified(grace)) == (False, False)


async def test_another_link_replaces_the_first() -> None:
    """After asking again only the newer link counts."""
    service = optional()
    caller = await signed_up(service)
    first = service.post.token(EMAIL, "verify_email")
    await caller.post(RESEND, json={"email": EMAIL})
    await service.settle()
    second = service.post.token(EMAIL, "verify_email")

    answers = [await verify(service, token) for token in (first, second)]

    assert first != second
    assert [answer.status_code for answer in answers] == [400, 200]


async def test_asking_again_tells_nothing() -> None:
    """For an unknown address, a confirmed one and one that waits, the answer and the work before it are the same."""
    store = FaultyStore(MemoryStore())
    service = optional(store=store)
    await signed_up(service)
    await signed_up(service, "grace@example.com")
    await verify(service, service.post.token("grace@example.com", "verify_email"))
    seen, letters = [], []

    for address in ("nobody@example.com", "grace@example.com", EMAIL):
        written = len(service.post.letters)
        store.calls.clear()
        answer = await service.caller(fresh_source()).post(RESEND, json={"email": address})
        work = store.calls[: store.calls.index("put_job") + 1]
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        seen.append((answer.status_code, answer.content, headers, work))
        await service.settle()
        letters.append(len(service.post.letters) - written)

    assert seen[0] == seen[1] == seen[2]
    assert (seen[0][0], seen[0][3]) == (200, ["take", "put_job"])
    assert letters == [0, 0, 1]


async def test_one_source_does_not_ask_for_ever() -> None:
    """Mail of one source is limited, whatever addresses it names."""
    service = optional(mail_limit_max_requests=2)
    caller = service.caller()

    answers = [await caller.post(RESEND, json={"email": f"u{number}@example.com"}) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_one_address_does_not_drown() -> None:
    """However many ask from everywhere, an address gets no more mail than its limit, and nobody learns of it."""
    service = optional(mail_limit_per_address=3)
    await signed_up(service)

    for _ in range(5):
        answer = await service.caller(fresh_source()).post(RESEND, json={"email": EMAIL})
        assert answer.status_code == 200
        await service.settle()

    assert len([letter for letter in service.post.letters if letter.to == EMAIL]) == 3


async def test_one_source_does_not_try_links_for_ever() -> None:
    """Links tried by one source are limited, good ones too."""
    service = optional(link_limit_max_requests=2)
    await signed_up(service)
    caller = service.caller()
    for _ in range(2):
        await caller.post(VERIFY, json={"token": "x.y"})

    answer = await caller.post(VERIFY, json={"token": service.post.token(EMAIL, "verify_email")})

    assert answer.status_code == 429


async def test_a_link_goes_with_its_address() -> None:
    """A link for an address that is no longer the user's confirms nothing."""
    service = optional()
    caller = await signed_up(service)
    first = service.post.token(EMAIL, "verify_email")
    await caller.update({"email": "ada.king@example.com"})
    await service.settle()
    confirmed = await caller.post(
        "/api/auth/email/change/confirm", json={"token": service.post.token("ada.king@example.com")}
    )

    answer = await verify(service, first)

    assert (confirmed.status_code, answer.status_code) == (200, 400)


async def test_required_lets_nobody_in_before() -> None:
    """The right password alone opens nothing until the link was used; then it does."""
    service = Service(email_verification="required")
    caller = service.caller()
    await caller.sign_up()
    await service.settle()
    refused = await caller.log_in()
    await service.settle()

    await verify(service, service.post.token(EMAIL, "verify_email"))
    opened = await caller.log_in()

    assert (refused.status_code, opened.status_code) == (403, 200)
    assert opened.json()["user"]["emailVerified"] is True


async def test_off_says_nothing_of_it() -> None:
    """Without verification neither the calls nor the fields exist, and no letter is sent after sign-up."""
    service = Service()
    caller = await signed_up(service)

    user = (await caller.profile()).json()["user"]
    answers = [await caller.post(path, json={"token": "x", "email": EMAIL}) for path in (VERIFY, RESEND)]

    assert set(user) == {"id", "email", "name", "plan", "createdAt", "lastModified"}
    assert [answer.status_code for answer in answers] == [404, 404]
    assert service.post.letters == []


async def test_without_mail_there_is_none_of_it() -> None:
    """A service that cannot send mail confirms no addresses, whatever the setting says."""
    service = Service(mail=False, email_verification="optional")
    caller = await signed_up(service)

    user = (await caller.profile()).json()["user"]
    answers = [
        await caller.post(path, json={"token": "x", "email": EMAIL})
        for path in (VERIFY, RESEND, "/api/auth/email/change/confirm", "/api/auth/email/change/undo")
    ]

    assert "emailVerified" not in user
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_confirmation_is_an_event() -> None:
    """The log tells whose address was confirmed."""
    service = optional()
    caller = await signed_up(service)
    user = (await caller.profile()).json()["user"]

    await verify(service, service.post.token(EMAIL, "verify_email"))

    assert [line["user"] for line in service.events("email_verified")] == [user["id"]]


async def test_the_login_shows_what_waits() -> None:
    """Login answers with the same user as the profile does."""
    service = optional()
    await signed_up(service)

    user = (await service.caller().log_in(EMAIL, PASSWORD)).json()["user"]

    assert user["emailVerified"] is False
