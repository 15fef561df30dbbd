"""From the values of a row to a user, each by the rule that holds for it in the service."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.support.vectors import NAUGHTY
from wicketgate import email_syntax
from wicketgate.core.users import UserRecord, api_token_digest, verified
from wicketgate.moving.columns import NAMESPACE, Rules
from wicketgate.moving.rows import Refused, Row

NOW = "2030-01-01T00:00:00.000Z"
NOW_SECONDS = 1_893_456_000
LATE = "2100-01-01T00:00:00.000Z"
RULES = Rules(email_syntax.normalised, NOW, "wg_")
OURS = "$2b$04$yPdddChBlK5RXZUiQ08EH.q7ovPQb6.FpD9w9eLwNgpl2Yy.oEDNe"
TOKEN = "4a6d9a4e-6f0b-4b0c-9c3c-1f2d3e4a5b6c"
ID = "7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e"


def user(rules: Rules = RULES, **values: Any) -> UserRecord:
    """The user that a row with these values says."""
    return rules.candidate(Row("line 1", {"email": "ada@example.com", **values})).record


def reason(rules: Rules = RULES, **values: Any) -> str:
    """Why a row with these values is refused."""
    with pytest.raises(Refused) as refused:
        user(rules, **values)
    return str(refused.value)


def test_an_address_is_enough() -> None:
    """Everything else has the value of a new user, and the id comes of the address."""
    made = user()

    assert made == UserRecord(
        id=str(uuid.uuid5(NAMESPACE, "email#ada@example.com")),
        email="ada@example.com",
        name="ada",
        created_at=NOW,
        last_modified=NOW,
        session_version=NOW_SECONDS,
        api_token_version=NOW_SECONDS,
    )


@pytest.mark.parametrize(
    ("now", "version"),
    [("2030-01-01T00:00:00.999Z", NOW_SECONDS), ("2030-01-01T00:00:01.000Z", NOW_SECONDS + 1), (LATE, 2**31 - 1)],
)
def test_versions_begin_with_the_second_of_the_import(now: str, version: int) -> None:
    """They are higher than those of a user who was there before, and an import takes them again."""
    made = user(replace(RULES, now=now))

    again = user(sessionVersion=made.session_version, apiTokenVersion=made.api_token_version)
    assert (made.session_version, made.api_token_version) == (version, version)
    assert (again.session_version, again.api_token_version) == (version, version)


def test_every_column_counts() -> None:
    """A row can say all there is about a user."""
    made = user(
        id=ID,
        name=" Ada\u202e Lovelace ",
        bio="line\r\nline",
        plan=" pro ",
        createdAt="2024-05-01",
        lastModified=1714557600,
        passwordHash=OURS,
        apiToken=TOKEN,
        sessionVersion=3,
        apiTokenVersion="4",
        revokedSessions={"token": 1714557600},
        private={"passkey": "ключ"},
    )

    assert made == UserRecord(
        id=ID,
        email="ada@example.com",
        name="Ada Lovelace",
        created_at="2024-05-01T00:00:00.000Z",
        last_modified="2024-05-01T10:00:00.000Z",
        bio="line\nline",
        plan="pro",
        session_version=3,
        api_token_version=4,
        revoked_sessions={"token": 1714557600},
        private={"passkey": "ключ", "passwordHash": f"foreign:{OURS}", "oldApiTokenHash": api_token_digest(TOKEN)},
    )


@pytest.mark.parametrize("spelling", ["ada@example.com", "  ADA@Example.COM ", "Ada@example.com"])
def test_an_address_has_one_form_and_one_id(spelling: str) -> None:
    """However an address is written, it is one user, in every run."""
    made = user(email=spelling)

    assert made == user()


def test_nothing_is_nothing_however_it_is_written() -> None:
    """Null and empty text say as little as a missing column."""
    columns: list[str] = ["name", "bio", "plan", "createdAt", "lastModified", "id", "passwordHash", "apiToken"]

    made = [user(RULES, **dict.fromkeys(columns, value)) for value in (None, "")] + [user(name=" \u202e ", plan=" ")]

    assert made == [user()] * 3


def test_an_old_account_was_last_changed_when_it_was_made() -> None:
    """Without a time of its own the last change is the creation."""
    made = user(createdAt="2024-05-01")

    assert made.last_modified == made.created_at == "2024-05-01T00:00:00.000Z"


@pytest.mark.parametrize("given", [ID, ID.upper(), "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_is_a_uuid_is_kept(given: str) -> None:
    """Other systems may refer to it, so it is kept letter for letter."""
    made = user(id=given)

    assert made.id == given


@pytest.mark.parametrize("given", [42, "42", "email#eve@example.com", "x" * 3000, "{" + ID + "}", ID + "\n"])
def test_another_id_is_replaced(given: object) -> None:
    """What is no UUID gives way to an id of ours."""
    made = user(id=given)

    assert made.id == user().id


@pytest.mark.parametrize(("given", "kept"), [(42, "42"), ("user_1|a.b:c-d", "user_1|a.b:c-d"), ("", None)])
def test_any_id_is_kept_when_asked(given: object, kept: str | None) -> None:
    """Ids of other kinds are kept on request."""
    made = user(replace(RULES, keep_ids=True), id=given)

    assert made.id == (kept or user().id)


@pytest.mark.parametrize("given", ["email#eve@example.com", "a b", "x" * 129, "é"])
def test_an_id_that_could_be_mistaken_is_never_kept(given: str) -> None:
    """No id passes for another kind of item."""
    told = reason(replace(RULES, keep_ids=True), id=given)

    assert "id cannot be kept" in told


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"email": None}, "Email is required"),
    ({"email": ""}, "Email is required"),
    ({"email": "nonsense"}, "Enter a valid email address"),
    ({"email": "a" * 250 + "@b.com"}, "Email must be at most 255 characters"),
    ({"email": 7}, "email must be text"),
    ({"email": "\udcff@example.com"}, "email contains a broken character"),
    ({"name": "x" * 101}, "Name must be at most 100 characters"),
    ({"name": ["Ada"]}, "name must be text"),
    ({"name": "\udcff"}, "name contains a broken character"),
    ({"bio": "x" * 501}, "Bio must be at most 500 characters"),
    ({"bio": {}}, "bio must be text"),
    ({"plan": "x" * 101}, "plan must be at most 100 characters"),
    ({"plan": 1}, "plan must be text"),
    ({"createdAt": "yesterday"}, "createdAt is not a time"),
    ({"lastModified": True}, "lastModified is not a time"),
    ({"id": True}, "id must be text"),
    ({"id": 1.5}, "id must be text"),
    ({"passwordHash": "correct horse"}, "the hash is of a kind that is not known here"),
    (
        {"passwordHash": OURS.replace("$04$", "$16$")},
        "bcrypt at cost 16 takes too long to check; at most 15 is taken",
    ),
    ({"passwordHash": b""}, "passwordHash must be text"),
    ({"apiToken": "short"}, "apiToken must be 16 to 1024 visible ASCII characters"),
    ({"apiToken": "x" * 1025}, "apiToken must be 16 to 1024 visible ASCII characters"),
    ({"apiToken": "with a space in it"}, "apiToken must be 16 to 1024 visible ASCII characters"),
    ({"apiToken": "wg_0123456789abcdef"}, "apiToken begins with wg_ as our own do, so it would never be found"),
    ({"apiToken": 1234567890123456}, "apiToken must be text"),
    ({"sessionVersion": 0}, "sessionVersion must be a whole number from 1"),
    ({"sessionVersion": True}, "sessionVersion must be a whole number from 1"),
    ({"apiTokenVersion": 2**31}, "apiTokenVersion must be a whole number from 1"),
    ({"apiTokenVersion": "1.5"}, "apiTokenVersion must be a whole number from 1"),
    ({"revokedSessions": []}, "revokedSessions must be an object of token ids and seconds"),
    ({"revokedSessions": {"t": "1"}}, "revokedSessions must be an object of token ids and seconds"),
    ({"revokedSessions": {"t": True}}, "revokedSessions must be an object of token ids and seconds"),
    ({"revokedSessions": {"t": -1}}, "revokedSessions must be an object of token ids and seconds"),
    (
        {"revokedSessions": {f"t{n}": 1 for n in range(101)}},
        "revokedSessions must be an object of token ids and seconds",
    ),
    ({"private": []}, "private must be an object"),
    ({"private": {"email": "x"}}, "private has the name of a column"),
    ({"private": {"userId": "x"}}, "private has the name of a column"),
    ({"private": {"": "x"}}, "private has the name of a column"),
    ({"private": {"a": 1}}, "private must be text"),
    ({"private": {"passwordHash": "correct horse"}}, "the hash is of a kind that is not known here"),
    ({"private": {"passwordHash": OURS.replace("$04$", "$31$")}}, "bcrypt at cost 31 takes too long"),
    ({"private": {"passwordHash": "foreign:pbkdf2_sha256$9999999$s$" + "A" * 44}}, "at most 5000000 is taken"),
    ({"private": {"oldApiTokenHash": "x"}}, "private.oldApiTokenHash must be a SHA-256 in hexadecimal"),
    ({"private": {"passwordHash": OURS}, "passwordHash": OURS}, "private says what passwordHash or apiToken says"),
    ({"private": {"formerEmail": "soon before@example.com"}}, "private.formerEmail must be seconds and an address"),
    ({"private": {"formerEmail": "1900000000 nobody"}}, "private.formerEmail must be seconds and an address"),
    ({"private": {"link#reset": "tomorrow"}}, "private has a link that is none of ours"),
    ({"emailVerified": "perhaps"}, "emailVerified must be true, false or a time"),
    ({"emailVerified": []}, "emailVerified must be true, false or a time"),
    ({"shoeSize": 42}, "unknown column shoeSize"),
    ({"password": "correct horse"}, "unknown column password"),
    ({"\x1b[2J": 1}, "unknown column [2J"),
]


@pytest.mark.parametrize(("values", "why"), REFUSED, ids=lambda value: repr(value)[:40])
def test_a_broken_rule_is_told(values: dict[str, Any], why: str) -> None:
    """A value that the service would not have taken is refused, saying which rule it breaks."""
    told = reason(**values)

    assert why in told


def test_every_broken_rule_is_told_and_no_secret() -> None:
    """Whoever mends a file learns all that is wrong with a row, and nothing in the report opens an account."""
    told = reason(name="x" * 101, bio="x" * 501, passwordHash="correct horse", apiToken="my token")

    assert told.count(";") == 3
    assert "correct horse" not in told
    assert "my token" not in told


def test_a_column_can_be_passed_over() -> None:
    """What was said to be ignored is."""
    made = user(replace(RULES, ignored={"shoeSize", "bio"}), shoeSize=42, bio=42)

    assert made == user()


@pytest.mark.parametrize("stored", [OURS, f"foreign:{OURS}", OURS.replace("$2b$", "$2a$")])
def test_our_own_hash_stays_ours(stored: str) -> None:
    """What our own export says under `private` is kept as it is: a hash of ours, or one not yet renewed."""
    made = user(private={"passwordHash": stored})

    assert made.private == {"passwordHash": stored}


def outcome(**values: Any) -> UserRecord | str:
    """The user that a row says, or why it says none."""
    try:
        return user(**values)
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_a_naughty_string_is_taken_or_refused(text: str) -> None:
    """Whatever stands in a column, there is a user without a control character in the name, or a reason."""
    made = outcome(name=text, bio=text, plan=text)

    shown = made if isinstance(made, str) else made.name + made.plan
    assert shown
    assert not any(ord(character) < 32 for character in shown)


@pytest.mark.parametrize(
    "column", ["email", "id", "passwordHash", "apiToken", "createdAt", "sessionVersion", "private"]
)
def test_naughty_strings_break_no_column(column: str) -> None:
    """In a column with a form of its own a naughty string is refused with a reason, or does no harm."""
    made = [outcome(**{column: text}) for text in NAUGHTY]

    assert all(one if isinstance(one, str) else one.email.count("@") == 1 for one in made)


@pytest.mark.parametrize("value", [True, "true", "TRUE", "yes", "1", "2024-05-01T10:00:00Z", 1714557600])
def test_a_confirmed_address_comes_along(value: Any) -> None:
    """However it is said, and be it by the time of it, the address counts as confirmed here too."""
    made = user(emailVerified=value)

    assert verified(made)


@pytest.mark.parametrize("value", [False, None, "", "false", "no", "0"])
def test_an_address_that_is_not_confirmed_stays_so(value: Any) -> None:
    """Whatever says no, or nothing, says that it has yet to be confirmed."""
    made = user(emailVerified=value)

    assert made == user()
    assert not verified(made)


def test_what_is_ours_comes_along_as_it_was() -> None:
    """An address that is kept for the way back, and links that are on their way, are ours and stay good."""
    private = {"formerEmail": "1900000000 before@example.com", "link#undo-email": f"1900000000.{'ab' * 32}.b@c.de"}

    made = user(private=private)

    assert made.private == private
