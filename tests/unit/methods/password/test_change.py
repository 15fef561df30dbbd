"""Changing a password."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add
from tests.unit.methods.password.house import HERE, VISIT, House
from tests.unit.web.kit import call, sent
from wicketgate.core import fields
from wicketgate.core.errors import (
    HashingBusy,
    InvalidCredentials,
    InvalidInput,
    NotAuthenticated,
    Problem,
    StoreUnavailable,
    TooManyRequests,
)
from wicketgate.core.events import SecurityEvent
from wicketgate.core.one_time import attribute
from wicketgate.core.sessions import Authenticated
from wicketgate.core.users import VERIFIED_EMAIL, Edit, UserRecord
from wicketgate.methods.password.change_api import ChangePasswordApi, ChangePasswordRequest
from wicketgate.methods.password.flow import HASH
from wicketgate.web.cookies import SessionCookies

OLD, NEW = "correct horse", "another horse"


async def signed_in(house: House) -> Authenticated:
    """Ada's session, and nothing told of it."""
    token = (await house.flow.log_in(ADA.email, OLD, VISIT)).session.token
    house.events.events.clear()
    return await house.sessions.check(token)


async def ada(house: House) -> UserRecord:
    """Ada as she is in the store."""
    record = await house.store.get(ADA.id)
    assert record is not None
    return record


async def test_a_password_is_changed() -> None:
    """The new one opens the account from now on, the old one does not, and nothing else has changed."""
    house = House()
    await add(house.store, private={**ADA.private, VERIFIED_EMAIL: ADA.email, "other": "kept"})

    changed = await house.changes.change(await signed_in(house), OLD, NEW, VISIT)

    assert changed.record == await ada(house)
    assert changed.record.private == {HASH: "5:another horse", VERIFIED_EMAIL: ADA.email, "other": "kept"}
    assert changed.record.api_token_version == ADA.api_token_version
    assert house.events.events == [SecurityEvent("password_changed", ADA.id, HERE)]
    assert await house.flow.log_in(ADA.email, NEW, VISIT)
    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, OLD, VISIT)


async def test_one_session_goes_on() -> None:
    """Every session there was ends, that of the change too, and a new one takes its place."""
    house = House()
    await add(house.store)
    elsewhere = (await house.flow.log_in(ADA.email, OLD, VISIT)).session.token
    here = await signed_in(house)

    changed = await house.changes.change(here, OLD, NEW, VISIT)

    for token in (elsewhere, here.claims.token_id):
        with pytest.raises(NotAuthenticated):
            await house.sessions.check(token)
    assert (await house.sessions.check(changed.session.token)).record.id == ADA.id


async def test_a_link_to_reset_it_is_over() -> None:
    """Whoever was sent a link for the old password cannot replace the new one with it."""
    house = House()
    await add(house.store, private={**ADA.private, attribute("reset"): "1.2.3", attribute("verify"): "1.2.3"})

    changed = await house.changes.change(await signed_in(house), OLD, NEW, VISIT)

    assert changed.record.private == {HASH: "5:another horse", attribute("verify"): "1.2.3"}


async def test_a_wrong_password_changes_nothing() -> None:
    """A session alone is not enough: without the password of today the problem is that field's."""
    house = House()
    record = await add(house.store)
    session = await signed_in(house)

    with pytest.raises(InvalidInput) as caught:
        await house.changes.change(session, "wrong", NEW, VISIT)

    assert caught.value.problems == (Problem("This is not your password", "current_password"),)
    assert await ada(house) == record
    assert house.hasher.hashed == []


async def test_guessing_with_a_session_is_limited() -> None:
    """Whoever has stolen a session runs into the account's limit like everybody else."""
    house = House()
    await add(house.store)
    session = await signed_in(house)
    for _ in range(2):
        with pytest.raises(InvalidInput):
            await house.changes.change(session, "wrong", NEW, VISIT)

    with pytest.raises(TooManyRequests) as caught:
        await house.changes.change(session, OLD, NEW, VISIT)

    assert caught.value.limit == "account"


@pytest.mark.parametrize(("current", "new"), [(OLD, OLD), ("ﬁve horses", "five horses")])
async def test_the_same_password_is_no_change(current: str, new: str) -> None:
    """To choose the password one has is refused in plain words, also when it is spelled another way."""
    house = House()
    await add(house.store, private={HASH: f"5:{current}"})
    token = (await house.flow.log_in(ADA.email, current, VISIT)).session.token

    with pytest.raises(InvalidInput) as caught:
        await house.changes.change(await house.sessions.check(token), current, new, VISIT)

    assert caught.value.problems == (Problem("This is already your password; choose another one", "password"),)
    assert await house.sessions.check(token)


async def test_the_same_password_is_told_only_to_who_knows_it() -> None:
    """Somebody who guesses learns of a wrong password alone, whatever is to come after it."""
    house = House()
    await add(house.store)
    session = await signed_in(house)

    with pytest.raises(InvalidInput) as caught:
        await house.changes.change(session, "wrong", "wrong", VISIT)

    assert set(caught.value.by_field) == {"current_password"}


async def test_a_hash_renewed_meanwhile_is_no_obstacle() -> None:
    """When a login renews the hash at the same moment, the change is made all the same."""
    house = House()
    await add(house.store)
    session = await signed_in(house)
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(private={HASH: f"6:{OLD}"}))]

    changed = await house.changes.change(session, OLD, NEW, VISIT)

    assert changed.record.private == {HASH: "5:another horse"}


async def test_a_reset_meanwhile_stands() -> None:
    """A password that was reset while the new one was hashed stays, and the session is over."""
    house = House()
    await add(house.store)
    session = await signed_in(house)
    reset = Edit(private={HASH: "5:reset"}, raise_session_version=True)
    house.store.meanwhile = [lambda: house.store.play(ADA.id, reset)]

    with pytest.raises(NotAuthenticated):
        await house.changes.change(session, OLD, NEW, VISIT)

    assert (await ada(house)).private == {HASH: "5:reset"}
    assert house.events.events == []


async def test_another_change_meanwhile_stands() -> None:
    """Of two changes at once one is made; the other learns that its session has ended."""
    house = House()
    await add(house.store)
    session = await signed_in(house)

    async def first() -> None:
        await house.changes.change(session, OLD, "the first horse", VISIT)

    house.store.meanwhile = [first]

    with pytest.raises(NotAuthenticated):
        await house.changes.change(session, OLD, NEW, VISIT)

    assert (await ada(house)).private == {HASH: "5:the first horse"}


async def test_who_leaves_meanwhile_has_no_password() -> None:
    """A user who is deleted while the new password is hashed is not brought back."""
    house = House()
    await add(house.store)
    session = await signed_in(house)
    house.store.meanwhile = [lambda: house.store.delete(ADA.id)]

    with pytest.raises(NotAuthenticated):
        await house.changes.change(session, OLD, NEW, VISIT)

    assert await house.store.get(ADA.id) is None


async def test_a_hash_that_keeps_changing_is_given_up() -> None:
    """Someone whose hash never stands still for long enough is told to come back."""
    house = House()
    await add(house.store)
    session = await signed_in(house)

    async def renewed() -> None:
        cost = int((await ada(house)).private[HASH].partition(":")[0])
        await house.store.play(ADA.id, Edit(private={HASH: f"{cost + 1}:{OLD}"}))

    house.store.meanwhile = [renewed] * 4

    with pytest.raises(StoreUnavailable):
        await house.changes.change(session, OLD, NEW, VISIT)

    assert (await ada(house)).private == {HASH: f"9:{OLD}"}


async def test_a_full_queue_changes_nothing() -> None:
    """When hashing is refused the old password stays, and the session too."""
    house = House()
    await add(house.store)
    session = await signed_in(house)
    house.hasher.refusal = HashingBusy("password hashing")

    with pytest.raises(HashingBusy):
        await house.changes.change(session, OLD, NEW, VISIT)

    assert await house.sessions.check(session.claims.token_id)


async def test_the_operator_replaces_a_password() -> None:
    """Whoever runs the service needs no old password; every session ends and the trail says who it was."""
    house = House()
    record = await add(house.store, private={**ADA.private, attribute("reset"): "1.2.3"})
    session = await signed_in(house)

    changed = await house.changes.replace(record, NEW)

    assert changed is not None
    assert changed.private == {HASH: "5:another horse"}
    assert house.events.events == [SecurityEvent("password_changed", ADA.id, by_operator=True)]
    with pytest.raises(NotAuthenticated):
        await house.sessions.check(session.claims.token_id)


async def test_the_operator_cannot_replace_nobodys() -> None:
    """A user who is gone is not brought back."""
    house = House()

    assert await house.changes.replace(ADA, NEW) is None

    assert house.events.events == []


def test_the_fields_have_rules() -> None:
    """The password of today is taken as it is, the new one keeps the rules for new ones."""
    rules = House().changes.rules

    assert fields.check(rules, {"current_password": " x ", "password": NEW})["current_password"] == " x "
    with pytest.raises(InvalidInput) as caught:
        fields.check(rules, {"current_password": "", "password": "short"})
    assert dict(caught.value.by_field) == {
        "current_password": "Current password is required",
        "password": "Password must be at least 8 characters",
    }


async def test_the_route_answers_with_the_new_session() -> None:
    """200 with the token and both cookies of the session that goes on."""
    house = House()
    await add(house.store)
    asked = call(ChangePasswordRequest(OLD, NEW), await signed_in(house))

    answer = await sent(
        await ChangePasswordApi(house.changes, SessionCookies(production=False, max_age=60)).change(asked)
    )

    token = answer.json["token"]
    assert answer.status == 200
    assert (set(answer.json), answer.json["success"]) == ({"success", "message", "token"}, True)
    assert [cookie.partition(";")[0] for cookie in answer.all("set-cookie")] == [
        f"auth_token={token}",
        f"csrf_token=csrf of {token}",
    ]
    assert (await house.sessions.check(token)).record.id == ADA.id
