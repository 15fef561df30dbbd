"""The rules of each field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.fakes import plain_syntax
from wicketgate.core import fields
from wicketgate.core.errors import InvalidInput, Problem


def problems_of(rule: Callable[[Any], Any], value: object) -> list[tuple[str | None, str]]:
    """What a rule says of a value."""
    with pytest.raises(InvalidInput) as caught:
        rule(value)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def email(value: str) -> str:
    """The rule for addresses with a syntax that refuses nothing."""
    return fields.email(value, plain_syntax)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com\n", "ada@example.com"),
        ("a@b.c", "a@b.c"),
        ("x" * 243 + "@example.com", "x" * 243 + "@example.com"),
    ],
)
def test_an_address_is_cleaned(typed: str, kept: str) -> None:
    """An address is trimmed and handed to the syntax, whose normal form is what counts."""
    address = email(typed)

    assert address == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Email is required"),
        (" \t\ufeff ", "Email is required"),
        ("x" * 244 + "@example.com", "Email must be at most 255 characters"),
        ("ada", "Enter a valid email address"),
        ("ada@example", "Enter a valid email address"),
        ("@example.com", "Enter a valid email address"),
        ("ada@@example.com", "Enter a valid email address"),
        ("ada lovelace@example.com", "Enter a valid email address"),
        ("ada@example.", "Enter a valid email address"),
        ("ada\ud800@example.com", "Email contains a broken character"),
    ],
)
def test_what_is_no_address_is_refused(typed: str, message: str) -> None:
    """A value that is no address is refused with the rule it breaks."""
    found = problems_of(email, typed)

    assert found == [("email", message)]


def test_the_syntax_has_the_last_word() -> None:
    """An address that fits the pattern is refused all the same when the syntax knows better."""
    found = problems_of(lambda value: fields.email(value, lambda _: None), "ada@example.com")

    assert found == [("email", "Enter a valid email address")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12345678", "12345678"),
        ("        ", "        "),
        (" padded\t\n ", " padded\t\n "),
        ("x" * 128, "x" * 128),
        ("ｐａｓｓｗｏｒｄ", "password"),
        ("ﬁﬁﬁﬁ", "fifififi"),
        ("pass\x00word", "pass\x00word"),
    ],
)
def test_a_password_is_normalised_and_never_trimmed(typed: str, kept: str) -> None:
    """A new password is kept in NFKC, with every space it has."""
    password = fields.new_password(typed)

    assert password == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Password is required"),
        ("1234567", "Password must be at least 8 characters"),
        ("e\u0301" * 7, "Password must be at least 8 characters"),
        ("x" * 129, "Password must be at most 128 characters"),
        ("ﷺ" * 8, "Password must be at most 128 characters"),
        ("pass\ud800word", "Password contains a broken character"),
    ],
)
def test_a_new_password_follows_the_rules(typed: str, message: str) -> None:
    """Length counts after NFKC, and a half character is refused."""
    found = problems_of(fields.new_password, typed)

    assert found == [("password", message)]


@pytest.mark.parametrize("typed", ["12345678", "abcdefgh", "--------"])
def test_letters_and_digits_are_asked_for_when_configured(typed: str) -> None:
    """The letter-and-digit rule holds when it is on, and only then."""
    found = problems_of(lambda value: fields.new_password(value, letter_and_digit=True), typed)

    assert found == [("password", "Password must contain at least one letter and one number")]
    assert fields.new_password(typed) == typed


@pytest.mark.parametrize("typed", ["abcdefg1", "пароль12", "１２３４ａｂｃｄ"])
def test_any_alphabet_has_letters_and_digits(typed: str) -> None:
    """Letters and digits of every script do for the letter-and-digit rule."""
    password = fields.new_password(typed, letter_and_digit=True)

    assert len(password) == 8


@pytest.mark.parametrize("typed", ["x", "x" * 5000, " "])
def test_a_password_to_try_needs_no_rule(typed: str) -> None:
    """A login takes a password of any length as it is."""
    password = fields.some_password(typed)

    assert password == typed


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Password is required"), ("\ud800", "Password contains a broken character")],
)
def test_a_password_to_try_must_be_one(typed: str, message: str) -> None:
    """A login without a password, or with half a character, is invalid input."""
    found = problems_of(fields.some_password, typed)

    assert found == [("password", message)]


@pytest.mark.parametrize(("typed", "kept"), [("A", "A"), (" Ada\u202e ", "Ada"), ("x" * 100 + "   ", "x" * 100)])
def test_a_name_is_cleaned(typed: str, kept: str) -> None:
    """A name of 1 to 100 characters after cleaning is kept."""
    name = fields.name(typed)

    assert name == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Name is required"),
        ("\x00\u202e ", "Name is required"),
        ("x" * 101, "Name must be at most 100 characters"),
        ("\udfff", "Name contains a broken character"),
    ],
)
def test_a_name_follows_the_rules(typed: str, message: str) -> None:
    """A name that is empty, too long or broken is refused."""
    found = problems_of(fields.name, typed)

    assert found == [("name", message)]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("ada@example.com", "ada"),
        ('"odd@local"@example.com', '"odd@local"'),
        ("x" * 120 + "@example.com", "x" * 100),
    ],
)
def test_a_name_comes_from_the_address(address: str, name: str) -> None:
    """Someone without a name gets the part before the last `@`, within a name's length."""
    made = fields.name_from_email(address)

    assert made == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(None, None), ("", None), (" \t\n", None), ("one\r\ntwo", "one\ntwo"), ("x" * 500, "x" * 500)],
)
def test_a_bio_is_cleaned(typed: str | None, kept: str | None) -> None:
    """A bio keeps its lines, and nothing at all removes it."""
    bio = fields.bio(typed)

    assert bio == kept


@pytest.mark.parametrize(
    ("typed", "message"),
    [("x" * 501, "Bio must be at most 500 characters"), ("\ud800", "Bio contains a broken character")],
)
def test_a_bio_follows_the_rules(typed: str, message: str) -> None:
    """A bio that is too long or broken is refused."""
    found = problems_of(fields.bio, typed)

    assert found == [("bio", message)]


RULES: fields.Rules = {"name": fields.name, "bio": fields.bio, "email": email}


def test_only_what_is_given_is_checked() -> None:
    """A check cleans the fields that are given and adds none."""
    cleaned = fields.check(RULES, {"bio": " hello ", "name": "Ada"})

    assert cleaned == {"bio": "hello", "name": "Ada"}


def test_every_problem_is_told() -> None:
    """Problems known already come first, then one of each field in the order given."""
    known = Problem("Unknown field", "age")

    found = problems_of(lambda given: fields.check(RULES, given, [known]), {"name": "", "bio": "ok", "email": "x"})

    assert found == [
        ("age", "Unknown field"),
        ("name", "Name is required"),
        ("email", "Enter a valid email address"),
    ]


def test_a_known_problem_is_enough() -> None:
    """A check fails on a problem found before, although every given field is sound."""
    found = problems_of(lambda given: fields.check(RULES, given, [Problem("Name must be text", "name")]), {})

    assert found == [("name", "Name must be text")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Current password is required"), ("\ud800", "Current password contains a broken character")],
)
def test_a_field_is_named_in_words(typed: str, message: str) -> None:
    """A problem of a field of two words is told in two words, and found under the field's own name."""
    found = problems_of(lambda value: fields.some_password(value, "current_password"), typed)

    assert found == [("current_password", message)]
