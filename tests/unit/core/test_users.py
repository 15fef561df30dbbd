"""A user as the rules know one."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from tests.unit.fakes import ADA
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import (
    EDITABLE,
    FORMER_EMAIL,
    OLD_API_TOKEN,
    VERIFIED_EMAIL,
    Claim,
    Edit,
    FormerEmail,
    UserRecord,
    api_token_claim,
    api_token_digest,
    claims_of,
    email_claim,
    former_email,
    public,
    reached_by,
    verified,
)


def test_a_claim_is_spelled_with_its_kind() -> None:
    """Claims of different kinds never share a key, whatever their values."""
    key = Claim("passkey", "ada@example.com").key

    assert key == "passkey#ada@example.com"
    assert email_claim("ada@example.com").key == "email#ada@example.com"


def test_a_user_is_found_by_the_address() -> None:
    """The address is the one claim that every user has."""
    claims = claims_of(ADA)

    assert claims == (email_claim("ada@example.com"),)


def test_a_user_is_found_by_an_old_token_too() -> None:
    """Who was brought along with an API token from elsewhere is found by its digest."""
    digest = api_token_digest("4a6d9a4e-6f0b-4b0c-9c3c-1f2d3e4a5b6c")

    claims = claims_of(replace(ADA, private={OLD_API_TOKEN: digest}))

    assert claims == (email_claim("ada@example.com"), api_token_claim(digest))
    assert digest == "b8ee0ddc0d8ef6025a1f6f9c5cc61719234ec9b8f4953e7dee75ebb2a772f5f3"


@pytest.mark.parametrize("token", ["", "ключ", "\ud800"])
def test_any_token_has_a_digest(token: str) -> None:
    """Whatever a header brings can be looked for."""
    digest = api_token_digest(token)

    assert len(digest) == 64


def test_a_record_does_not_print_what_is_private() -> None:
    """A record in a log or a traceback shows no password hash."""
    shown = repr(replace(ADA, private={"passwordHash": "the hash itself"}))

    assert "the hash itself" not in shown
    assert "private" not in shown


def test_others_see_nothing_secret() -> None:
    """What is shown of a user has neither a hash nor a version, and every field that a person filled in."""
    record = replace(ADA, bio="I write programs.")

    shown = public(record)

    assert {field.name: getattr(shown, field.name) for field in fields(shown)} == {
        "id": "ada-id",
        "email": "ada@example.com",
        "name": "Ada",
        "bio": "I write programs.",
        "plan": "free",
        "created_at": "2030-01-01T00:00:00.000Z",
        "last_modified": "2030-01-01T00:00:00.000Z",
    }


def test_a_new_user_starts_free_and_at_the_first_versions() -> None:
    """A user begins on the free plan, with versions of 1 and nothing ended."""
    record = UserRecord("id", "a@b.c", "A", "then", "then")

    assert (record.plan, record.session_version, record.api_token_version) == ("free", 1, 1)
    assert record.bio is None
    assert dict(record.revoked_sessions) == {}


def test_no_two_users_share_a_map() -> None:
    """The empty maps of two users are not one and the same."""
    first, second = (UserRecord(name, "a@b.c", "A", "then", "then") for name in "ab")

    assert first.revoked_sessions is not second.revoked_sessions
    assert first.private is not second.private


def test_only_fields_of_a_user_are_editable() -> None:
    """What an edit may set is a field, and neither a version nor anything private is among it."""
    names = {field.name for field in fields(UserRecord)}

    assert names >= EDITABLE
    assert not EDITABLE & {"id", "created_at", "session_version", "api_token_version", "revoked_sessions", "private"}


@pytest.mark.parametrize(
    ("value", "name"),
    [(ADA, "email"), (Edit(), "fields"), (email_claim("a@b.c"), "value"), (SecurityEvent("login"), "name")],
)
def test_values_are_frozen(value: object, name: str) -> None:
    """A value handed on cannot be changed behind anyone's back."""
    with pytest.raises(AttributeError):
        setattr(value, name, "other")


@pytest.mark.parametrize(
    ("private", "expected"),
    [({}, False), ({VERIFIED_EMAIL: "ada@example.com"}, True), ({VERIFIED_EMAIL: "old@example.com"}, False)],
)
def test_an_address_is_confirmed_as_long_as_it_is_the_one(private: dict[str, str], expected: bool) -> None:
    """What was confirmed is an address: another one has to be confirmed again."""
    assert verified(replace(ADA, private=private)) is expected


def test_a_user_is_found_by_a_kept_address_too() -> None:
    """An address of before that is kept for the way back leads to the user like today's."""
    kept = FormerEmail("before@example.com", 1_900_000_000)

    record = replace(ADA, private={FORMER_EMAIL: str(kept)})

    assert former_email(record) == kept
    assert claims_of(record) == (email_claim("ada@example.com"), email_claim("before@example.com"))


@pytest.mark.parametrize(("address", "found"), [("ada@example.com", ADA), ("before@example.com", None)])
def test_only_the_address_of_today_reaches(address: str, found: UserRecord | None) -> None:
    """Who was found by an address of before, or not at all, is not reached."""
    assert reached_by(address, ADA) == found
    assert reached_by(address, None) is None


@pytest.mark.parametrize("text", ["", "before@example.com", "Ada, before@example.com", "soon before@example.com"])
def test_a_text_of_other_code_is_no_kept_address(text: str) -> None:
    """An attribute that another program wrote under the same name leads nowhere."""
    record = replace(ADA, private={FORMER_EMAIL: text})

    assert former_email(record) is None
    assert claims_of(record) == claims_of(ADA)
