"""Users and claims with several callers at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.contract.people import NOW, move, outcomes, person, signed_up, stored
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.ports import Store
from wicketgate.core.users import FORMER_EMAIL, OLD_API_TOKEN, Edit, api_token_claim, claims_of, email_claim


async def test_sign_ups_with_one_address(store: Store) -> None:
    """Of twenty who sign up with one address at once exactly one wins, and the others leave no trace."""
    people = [person("same") for _ in range(20)]
    claim = email_claim("same@example.com")

    results = await outcomes(*(store.create(one, [claim]) for one in people))

    winners = [one for one, result in zip(people, results, strict=True) if result is None]
    assert results.count(None) == 1
    assert results.count(ClaimTaken) == 19
    assert [one for one in people if await store.get(one.id) is not None] == winners
    assert await store.find(claim) == winners[0]


async def test_sign_ups_with_different_addresses(store: Store) -> None:
    """Thirty different people who sign up at once all get in."""
    people = [person(f"p{number}") for number in range(30)]

    await asyncio.gather(*(store.create(one, [email_claim(one.email)]) for one in people))

    assert [await store.find(email_claim(one.email)) for one in people] == people


async def test_two_ask_for_each_others_address(store: Store) -> None:
    """Two who each ask for the other's address at once both learn that it is taken, and keep their own."""
    ann, bob = await signed_up(store, "ann"), await signed_up(store, "bob")

    results = await outcomes(
        store.edit(ann.id, move(ann, bob.email)),
        store.edit(bob.id, move(bob, ann.email)),
    )

    assert results == [ClaimTaken, ClaimTaken]
    assert await store.find(email_claim(ann.email)) == ann
    assert await store.find(email_claim(bob.email)) == bob


async def test_many_move_to_one_address(store: Store) -> None:
    """Of several users who move to one free address at once one gets it; the others keep theirs."""
    people = [await signed_up(store, f"p{number}") for number in range(6)]

    results = await outcomes(*(store.edit(one.id, move(one, "prize@example.com")) for one in people))

    losers = [one for one, result in zip(people, results, strict=True) if result is ClaimTaken]
    prize = await store.find(email_claim("prize@example.com"))
    assert len(losers) == 5
    assert [await store.find(email_claim(one.email)) for one in losers] == losers
    assert prize in results


async def test_one_moves_to_many_addresses(store: Store) -> None:
    """One user who moves to several addresses at once ends with one of them; the others stay free."""
    ann = await signed_up(store)
    addresses = [f"new{number}@example.com" for number in range(6)]

    results = await outcomes(*(store.edit(ann.id, move(ann, address)) for address in addresses))

    now = await stored(store, ann)
    found = {address: await store.find(email_claim(address)) for address in [ann.email, *addresses]}
    assert results.count(Stale) == 5
    assert {address for address, owner in found.items() if owner is not None} == {now.email}
    assert found[now.email] == now


async def test_address_handed_over(store: Store) -> None:
    """While one gives an address up another asks for it: whoever has it afterwards, it leads to one who says so."""
    ann, bob = await signed_up(store, "ann"), await signed_up(store, "bob")

    left, got = await outcomes(
        store.edit(ann.id, move(ann, "away@example.com")),
        store.edit(bob.id, move(bob, ann.email)),
    )

    owner = await store.find(email_claim(ann.email))
    assert left == await store.find(email_claim("away@example.com"))
    assert (owner, got) in [(None, ClaimTaken), (got, await stored(store, bob))]


async def test_edits_of_different_fields(store: Store) -> None:
    """Edits of different fields and attributes at once all hold."""
    ann = await signed_up(store)
    edits = [
        Edit(fields={"name": "new name"}),
        Edit(fields={"bio": "new bio"}),
        Edit(fields={"plan": "pro"}),
        Edit(fields={"last_modified": "2025-01-01T00:00:00.000Z"}),
        *(Edit(private={f"key{number}": str(number)}) for number in range(8)),
    ]

    await asyncio.gather(*(store.edit(ann.id, edit) for edit in edits))

    now = await stored(store, ann)
    assert (now.name, now.bio, now.plan) == ("new name", "new bio", "pro")
    assert now.last_modified == "2025-01-01T00:00:00.000Z"
    assert now.private == {**ann.private, **{f"key{number}": str(number) for number in range(8)}}


async def test_edits_with_revocations(store: Store) -> None:
    """Edits and the ending of sessions at once lose nothing of each other."""
    ann = await signed_up(store)
    tokens = {f"token{number}": NOW + 100 + number for number in range(10)}

    await asyncio.gather(
        *(store.edit(ann.id, Edit(private={f"key{number}": "x"})) for number in range(10)),
        *(store.revoke(ann, token, expiry, NOW) for token, expiry in tokens.items()),
    )

    now = await stored(store, ann)
    assert now.revoked_sessions == tokens
    assert set(now.private) == {"passwordHash", *(f"key{number}" for number in range(10))}


async def test_move_with_edits(store: Store) -> None:
    """A change of address and edits of other fields at once all hold."""
    ann = await signed_up(store)

    await asyncio.gather(
        store.edit(ann.id, move(ann, "new@example.com")),
        store.edit(ann.id, Edit(fields={"name": "new"})),
        store.edit(ann.id, Edit(fields={"bio": "new"})),
    )

    now = await stored(store, ann)
    assert (now.email, now.name, now.bio) == ("new@example.com", "new", "new")
    assert await store.find(email_claim("new@example.com")) == now


async def test_versions_raised_at_once(store: Store) -> None:
    """Of many who raise a version at once each counts."""
    ann = await signed_up(store)

    await asyncio.gather(
        *(store.edit(ann.id, Edit(raise_session_version=True)) for _ in range(10)),
        *(store.edit(ann.id, Edit(raise_api_token_version=True)) for _ in range(7)),
    )

    now = await stored(store, ann)
    assert (now.session_version, now.api_token_version) == (11, 8)


@pytest.mark.parametrize("expect", [{"name": "ann"}, {"passwordHash": "hash of ann"}])
async def test_edits_with_one_expectation(store: Store, expect: dict[str, str]) -> None:
    """Of several edits at once that expect the value they change one goes through, the others are Stale."""
    ann = await signed_up(store)
    (attribute,) = expect
    values = [f"new {number}" for number in range(8)]

    results = await outcomes(
        *(
            store.edit(
                ann.id,
                Edit(fields={"name": value}, expect=expect)
                if attribute == "name"
                else Edit(private={attribute: value}, expect=expect),
            )
            for value in values
        )
    )

    winners = [result for result in results if result is not Stale]
    assert results.count(Stale) == 7
    assert winners == [await store.get(ann.id)]


async def test_delete_with_move(store: Store) -> None:
    """Whichever of a delete and a change of address comes first, no address is left leading nowhere."""
    ann = await signed_up(store)

    deleted, _ = await outcomes(store.delete(ann.id), store.edit(ann.id, move(ann, "new@example.com")))

    assert deleted is True
    assert await store.get(ann.id) is None
    heirs = [await signed_up(store, "ann"), await signed_up(store, "new")]
    assert [await store.find(email_claim(heir.email)) for heir in heirs] == heirs


async def test_delete_with_rotation(store: Store) -> None:
    """Whichever of a delete and a rotation comes first, an old API token is free afterwards."""
    ann = person(private={OLD_API_TOKEN: "ab" * 32})
    claim = api_token_claim("ab" * 32)
    await store.create(ann, claims_of(ann))
    rotation = Edit(private={OLD_API_TOKEN: None}, raise_api_token_version=True, drop_claims=(claim,))

    deleted, rotated = await outcomes(store.delete(ann.id), store.edit(ann.id, rotation))

    assert deleted is True
    assert rotated is None or rotated is Stale or rotated.private == {}
    assert await store.get(ann.id) is None
    heir = person("heir", private=dict(ann.private))
    await store.create(heir, claims_of(heir))
    assert await store.find(claim) == heir


async def test_delete_with_edits(store: Store) -> None:
    """An edit or a revocation that comes after the delete does not bring the user back."""
    ann = await signed_up(store)

    results = await outcomes(
        *(store.edit(ann.id, Edit(fields={"name": "new"})) for _ in range(5)),
        store.delete(ann.id),
        *(store.edit(ann.id, Edit(fields={"bio": "new"})) for _ in range(5)),
        *(store.revoke(ann, f"token{number}", NOW + 100, NOW) for number in range(5)),
    )

    assert results[5] is True
    assert await store.get(ann.id) is None


async def test_deletes_at_once(store: Store) -> None:
    """Of several who delete one user at once one is told that there was one."""
    ann = await signed_up(store)

    results = await outcomes(*(store.delete(ann.id) for _ in range(6)))

    assert sorted(results) == [False] * 5 + [True]


async def test_delete_with_a_move_that_keeps_the_old_address(store: Store) -> None:
    """Whichever of a delete and such a move comes first, neither address is left leading nowhere."""
    ann = await signed_up(store)
    edit = move(ann, "new@example.com")
    keeping = replace(edit, drop_claims=(), private={FORMER_EMAIL: f"4102444900 {ann.email}"})

    deleted, _ = await outcomes(store.delete(ann.id), store.edit(ann.id, keeping))

    assert deleted is True
    heirs = [await signed_up(store, "ann"), await signed_up(store, "new")]
    assert [await store.find(email_claim(heir.email)) for heir in heirs] == heirs


async def test_delete_with_the_release_of_a_kept_address(store: Store) -> None:
    """Whichever of a delete and a release comes first, the address is free and the user gone."""
    ann = person(private={FORMER_EMAIL: "1 before@example.com"})
    await store.create(ann, claims_of(ann))
    kept = email_claim("before@example.com")
    release = Edit(private={FORMER_EMAIL: None}, expect=dict(ann.private), drop_claims=(kept,))

    deleted, _ = await outcomes(store.delete(ann.id), store.edit(ann.id, release))

    assert deleted is True
    assert await store.get(ann.id) is None
    heir = await signed_up(store, "before")
    assert await store.find(kept) == heir
