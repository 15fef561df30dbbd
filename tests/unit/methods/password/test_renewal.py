"""Renewing a hash that was made at a lower cost, while others do something to the same user."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, add
from tests.unit.methods.password.house import HERE, House
from wicketgate.core.errors import HashingBusy, InvalidCredentials, NotAuthenticated, StoreUnavailable
from wicketgate.core.users import Edit
from wicketgate.core.visits import Visit
from wicketgate.methods.password.flow import HASH


async def house_with_an_old_hash() -> House:
    """A house in which Ada's hash is of cost 4 and today's cost is 5."""
    house = House()
    await add(house.store, private={HASH: "4:correct horse", "other": "kept"})
    return house


async def stored_hash(house: House) -> str | None:
    """The hash that is kept for Ada."""
    record = await house.store.get(ADA.id)
    return record.private[HASH] if record else None


async def test_a_cheaper_hash_is_renewed_at_login() -> None:
    """The right password gives the user a hash at today's cost and touches nothing else."""
    house = await house_with_an_old_hash()

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert signed_in.record.private == {HASH: "5:correct horse", "other": "kept"}
    assert await house.store.get(ADA.id) == signed_in.record
    assert signed_in.record.last_modified == ADA.last_modified


async def test_a_hash_of_today_is_left_alone() -> None:
    """Nothing is hashed or written when the hash is as good as new."""
    house = House()
    await add(house.store)

    await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert house.hasher.hashed == []
    assert house.store.edits == []


async def test_a_wrong_password_renews_nothing() -> None:
    """Only who knows the password gets its hash renewed."""
    house = await house_with_an_old_hash()

    with pytest.raises(InvalidCredentials):
        await house.flow.log_in(ADA.email, "wrong", Visit(HERE))

    assert await stored_hash(house) == "4:correct horse"


async def test_a_password_changed_meanwhile_stands() -> None:
    """A renewal never brings an old password back that was changed while it was hashed."""
    house = await house_with_an_old_hash()
    house.store.meanwhile = [lambda: house.store.play(ADA.id, Edit(private={HASH: "5:another"}))]

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert signed_in.record.id == ADA.id
    assert await stored_hash(house) == "5:another"


async def test_all_sessions_ended_meanwhile_stay_ended() -> None:
    """A session opened from what was read before a change of password and version is dead."""
    house = await house_with_an_old_hash()
    changed = Edit(private={HASH: "5:another"}, raise_session_version=True)
    house.store.meanwhile = [lambda: house.store.play(ADA.id, changed)]

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    with pytest.raises(NotAuthenticated):
        await house.sessions.check(signed_in.session.token)


async def test_a_user_deleted_meanwhile_gets_a_dead_session() -> None:
    """A user who is deleted during the renewal is not brought back, and the session is dead."""
    house = await house_with_an_old_hash()
    house.store.meanwhile = [lambda: house.store.delete(ADA.id)]

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert await house.store.get(ADA.id) is None
    with pytest.raises(NotAuthenticated):
        await house.sessions.check(signed_in.session.token)


async def test_a_full_queue_puts_the_renewal_off() -> None:
    """Whoever proved who they are is let in although there is no room to hash once more."""
    house = await house_with_an_old_hash()
    house.hasher.refusal = HashingBusy("password hashing")

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert signed_in.record.id == ADA.id
    assert await stored_hash(house) == "4:correct horse"


async def test_a_store_that_takes_no_write_puts_the_renewal_off() -> None:
    """A store that fails at the renewal alone does not lock anyone out."""
    house = await house_with_an_old_hash()

    async def gone() -> None:
        raise StoreUnavailable("gone")

    house.store.meanwhile = [gone]

    signed_in = await house.flow.log_in(ADA.email, "correct horse", Visit(HERE))

    assert signed_in.record.id == ADA.id
    assert await stored_hash(house) == "4:correct horse"
