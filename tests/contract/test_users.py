"""Users and claims, one caller at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.people import move, person, signed_up
from wicketgate.core.errors import ClaimTaken, Stale
from wicketgate.core.ports import Store
from wicketgate.core.users import (
    FORMER_EMAIL,
    OLD_API_TOKEN,
    Claim,
    Edit,
    FormerEmail,
    UserRecord,
    api_token_claim,
    api_token_digest,
    claims_of,
    email_claim,
)

WHOLE = person(
    "whole",
    name="Zoë 李 🦉",
    bio="first line\nsecond “line” ' ; -- \\ % _",
    plan="pro",
    session_version=7,
    api_token_version=3,
    revoked_sessions={"token-1": 4_102_444_900, "t/ö": 4_102_444_901},
    private={"passwordHash": "$2b$12$abc", "empty": "", "ключ": "\u2028"},
)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(WHOLE, id="everything set"),
        pytest.param(person("bare", private={}), id="nothing optional"),
        pytest.param(person("odd", name="0", bio=" ", private={"none": "null"}), id="values that look empty"),
        pytest.param(person("x", email="почта@пример.example"), id="an address in another script"),
    ],
)
async def test_user_comes_back_as_it_went_in(store: Store, record: UserRecord) -> None:
    """Every field and private attribute is kept letter for letter, by id and by claim."""
    claim = email_claim(record.email)
    await store.create(record, [claim])

    assert await store.get(record.id) == record
    assert await store.find(claim) == record


@pytest.mark.parametrize("user_id", ["", "\ud800", "a\0b", "x" * 5000, "🦉" * 600, "email#ann@example.com"])
async def test_no_text_is_too_odd_to_ask_for(store: Store, user_id: str) -> None:
    """An id that nobody can have leads to None and is no error: links from mails bring whatever was typed."""
    assert await store.get(user_id) is None


async def test_unknown_user(store: Store) -> None:
    """An id and a claim that nobody has lead to None."""
    await signed_up(store)

    assert await store.get("00000000-0000-4000-8000-000000000000") is None
    assert await store.find(email_claim("nobody@example.com")) is None
    assert await store.find(Claim("passkey", "ann@example.com")) is None


async def test_claim_is_not_a_user_id(store: Store) -> None:
    """The spelling of a claim is no way to get at anything by id."""
    ann = await signed_up(store)

    assert await store.get(email_claim(ann.email).key) is None


async def test_several_claims_lead_to_one_user(store: Store) -> None:
    """A user can be created with claims of several kinds at once."""
    ann = person()
    claims = [email_claim(ann.email), Claim("oauth", "example#1"), Claim("passkey", "k")]
    await store.create(ann, claims)

    assert [await store.find(claim) for claim in claims] == [ann, ann, ann]


async def test_create_with_a_taken_claim_changes_nothing(store: Store) -> None:
    """Sign-up with a taken claim fails whole: no user, and the free claim beside it stays free."""
    ann = await signed_up(store)
    bob = person("bob")
    with pytest.raises(ClaimTaken):
        await store.create(bob, [email_claim(bob.email), email_claim(ann.email)])

    assert await store.get(bob.id) is None
    assert await store.find(email_claim(bob.email)) is None
    assert await store.find(email_claim(ann.email)) == ann


async def test_create_with_a_taken_id_changes_nothing(store: Store) -> None:
    """No user is ever written over another: with an id that is taken the whole of it is refused."""
    ann = await signed_up(store)
    bob = person("bob", id=ann.id)
    with pytest.raises(ClaimTaken):
        await store.create(bob, [email_claim(bob.email)])

    assert await store.get(ann.id) == ann
    assert await store.find(email_claim(bob.email)) is None


async def test_edit_changes_what_it_names(store: Store) -> None:
    """Named fields and private attributes change, everything else stays, and the answer is what is stored."""
    ann = await signed_up(store, bio="old", private={"passwordHash": "old", "kept": "1"})
    change = Edit(
        fields={"name": "Ann", "bio": "new", "plan": "pro", "last_modified": "2025-01-01T00:00:00.000Z"},
        private={"passwordHash": "new", "added": "2"},
    )

    answer = await store.edit(ann.id, change)

    assert answer == replace(
        ann,
        name="Ann",
        bio="new",
        plan="pro",
        last_modified="2025-01-01T00:00:00.000Z",
        private={"passwordHash": "new", "kept": "1", "added": "2"},
    )
    assert await store.get(ann.id) == answer


async def test_edit_removes_with_none(store: Store) -> None:
    """None removes a bio and a private attribute, also when there was none to remove."""
    ann = await signed_up(store, bio="old", private={"a": "1", "b": "2"})

    answer = await store.edit(ann.id, Edit(fields={"bio": None}, private={"a": None, "never": None}))

    assert answer == replace(ann, bio=None, private={"b": "2"})
    assert await store.get(ann.id) == answer


async def test_empty_edit(store: Store) -> None:
    """An edit that names nothing returns the user as it is."""
    ann = await signed_up(store)

    assert await store.edit(ann.id, Edit()) == ann
    assert await store.get(ann.id) == ann


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(Edit(), id="nothing"),
        pytest.param(Edit(fields={"name": "x"}), id="a field"),
        pytest.param(Edit(fields={"name": "x"}, expect={"name": "y"}), id="an expectation"),
        pytest.param(Edit(raise_session_version=True), id="a version"),
        pytest.param(Edit(add_claims=(email_claim("new@example.com"),)), id="a claim"),
    ],
)
async def test_edit_of_a_missing_user(store: Store, change: Edit) -> None:
    """An edit of nobody is None and makes nobody."""
    missing = person()

    assert await store.edit(missing.id, change) is None
    assert await store.get(missing.id) is None
    assert await store.find(email_claim("new@example.com")) is None


@pytest.mark.parametrize(
    "expect",
    [
        {"name": "ann"},
        {"passwordHash": "hash of ann"},
        {"email": "ann@example.com", "plan": "free"},
    ],
)
async def test_edit_whose_expectation_holds(store: Store, expect: dict[str, str]) -> None:
    """Expected fields and private attributes that are still so let the edit through, even one that changes them."""
    ann = await signed_up(store)

    answer = await store.edit(ann.id, Edit(fields={"name": "new"}, private={"passwordHash": "new"}, expect=expect))

    assert answer == replace(ann, name="new", private={"passwordHash": "new"})


@pytest.mark.parametrize(
    "expect",
    [
        {"name": "other"},
        {"bio": "never set"},
        {"passwordHash": "other"},
        {"neverSet": "x"},
        {"name": "ann", "plan": "pro"},
    ],
)
async def test_edit_whose_expectation_fails_changes_nothing(store: Store, expect: dict[str, str]) -> None:
    """One expectation that no longer holds is Stale, and neither fields, versions nor claims change."""
    ann = await signed_up(store)
    fresh = email_claim("new@example.com")
    change = Edit(
        fields={"name": "new", "bio": "new"},
        private={"passwordHash": "new"},
        expect=expect,
        raise_session_version=True,
        raise_api_token_version=True,
        add_claims=(fresh,),
        drop_claims=(email_claim(ann.email),),
    )
    with pytest.raises(Stale):
        await store.edit(ann.id, change)

    assert await store.get(ann.id) == ann
    assert await store.find(email_claim(ann.email)) == ann
    assert await store.find(fresh) is None


async def test_versions_rise_by_one(store: Store) -> None:
    """Each version rises alone; a raised session version clears the list of ended sessions."""
    ann = await signed_up(store, session_version=4, revoked_sessions={"t": 4_102_444_900})

    after_token = await store.edit(ann.id, Edit(raise_api_token_version=True))
    after_session = await store.edit(ann.id, Edit(raise_session_version=True))

    assert after_token == replace(ann, api_token_version=2)
    assert after_session == replace(ann, api_token_version=2, session_version=5, revoked_sessions={})
    assert await store.get(ann.id) == after_session


CHANGES = {
    "a field": Edit(fields={"name": "new"}),
    "a private attribute": Edit(private={"token#1": "kept"}),
    "a version": Edit(raise_api_token_version=True),
    "a claim": Edit(add_claims=(Claim("passkey", "credential-1"),)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_an_edit_at_a_session_version(store: Store, change: Edit) -> None:
    """It is made while the user is at this version, and is Stale and changes nothing once every session was ended."""
    ann = await signed_up(store)
    bob = await signed_up(store, "bob")
    ended = await store.edit(ann.id, Edit(raise_session_version=True))
    change = replace(change, session_version=1)

    await store.edit(bob.id, change)
    with pytest.raises(Stale):
        await store.edit(ann.id, change)

    assert await store.get(bob.id) != bob or await store.find(Claim("passkey", "credential-1")) == bob
    assert await store.get(ann.id) == ended


async def test_a_delete_at_a_session_version(store: Store) -> None:
    """It is made while the user is at this version, and is Stale and deletes nothing once every session was ended."""
    ann = await signed_up(store)
    ended = await store.edit(ann.id, Edit(raise_session_version=True))

    with pytest.raises(Stale):
        await store.delete(ann.id, 1)
    kept = await store.get(ann.id)
    deleted = await store.delete(ann.id, 2)

    assert kept == ended
    assert deleted is True
    assert await store.delete(ann.id, 2) is False


async def test_change_of_address(store: Store) -> None:
    """The new address leads to the user, the old one to nobody, and another may take it."""
    ann = await signed_up(store)
    moved = await store.edit(ann.id, move(ann, "new@example.com"))
    after = await store.find(email_claim("ann@example.com"))
    heir = await signed_up(store)

    assert moved == replace(ann, email="new@example.com")
    assert after is None
    assert await store.find(email_claim("new@example.com")) == moved
    assert await store.find(email_claim("ann@example.com")) == heir


async def test_there_and_back(store: Store) -> None:
    """An address that was given up can be taken back."""
    ann = await signed_up(store)
    moved = await store.edit(ann.id, move(ann, "new@example.com"))
    assert moved is not None
    await store.edit(ann.id, move(moved, ann.email))

    assert await store.find(email_claim(ann.email)) == ann
    assert await store.find(email_claim("new@example.com")) is None


async def test_claims_of_other_kinds_come_and_go(store: Store) -> None:
    """A claim can be added and dropped without touching the address."""
    ann = await signed_up(store)
    passkey = Claim("passkey", "credential-1")

    await store.edit(ann.id, Edit(add_claims=(passkey,)))
    during = await store.find(passkey)
    await store.edit(ann.id, Edit(drop_claims=(passkey,)))

    assert during == ann
    assert await store.find(passkey) is None
    assert await store.find(email_claim(ann.email)) == ann


@pytest.mark.parametrize("owner", ["bob@example.com", "ann@example.com"])
async def test_adding_a_taken_claim_changes_nothing(store: Store, owner: str) -> None:
    """A claim that leads to a user, even to this one, cannot be added, and nothing of the edit is done."""
    ann = await signed_up(store)
    bob = await signed_up(store, "bob")
    free = Claim("passkey", "free")
    change = Edit(fields={"name": "new"}, raise_session_version=True, add_claims=(free, email_claim(owner)))
    with pytest.raises(ClaimTaken):
        await store.edit(ann.id, change)

    assert await store.get(ann.id) == ann
    assert await store.find(free) is None
    assert await store.find(email_claim("bob@example.com")) == bob
    assert await store.find(email_claim("ann@example.com")) == ann


@pytest.mark.parametrize("dropped", ["bob@example.com", "nobody@example.com"])
async def test_dropping_a_claim_of_another_changes_nothing(store: Store, dropped: str) -> None:
    """A dropped claim that is not the user's is Stale, and nothing of the edit is done."""
    ann = await signed_up(store)
    bob = await signed_up(store, "bob")
    fresh = email_claim("new@example.com")
    with pytest.raises(Stale):
        await store.edit(
            ann.id, Edit(fields={"name": "new"}, add_claims=(fresh,), drop_claims=(email_claim(dropped),))
        )

    assert await store.get(ann.id) == ann
    assert await store.find(fresh) is None
    assert await store.find(email_claim("bob@example.com")) == bob


async def test_delete_frees_everything(store: Store) -> None:
    """After a delete neither id nor address leads anywhere, and both the address and the person can come back."""
    ann = await signed_up(store)
    bob = await signed_up(store, "bob")

    deleted = await store.delete(ann.id)
    by_id, by_claim = await store.get(ann.id), await store.find(email_claim(ann.email))
    await store.create(ann, [email_claim(ann.email)])

    assert deleted is True
    assert (by_id, by_claim) == (None, None)
    assert await store.find(email_claim(ann.email)) == ann
    assert await store.get(bob.id) == bob


async def test_delete_after_a_change_of_address(store: Store) -> None:
    """A delete frees the address the user has now."""
    ann = await signed_up(store)
    await store.edit(ann.id, move(ann, "new@example.com"))
    await store.delete(ann.id)
    heir = await signed_up(store, "new")

    assert await store.find(email_claim("new@example.com")) == heir


def with_old_token(who: str = "ann") -> UserRecord:
    """Someone who was brought along with an API token from elsewhere."""
    return person(who, private={OLD_API_TOKEN: api_token_digest(f"old token of {who}")})


async def test_delete_frees_an_old_api_token(store: Store) -> None:
    """A delete frees every claim that the record tells of, so that another can have them."""
    ann = with_old_token()
    await store.create(ann, claims_of(ann))
    heir = replace(ann, id=person().id)

    deleted = await store.delete(ann.id)
    freed = [await store.find(claim) for claim in claims_of(ann)]
    await store.create(heir, claims_of(heir))

    assert deleted is True
    assert freed == [None, None]
    assert [await store.find(claim) for claim in claims_of(heir)] == [heir, heir]


async def test_rotation_frees_an_old_api_token(store: Store) -> None:
    """In one edit the digest goes, the claim is freed and the version rises; doing it again is Stale."""
    ann = with_old_token()
    claim = api_token_claim(ann.private[OLD_API_TOKEN])
    await store.create(ann, claims_of(ann))
    rotation = Edit(private={OLD_API_TOKEN: None}, raise_api_token_version=True, drop_claims=(claim,))

    changed = await store.edit(ann.id, rotation)

    assert changed == replace(ann, private={}, api_token_version=2)
    assert await store.get(ann.id) == changed
    assert await store.find(claim) is None
    with pytest.raises(Stale):
        await store.edit(ann.id, rotation)
    assert await store.get(ann.id) == changed


async def test_two_users_cannot_share_an_old_api_token(store: Store) -> None:
    """A token from elsewhere leads to one user: the second to come with it does not come in."""
    ann, bob = with_old_token(), person("bob", private=dict(with_old_token().private))
    await store.create(ann, claims_of(ann))

    with pytest.raises(ClaimTaken):
        await store.create(bob, claims_of(bob))

    assert await store.get(bob.id) is None
    assert await store.find(email_claim(bob.email)) is None
    assert await store.find(claims_of(ann)[1]) == ann


async def test_delete_of_a_missing_user(store: Store) -> None:
    """Deleting nobody, or somebody twice, says that there was none."""
    ann = await signed_up(store)
    await store.delete(ann.id)

    assert await store.delete(ann.id) is False
    assert await store.delete(person().id) is False


async def test_edit_that_expects_nothing_there(store: Store) -> None:
    """A value of None expects that there is none: a field or private attribute that is there is Stale."""
    ann = await signed_up(store)
    edits = [Edit(private={"mark": str(number)}, expect={"mark": None, "bio": None}) for number in range(2)]

    first = await store.edit(ann.id, edits[0])
    with pytest.raises(Stale):
        await store.edit(ann.id, edits[1])

    assert first == replace(ann, private={**ann.private, "mark": "0"})
    assert await store.get(ann.id) == first


async def test_edit_with_claims_that_expects_nothing_there(store: Store) -> None:
    """The same holds where claims come and go with the edit."""
    ann = await signed_up(store, bio="here")
    with pytest.raises(Stale):
        await store.edit(ann.id, Edit(expect={"bio": None}, add_claims=(email_claim("new@example.com"),)))

    assert await store.find(email_claim("new@example.com")) is None


async def test_delete_frees_a_kept_address(store: Store) -> None:
    """An address of before that still leads to the user goes with them."""
    kept = FormerEmail("before@example.com", 4_102_444_900)
    ann = person(private={FORMER_EMAIL: str(kept)})
    await store.create(ann, claims_of(ann))
    await store.delete(ann.id)

    heir = await signed_up(store, "before")

    assert await store.find(email_claim(kept.address)) == heir
