"""Every kind of write, each asked for in a moment of danger; then what has become of it is found out.

Whoever was told that it worked finds that it has. Whoever was told nothing finds all of it or nothing of it, and can
ask again.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from tests.faults.danger import Deed, Risk
from tests.faults.people import VERIFY, Person
from tests.support.service import bearer

CONFIRM, UNDO = "/api/auth/email/change/confirm", "/api/auth/email/change/undo"
TOKENS, REVOKE = "/api/auth/api-tokens", "/api/auth/api-tokens/revoke"


async def sign_up(person: Person, danger: Risk) -> None:
    """An account is there, or can be had; nobody is told for ever that the address is taken who cannot log in."""
    told = await danger(lambda: person.http.sign_up(person.email, person.password))
    if told is None:
        again = await person.sure(lambda: person.http.sign_up(person.email, person.password))
        assert again.status_code in (201, 400)
    else:
        person.events["signup"] += 1
    await person.log_in()


async def log_in(person: Person, danger: Risk) -> None:
    """A session that somebody was given is good."""
    await person.move_in()
    told = await danger(lambda: person.http.log_in(person.email, person.password))
    session = told.json()["token"] if told else await person.log_in()
    assert await person.alive(session)


async def change_profile(person: Person, danger: Risk) -> None:
    """A profile is as it was, or as it was asked to be."""
    await person.move_in()
    before, person.bio = person.bio, f"I am number {person.number}"
    change = {"bio": person.bio, "name": "Somebody else"}
    told = await danger(lambda: person.http.update(change, person.session))
    shown = await person.shown()
    if told is None:
        assert shown.get("bio") in (before, person.bio)
        assert (shown.get("bio") == person.bio) == (shown["name"] == "Somebody else")
        await person.succeed(lambda: person.http.update(change, person.session))


async def log_out(person: Person, danger: Risk) -> None:
    """A session that was ended stays ended, and no other one ends."""
    await person.move_in()
    ending, other = person.session, await person.log_in()
    told = await danger(lambda: person.http.log_out(ending))
    if told is None:
        await person.succeed(lambda: person.http.log_out(ending))
    person.dead.append(ending)
    assert not await person.alive(ending)
    assert await person.alive(other)


async def end_a_session(person: Person, danger: Risk) -> None:
    """A session that was ended from the list stays ended, and the one that did it goes on."""
    await person.move_in()
    ending, other = person.session, await person.log_in()
    listed = await person.succeed(lambda: person.http.get("/api/auth/sessions", headers=bearer(ending)))
    (number,) = (session["id"] for session in listed["sessions"] if session["current"])

    told = await danger(lambda: person.post("/api/auth/sessions/end", other, id=number))
    if told is None:
        await person.succeed(lambda: person.post("/api/auth/sessions/end", other, id=number))
    person.events["session_ended"] += told is not None
    person.dead.append(ending)
    assert await person.alive(other)


async def log_out_everywhere(person: Person, danger: Risk) -> None:
    """All sessions end, or none."""
    await person.move_in()
    sessions = [person.session, await person.log_in()]
    told = await danger(lambda: person.post("/api/auth/logout-everywhere", sessions[0]))
    alive = [await person.alive(session) for session in sessions]
    assert alive in ([False, False], [True, True])
    assert not (told and alive[0])
    if alive[0]:
        await person.succeed(lambda: person.post("/api/auth/logout-everywhere", sessions[0]))
    person.dead += sessions
    person.events["sessions_ended"] += told is not None


async def rotate(person: Person, danger: Risk) -> None:
    """The token of before is good until it is replaced, and dead from then on; there is always a good one."""
    await person.move_in()
    before = person.api_token
    told = await danger(lambda: person.http.rotate(person.session))
    now = told.json()["api_token"] if told else await _current(person)
    assert await person.opens_api(now)
    assert await person.opens_api(before) == (before == now)
    if before == now:
        assert told is None
        await person.succeed(lambda: person.http.rotate(person.session))
    person.dead_api.append(before)
    person.events["api_token_rotated"] += told is not None


async def _current(person: Person) -> str:
    said = await person.succeed(lambda: person.http.get("/api/auth/api-token", headers=bearer(person.session)))
    token: str = said["api_token"]
    return token


async def make_a_token(person: Person, danger: Risk) -> None:
    """A token that was shown is good; one that was not can be revoked like any other."""
    await person.move_in()
    told = await danger(lambda: person.post(TOKENS, person.session, name="A token"))
    assert told is None or await person.opens_api(told.json()["api_token"])
    person.events["api_token_created"] += told is not None
    for token in await _tokens(person):
        await person.succeed(partial(person.post, REVOKE, person.session, id=token))
    assert told is None or not await person.opens_api(told.json()["api_token"])


async def _tokens(person: Person) -> list[str]:
    said = await person.succeed(lambda: person.http.get(TOKENS, headers=bearer(person.session)))
    return [token["id"] for token in said["tokens"]]


async def revoke_a_token(person: Person, danger: Risk) -> None:
    """A token that was revoked is dead, and revoking it again is no error."""
    await person.move_in()
    made = await person.succeed(lambda: person.post(TOKENS, person.session, name="A token"))
    number = made["token"]["id"]
    told = await danger(lambda: person.post(REVOKE, person.session, id=number))
    if told is None:
        await person.succeed(lambda: person.post(REVOKE, person.session, id=number))
    person.dead_api.append(made["api_token"])
    assert not await person.opens_api(made["api_token"])


async def change_password(person: Person, danger: Risk) -> None:
    """One of the two passwords opens, and the sessions of before live as long as the password of before."""
    await person.move_in()
    old, new, session = person.password, person.fresh_password(), person.session
    told = await danger(lambda: person.http.change_password(old, new, session))
    person.events["password_changed"] += told is not None
    opens = [await person.opens(person.email, password) for password in (old, new)]
    assert opens in ([True, False], [False, True])
    assert await person.alive(session) == opens[0]
    assert not (told and opens[0])
    if opens[0]:
        await person.succeed(lambda: person.http.change_password(old, new, session))
    person.password = new
    person.dead.append(session)
    person.owed[person.email, "password has been changed"] += told is not None


async def ask_for_a_link(person: Person, danger: Risk) -> None:
    """The mail comes to whoever was told that it would."""
    await person.move_in()
    told = await danger(lambda: person.http.forget(person.email))
    person.owed[person.email, "new password"] += told is not None


async def reset(person: Person, danger: Risk) -> None:
    """A link that was used opens nothing any more; one that was not is still good."""
    await person.move_in()
    await person.succeed(lambda: person.http.forget(person.email))
    token = await person.link_to(person.email, "new password")
    old, new, session = person.password, person.fresh_password(), person.session
    told = await danger(lambda: person.http.reset(token, new))
    person.events["password_reset"] += told is not None
    opens = [await person.opens(person.email, password) for password in (old, new)]
    assert opens in ([True, False], [False, True])
    assert not (told and opens[0])
    again = await person.sure(lambda: person.http.reset(token, new))
    assert again.status_code == (200 if opens[0] else 400)
    person.password = new
    person.dead.append(session)
    person.dead_api.append(person.api_token)
    person.owed[person.email, "password has been changed"] += told is not None


async def confirm_an_address(person: Person, danger: Risk) -> None:
    """An address is confirmed once its link was used, and until then the link is good."""
    await person.sign_up()
    token = await person.link_to(person.email, "onfirm")
    await danger(lambda: person.post(VERIFY, token=token))
    again = await person.sure(lambda: person.post(VERIFY, token=token))
    await person.log_in()
    assert again.status_code in (200, 400)
    assert (await person.shown())["emailVerified"]


async def sign_up_by_mail(person: Person, danger: Risk) -> None:
    """A link comes to whoever was told that it is on its way; whoever was told nothing can have one sent."""
    told = await danger(lambda: person.http.sign_up(person.email, person.password))
    if told is None:
        again = await person.sure(lambda: person.http.sign_up(person.email, person.password))
        assert again.status_code in (201, 400)
        await person.succeed(lambda: person.post("/api/auth/email/resend", email=person.email))
    await person.confirm()
    await person.log_in()
    assert (await person.shown())["emailVerified"]


async def ask_to_move(person: Person, danger: Risk) -> None:
    """The mail to the new address comes to whoever was told so, and until the link is used nothing moves."""
    await person.move_in()
    address = person.fresh_email()
    told = await danger(lambda: person.http.update({"email": address}, person.session))
    person.owed[address, "new address"] += told is not None
    assert (await person.shown())["email"] == person.email


async def confirm_a_move(person: Person, danger: Risk) -> None:
    """The account is at one of the two addresses, and the link is good until it is at the new one."""
    await person.move_in()
    address = person.fresh_email()
    await person.succeed(lambda: person.http.update({"email": address}, person.session))
    token = await person.link_to(address, "new address")
    told = await danger(lambda: person.post(CONFIRM, token=token))
    moved = await _moved(person, address)
    assert moved or not told
    again = await person.sure(lambda: person.post(CONFIRM, token=token))
    assert again.status_code == (400 if moved else 200)
    _now_at(person, address, told=told is not None)


async def undo_a_move(person: Person, danger: Risk) -> None:
    """The way back is good until it was taken, and then every session has ended, and the password."""
    await person.move_in()
    address, before = person.fresh_email(), person.email
    await person.succeed(lambda: person.http.update({"email": address}, person.session))
    token = await person.link_to(address, "new address")
    await person.succeed(lambda: person.post(CONFIRM, token=token))
    back = await person.link_to(before, "has changed")
    told = await danger(lambda: person.post(UNDO, token=back))
    opens = [await person.opens(mine, person.password) for mine in (before, address)]
    assert opens in ([False, False], [False, True])
    returned = not opens[1]
    assert returned or not told
    again = await person.sure(lambda: person.post(UNDO, token=back))
    assert again.status_code == (400 if returned else 200)
    person.email = before
    person.dead.append(person.session)
    person.dead_api.append(person.api_token)
    await person.choose_another_password()


async def move(person: Person, danger: Risk) -> None:
    """The account is at one of the two addresses, and the other is free."""
    await person.move_in()
    address = person.fresh_email()
    told = await danger(lambda: person.http.update({"email": address}, person.session))
    moved = await _moved(person, address)
    assert moved or not told
    if not moved:
        await person.succeed(lambda: person.http.update({"email": address}, person.session))
    await _is_free(person, person.email)
    _now_at(person, address, told=told is not None)


async def _moved(person: Person, address: str) -> bool:
    opens = [await person.opens(mine, person.password) for mine in (person.email, address)]
    assert opens in ([True, False], [False, True])
    return opens[1]


def _now_at(person: Person, address: str, *, told: bool) -> None:
    # Whether or not anybody was told: it has happened, and whoever had the address must hear of it.
    person.owed[person.email, "address of your"] += 1
    person.events["email_changed"] += told
    person.email = address


async def delete(person: Person, danger: Risk) -> None:
    """The account is there as it was, or nothing of it is, and its address is free."""
    await person.move_in()
    session, token = person.session, person.api_token
    told = await danger(lambda: person.post("/api/account/delete", session, password=person.password))
    there = [await person.opens(person.email, person.password), await person.alive(session)]
    there.append(await person.opens_api(token))
    assert there in ([True] * 3, [False] * 3)
    assert not (told and there[0])
    if there[0]:
        await person.succeed(lambda: person.post("/api/account/delete", session, password=person.password))
    person.dead.append(session)
    person.dead_api.append(token)
    person.owed[person.email, "has been deleted"] += 1
    await _is_free(person, person.email)
    person.gone = True


async def _is_free(person: Person, address: str) -> None:
    """Somebody else can have an address."""
    other = Person(person.town)
    other.email = address
    await other.sign_up()
    await other.log_in()
    await other.leave()


async def spend_a_limit(person: Person, danger: Risk) -> None:
    """Of twelve who ask from one place no more than ten are let through, before and after taken together."""
    told = await danger(lambda: person.http.forget(person.fresh_email()))
    answers = [await person.sure(lambda: person.http.forget(person.fresh_email())) for _ in range(11)]
    through = sum(answer.status_code == 200 for answer in answers) + (told is not None)
    assert through <= 10
    assert answers[-1].status_code == 429
    person.gone = True


ALWAYS: Final[tuple[Deed, ...]] = (
    *(sign_up, log_in, change_profile, log_out, end_a_session, log_out_everywhere, rotate, make_a_token),
    *(revoke_a_token, change_password, ask_for_a_link, reset, delete, spend_a_limit),
)
UNCONFIRMED: Final[tuple[Deed, ...]] = (move,)
CONFIRMED: Final[tuple[Deed, ...]] = (sign_up_by_mail, confirm_an_address, ask_to_move, confirm_a_move, undo_a_move)
