"""A forgotten password, from asking for a link to logging in with another one."""

from __future__ import annotations

import httpx
import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.faulty import FaultyStore
from tests.support.held import Held
from tests.support.service import EMAIL, PASSWORD, Service, fresh_email, fresh_source
from wicketgate.stores.memory import MemoryStore

NEW = "another horse battery"
OVER = {
    "success": False,
    "error": "This link is no longer valid",
    "field": "token",
    "errors": {"token": "This link is no longer valid"},
}


async def forgotten(service: Service, email: str = EMAIL) -> str:
    """The token of a link that has just been mailed."""
    answer = await service.caller(fresh_source()).forget(email)
    assert answer.status_code == 200, answer.text
    await service.settle()
    return service.post.token(email, "reset_password")


def shown(answer: httpx.Response) -> tuple[int, str, dict[str, str]]:
    """All that an answer shows, but for the id of the request."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, answer.text, headers


async def test_the_whole_way(service: Service) -> None:
    """Asked, mailed, chosen: the new password opens the account, the old one and every session are over."""
    caller, login = await service.user(EMAIL)

    asked = await service.caller().forget()
    await service.settle()
    letter = service.post.last(EMAIL, "reset_password")
    reset = await service.caller().reset(service.post.token(EMAIL), NEW)
    await service.settle()

    assert (asked.status_code, set(asked.json())) == (200, {"success", "message"})
    assert letter.values["link"].startswith("/reset-password#")
    assert (reset.status_code, set(reset.json())) == (200, {"success", "message"})
    assert "set-cookie" not in reset.headers
    assert (await caller.profile()).status_code == 401
    assert (await caller.profile(login["token"])).status_code == 401
    assert (await service.caller(fresh_source()).log_in()).status_code == 401
    assert (await service.caller(fresh_source()).log_in(EMAIL, NEW)).status_code == 200
    assert service.post.last(EMAIL).template == "password_changed"


async def test_a_link_is_good_once(service: Service) -> None:
    """The second time a link says that it is over, and the first choice stays."""
    await service.user(EMAIL)
    token = await forgotten(service)
    await service.caller().reset(token, NEW)

    again = await service.caller().reset(token, "a third horse battery")

    assert (again.status_code, again.json()) == (400, OVER)
    assert (await service.caller(fresh_source()).log_in(EMAIL, NEW)).status_code == 200


async def test_a_link_is_good_for_an_hour(service: Service) -> None:
    """An hour after it was sent it is over, and not before."""
    await service.user(EMAIL)
    early = await forgotten(service)
    service.clock.advance(HOUR - 1000)
    in_time = await service.caller().reset(early, NEW)
    late = await forgotten(service)
    service.clock.advance(HOUR)

    too_late = await service.caller().reset(late, NEW)

    assert in_time.status_code == 200
    assert (too_late.status_code, too_late.json()) == (400, OVER)


@pytest.mark.parametrize(
    "token", ["x", "x.y", ".", "x.00000000-0000-4000-8000-000000000000", "limit#login#203.0.113.7", "é\0" * 50]
)
async def test_what_is_no_link_gets_the_same_answer(service: Service, token: str) -> None:
    """Nobody learns from a bad link what is wrong with it, or whether its user exists."""
    await service.user(EMAIL)

    answer = await service.caller().reset(token, NEW)

    assert (answer.status_code, answer.json()) == (400, OVER)


async def test_a_bad_secret_for_a_user_who_exists_gets_it_too(service: Service) -> None:
    """A link's id tells nothing without its secret."""
    _, login = await service.user(EMAIL)
    await forgotten(service)

    answer = await service.caller().reset(f"secret.{login['user']['id']}", NEW)

    assert (answer.status_code, answer.json()) == (400, OVER)


@pytest.mark.parametrize("purpose", ["verify_email", "change_email"])
async def test_a_link_for_something_else_is_none(purpose: str) -> None:
    """A link that confirms an address chooses no password."""
    service = Service(email_verification="optional")
    caller, _ = await service.user(EMAIL)
    await caller.update({"email": "grace@example.com"})
    await service.settle()
    to = EMAIL if purpose == "verify_email" else "grace@example.com"

    answer = await service.caller().reset(service.post.token(to, purpose), NEW)

    assert (answer.status_code, answer.json()) == (400, OVER)


async def test_a_link_to_an_address_of_before_is_over() -> None:
    """Whoever reads the mail of an address that was given up does not get in by it."""
    service = Service(email_verification="off")
    caller, _ = await service.user(EMAIL)
    token = await forgotten(service)
    await caller.update({"email": "countess@example.com"})

    answer = await service.caller().reset(token, NEW)

    assert (answer.status_code, answer.json()) == (400, OVER)
    assert (await service.caller(fresh_source()).log_in("countess@example.com")).status_code == 200


async def test_a_change_of_password_ends_the_link(service: Service) -> None:
    """Somebody who remembers the password and changes it needs no link any more, and nobody else gets in by it."""
    caller, _ = await service.user(EMAIL)
    token = await forgotten(service)
    await caller.change_password(PASSWORD, NEW)

    answer = await service.caller().reset(token, "a third horse battery")

    assert answer.json() == OVER


@pytest.mark.parametrize("password", ["short", "", "password1", "ada@example.com"])
async def test_a_bad_password_leaves_the_link(service: Service, password: str) -> None:
    """The rules are those of a sign-up, and another password may be chosen with the same link."""
    await service.user(EMAIL)
    token = await forgotten(service)

    refused = await service.caller().reset(token, password)
    chosen = await service.caller().reset(token, NEW)

    assert (refused.status_code, refused.json()["field"]) == (400, "password")
    assert chosen.status_code == 200


async def test_the_address_counts_as_confirmed() -> None:
    """Whoever reads the link has the address, so nobody asks for it once more."""
    service = Service(email_verification="required")
    await service.caller().sign_up()
    await service.settle()
    token = await forgotten(service)

    await service.caller().reset(token, NEW)

    login = await service.caller().log_in(EMAIL, NEW)
    assert (login.status_code, login.json()["user"]["emailVerified"]) == (200, True)


async def test_a_squatter_keeps_nothing(service: Service) -> None:
    """Who signed up with somebody else's address loses password, session and API token to its owner's reset."""
    squatter, login = await service.user(EMAIL, "the squatter's own")
    token = await forgotten(service)

    await service.caller().reset(token, NEW)

    assert (await squatter.profile()).status_code == 401
    assert (await squatter.verify(login["api_token"])).status_code == 401
    assert (await service.caller(fresh_source()).log_in(EMAIL, "the squatter's own")).status_code == 401


async def test_nothing_given_out_before_outlives_a_reset(service: Service) -> None:
    """Also when the address was confirmed, as its owner may have confirmed what a stranger had signed up."""
    await service.user(EMAIL)
    await service.caller().reset(await forgotten(service), NEW)
    login = (await service.caller(fresh_source()).log_in(EMAIL, NEW)).json()

    await service.caller().reset(await forgotten(service), "a third horse battery")

    assert (await service.caller().verify(login["api_token"])).status_code == 401


async def test_nobody_learns_who_has_an_account() -> None:
    """Known and unknown addresses get one answer, after the same calls of the store, before either is looked up."""
    held = Held()
    store = FaultyStore(MemoryStore(), "find", outcome=held)
    service = Service(store)
    await service.user(EMAIL)
    made: list[list[str]] = []
    answers: list[httpx.Response] = []

    for email in (EMAIL, fresh_email()):
        store.calls.clear()
        answers.append(await service.caller(fresh_source()).forget(email))
        made.append(list(store.calls))

    assert shown(answers[0]) == shown(answers[1])
    assert made[0] == made[1]
    assert {"take", "put_job"} <= set(made[0])
    held.let_go()
    await service.settle()
    assert [letter.to for letter in service.post.letters if letter.template == "reset_password"] == [EMAIL]


async def test_the_answer_is_the_same_when_nothing_is_sent_any_more(service: Service) -> None:
    """An address whose mails are spent looks like every other; its owner just gets no more of them."""
    await service.user(EMAIL)

    answers = [await service.caller(fresh_source()).forget() for _ in range(7)]
    await service.settle()

    assert all(shown(answer) == shown(answers[0]) for answer in answers)
    assert len([letter for letter in service.post.letters if letter.template == "reset_password"]) == 5
    service.clock.advance(15 * MINUTE)
    assert await forgotten(service)


async def test_a_source_asks_so_often(service: Service) -> None:
    """The eleventh time within a quarter of an hour a source is told to wait, for whatever address it asks."""
    caller = service.caller()

    answers = [await caller.forget(fresh_email()) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) == 15 * 60


async def test_a_source_tries_so_many_links(service: Service) -> None:
    """The twenty-first link of a source is not looked at, be it good."""
    await service.user(EMAIL)
    token = await forgotten(service)
    caller = service.caller()
    for _ in range(20):
        assert (await caller.reset("x.y", NEW)).status_code == 400

    limited = await caller.reset(token, NEW)
    elsewhere = await service.caller(fresh_source()).reset(token, NEW)

    assert (limited.status_code, elsewhere.status_code) == (429, 200)


@pytest.mark.parametrize("path", ["/api/auth/password/forgot", "/api/auth/password/reset"])
async def test_without_mail_there_are_no_such_calls(path: str) -> None:
    """A service that cannot write promises no mail."""
    service = Service(mail=False)

    answer = await service.caller().post(path, json={"email": EMAIL})

    assert answer.status_code == 404
    assert path not in service.app.openapi()["paths"]


async def test_no_secret_is_written_down(service: Service) -> None:
    """Neither the store nor the log holds a token or a password, and no job holds either in the clear."""
    store = service.store
    await service.user(EMAIL)
    token = await forgotten(service)
    secret = token.partition(".")[0]
    before = repr(vars(store))

    await service.caller().reset(token, NEW)

    everything = "\n".join([before, repr(vars(store)), repr(service.lines)])
    assert secret not in everything
    assert NEW not in everything


async def test_python_asks_and_resets(service: Service) -> None:
    """What the routes do can be called from Python, without a request."""
    await service.user(EMAIL)

    await service.app.recovery.ask(EMAIL, fresh_source())
    await service.settle()
    record = await service.app.recovery.reset(service.post.token(EMAIL, "reset_password"), NEW, fresh_source())

    assert record.email == EMAIL
    assert (await service.caller(fresh_source()).log_in(EMAIL, NEW)).status_code == 200


async def test_python_without_mail_gives_up() -> None:
    """Where nobody can write a link that is asked for from Python is given up, and the log says so."""
    service = Service(mail=False)
    await service.user(EMAIL)

    await service.app.recovery.ask(EMAIL, fresh_source())
    await service.settle()

    assert "no way to send mail" in repr(service.events("job_given_up"))


async def test_the_newest_link_counts(service: Service) -> None:
    """Asking once more makes another link, and the one before is over."""
    await service.user(EMAIL)
    first, second = await forgotten(service), await forgotten(service)

    answers = [await service.caller().reset(token, NEW) for token in (first, second)]

    assert answers[0].json() == OVER
    assert answers[1].status_code == 200
