"""Signing up where addresses are confirmed."""

from __future__ import annotations

import httpx
import pytest

from tests.support.faulty import FaultyStore
from tests.support.held import Held
from tests.support.service import EMAIL, PASSWORD, Caller, Service, fresh_email, fresh_source
from wicketgate.core.errors import ConfigurationError
from wicketgate.core.users import email_claim, verified
from wicketgate.methods.password.flow import NewAccount
from wicketgate.stores.memory import MemoryStore

BEGUN = {"success": True, "message": "Check your email for a link to confirm your address"}
UNCONFIRMED = {"success": False, "error": "Please confirm your email address first; we have sent you a new link"}
REFUSED = {"success": False, "error": "Invalid credentials"}


@pytest.fixture
def service() -> Service:
    """A service that lets nobody in before the address is confirmed."""
    return Service(email_verification="required")


async def confirm(caller: Caller, token: str) -> httpx.Response:
    """The answer to using the link that confirms an address."""
    return await caller.post("/api/auth/email/verify", json={"token": token})


def shown(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """All that an answer shows, but for the id of the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.text, headers


async def test_the_whole_way(service: Service) -> None:
    """Signed up, mailed, confirmed, logged in."""
    caller = service.caller()
    signed_up = await caller.sign_up(EMAIL, PASSWORD, name="Ada")
    await service.settle()
    before = await caller.log_in()

    confirmed = await confirm(service.caller(), service.post.token(EMAIL, "verify_email"))
    after = await caller.log_in()

    assert (signed_up.status_code, signed_up.json()) == (201, BEGUN)
    assert (before.status_code, before.json()) == (403, UNCONFIRMED)
    assert "set-cookie" not in before.headers
    assert (confirmed.status_code, after.status_code) == (200, 200)
    assert (after.json()["user"]["name"], after.json()["user"]["emailVerified"]) == ("Ada", True)


async def test_a_taken_address_looks_free() -> None:
    """New and taken addresses get one answer after the same calls of the store, before either is looked at."""
    held = Held()
    store = FaultyStore(MemoryStore(), outcome=held)
    service = Service(store, email_verification="required")
    await service.caller().sign_up(EMAIL)
    await service.settle()
    store.failing.add("create")
    made: list[list[str]] = []
    answers: list[httpx.Response] = []

    for email in (EMAIL, fresh_email()):
        store.calls.clear()
        answers.append(await service.caller(fresh_source()).sign_up(email))
        made.append([call for call in store.calls if call != "create"])  # which the jobs get no further than

    assert shown(answers[0]) == shown(answers[1])
    assert made == [["take", "put_job"]] * 2
    held.let_go()
    await service.settle()


async def test_the_owner_of_a_taken_address_is_told(service: Service) -> None:
    """Whoever has confirmed the address gets a mail about it; account and password stay as they are."""
    await service.caller().sign_up()
    await service.settle()
    await confirm(service.caller(), service.post.token(EMAIL, "verify_email"))

    again = await service.caller(fresh_source()).sign_up(EMAIL, "another horse battery")
    await service.settle()

    assert again.json() == BEGUN
    letter = service.post.last(EMAIL)
    assert (letter.template, letter.values) == ("signup_taken", {"link": "/forgot-password"})
    assert (await service.caller(fresh_source()).log_in()).status_code == 200
    assert (await service.caller(fresh_source()).log_in(EMAIL, "another horse battery")).status_code == 401


async def test_an_address_that_waits_gets_another_link(service: Service) -> None:
    """Who signs up twice before confirming gets a second link, and keeps the first password."""
    await service.caller().sign_up()
    await service.caller(fresh_source()).sign_up(EMAIL, "another horse battery")
    await service.settle()

    await confirm(service.caller(), service.post.token(EMAIL, "verify_email"))

    assert {letter.template for letter in service.post.letters} == {"verify_email"}
    assert (await service.caller(fresh_source()).log_in()).status_code == 200
    assert (await service.caller(fresh_source()).log_in(EMAIL, "another horse battery")).status_code == 401


@pytest.mark.parametrize("known", [True, False])
async def test_a_wrong_password_does_not_learn_what_waits(service: Service, known: bool) -> None:
    """401 as for nobody: that an address waits to be confirmed is told to the right password alone."""
    await service.caller().sign_up()
    await service.settle()

    answer = await service.caller(fresh_source()).log_in(EMAIL if known else fresh_email(), "wrong")

    assert (answer.status_code, answer.json()) == (401, REFUSED)


async def test_a_wrong_password_takes_the_same_calls() -> None:
    """A login with a wrong password asks the store for the same, whether the address waits, or nobody has it."""
    store = FaultyStore(MemoryStore())
    service = Service(store, email_verification="required")
    await service.caller().sign_up()
    await service.settle()
    made: list[list[str]] = []

    for email in (EMAIL, fresh_email()):
        store.calls.clear()
        await service.caller(fresh_source()).log_in(email, "wrong")
        made.append(list(store.calls))

    assert made[0] == made[1]


async def test_a_login_sends_another_link(service: Service) -> None:
    """The right password has the link sent once more, until the address has had enough; the newest one counts."""
    await service.caller().sign_up()
    await service.settle()
    first = service.post.token(EMAIL, "verify_email")

    for _ in range(7):
        assert (await service.caller(fresh_source()).log_in()).status_code == 403
        await service.settle()

    assert len(service.post.letters) == 5
    assert (await confirm(service.caller(), first)).status_code == 400
    assert (await confirm(service.caller(), service.post.token(EMAIL, "verify_email"))).status_code == 200


async def test_sign_ups_are_limited(service: Service) -> None:
    """A source that has signed up often enough is told to wait, whatever becomes of its sign-ups."""
    caller = service.caller()

    statuses = [(await caller.sign_up(fresh_email())).status_code for _ in range(21)]

    assert statuses == [201] * 20 + [429]


async def test_what_is_invalid_is_told_at_once(service: Service) -> None:
    """The rules for fields are those of every sign-up."""
    answer = await service.caller().sign_up("no address", "short")

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"email", "password"}


async def test_the_document_says_so(service: Service) -> None:
    """The answer that the document announces has no user in it."""
    document = service.app.openapi()

    answer = document["paths"]["/api/auth/signup"]["post"]["responses"]["201"]["content"]["application/json"]

    assert answer["schema"] == {"$ref": "#/components/schemas/DoneResponse"}
    assert answer["examples"]["example"]["value"] == BEGUN


async def test_optional_signs_up_at_once_and_writes() -> None:
    """Where confirming is optional the account is there at once, whoever wants confirms, and nobody is kept out."""
    service = Service(email_verification="optional")
    caller, login = await service.user(EMAIL)
    await service.settle()

    taken = await service.caller(fresh_source()).sign_up()
    confirmed = await confirm(service.caller(), service.post.token(EMAIL, "verify_email"))

    assert login["user"]["emailVerified"] is False
    assert taken.status_code == 400
    assert confirmed.status_code == 200
    assert (await caller.profile()).json()["user"]["emailVerified"] is True


async def test_off_writes_to_nobody() -> None:
    """Without confirming no mail is sent at sign-up, and a user is shown as ever."""
    service = Service()
    _, login = await service.user(EMAIL)
    await service.settle()

    assert service.post.letters == []
    assert set(login["user"]) == {"id", "email", "name", "plan", "createdAt", "lastModified"}


async def test_required_needs_mail() -> None:
    """A service that lets nobody in before a mail is read does not start without a way to send one."""
    with pytest.raises(ConfigurationError, match="EMAIL_VERIFICATION"):
        Service(email_verification="required", mail=False)


async def test_from_python(service: Service) -> None:
    """What the route does can be called from Python; an operator's account is confirmed already."""
    passwords = service.app.passwords
    account = (await service.app.passwords.create(NewAccount(fresh_email(), PASSWORD), confirmed=True)).email

    await passwords.begin_sign_up(NewAccount(EMAIL, PASSWORD), fresh_source())
    await service.settle()

    assert passwords.confirms_first
    assert (await service.caller(fresh_source()).log_in(account)).status_code == 200
    record = await service.store.find(email_claim(EMAIL))
    assert record is not None
    assert not verified(record)
