"""Users as items."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.people import person
from wicketgate.core.limits import Limit
from wicketgate.core.users import Claim, UserRecord, email_claim
from wicketgate.stores.dynamodb.items import number, to_item, to_record
from wicketgate.stores.dynamodb.keys import (
    audit_key,
    audited,
    claim_key,
    due_key,
    guard_key,
    job_key,
    limit_key,
    possible,
    user_key,
)

ANN = person(id="0b0b", bio="A bio", plan="pro", session_version=2, api_token_version=3, revoked_sessions={"t": 9})


def test_the_attributes_are_named_as_designed() -> None:
    """An item has the design's names, and a method's own values under their own."""
    assert to_item(ANN) == {
        "userId": "0b0b",
        "email": "ann@example.com",
        "passwordHash": "hash of ann",
        "name": "ann",
        "bio": "A bio",
        "plan": "pro",
        "createdAt": "2024-05-01T10:00:00.000Z",
        "lastModified": "2024-05-01T10:00:00.000Z",
        "sessionVersion": 2,
        "apiTokenVersion": 3,
        "revokedSessions": {"t": 9},
    }


@pytest.mark.parametrize("record", [ANN, replace(ANN, bio=None), replace(ANN, private={}), replace(ANN, bio="")])
def test_an_item_is_the_whole_user(record: UserRecord) -> None:
    """Nothing is lost on the way there and back."""
    assert to_record(to_item(record)) == record


def test_what_is_unset_is_left_out() -> None:
    """A bio that is not set is no attribute."""
    assert "bio" not in to_item(replace(ANN, bio=None))


def test_the_design_s_own_items_are_users() -> None:
    """An item filled by other code, without versions and plan, is a user at the first versions."""
    item = {
        "userId": "1",
        "email": "bob@example.com",
        "passwordHash": "$2b$",
        "name": "Bob",
        "createdAt": "2024-01-01T00:00:00Z",
        "lastModified": "2024-01-02T00:00:00Z",
    }
    record = to_record(item)

    assert record is not None
    assert (record.session_version, record.api_token_version, record.plan) == (1, 1, "free")
    assert record.revoked_sessions == {}


def test_an_item_with_no_more_than_an_address_is_a_user() -> None:
    """The name is then the part before the @, as at sign-up, and other code's numbers stay out of the way."""
    record = to_record({"userId": "1", "email": "bob@example.com", "createdAt": "then", "logins": 4.5})

    assert record is not None
    assert (record.name, record.last_modified, record.private) == ("bob", "then", {})


@pytest.mark.parametrize("revoked", [["a"], "a", 7, None])
def test_ended_sessions_that_are_no_map_are_none(revoked: object) -> None:
    """What other code keeps under that name is left alone, so that the user can be listed and moved."""
    record = to_record({"userId": "1", "email": "bob@example.com", "revokedSessions": revoked})

    assert record is not None
    assert record.revoked_sessions == {}


@pytest.mark.parametrize("item", [{"userId": "email#a@b.cd", "owner": "1"}, {"userId": "outbox#1", "kind": "mail"}])
def test_other_kinds_of_items_are_no_users(item: dict[str, str]) -> None:
    """An item without an address is no user, whatever id it was asked for by."""
    assert to_record(item) is None


@pytest.mark.parametrize(("text", "value"), [("4102444800000", 4102444800000), ("-1", -1), ("4.5", 4.5)])
def test_numbers_are_whole_where_they_can_be(text: str, value: float) -> None:
    """Our numbers are integers; a fraction in somebody else's attribute does no harm."""
    assert number(text) == value
    assert type(number(text)) is type(value)


def test_every_kind_of_item_has_keys_of_its_own() -> None:
    """Keys are spelt as the contract says, and a guard's names nobody."""
    ann = email_claim("ann@example.com")

    assert user_key("0b0b") == {"userId": "0b0b"}
    assert claim_key(ann) == {"userId": "email#ann@example.com"}
    assert limit_key(Limit("login", 5, 1), "192.0.2.1") == {"userId": "limit#login#192.0.2.1"}
    assert job_key("0b0b") == {"userId": "outbox#0b0b"}
    assert due_key(15) == {"userId": "outbox#due#15"}
    assert audit_key("0b0b", 19_844) == {"userId": "audit#0b0b#2024-05-01"}
    assert "ann" not in guard_key(ann)["userId"]
    assert guard_key(ann) != guard_key(Claim("passkey", ann.value))


@pytest.mark.parametrize(("key", "fits"), [("", False), ("x", True), ("é" * 1024, True), ("é" * 1025, False)])
def test_a_key_has_one_to_2048_bytes(key: str, fits: bool) -> None:
    """What DynamoDB would refuse as a key is known beforehand."""
    assert possible(user_key(key)) is fits


@pytest.mark.parametrize("user_id", ["0b0b", "", "a#b", "2024-05-01", "audit#x#"])
def test_whose_trail_an_item_is(user_id: str) -> None:
    """The key of a day of the trail says whose it is, whatever the id looks like."""
    assert audited(audit_key(user_id, 19_844)["userId"]) == user_id
