"""The rules for each field a person fills in. Every function returns the cleaned value or raises InvalidInput."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wicketgate.core import text
from wicketgate.core.errors import InvalidInput, Problem

EMAIL_MAX = 255
PASSWORD_MIN = 8
PASSWORD_MAX = 128
NAME_MAX = 100
BIO_MAX = 500

# The design's own pattern; `EmailSyntax` is stricter, this one comes first and is cheap.
EMAIL_PATTERN = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

EmailSyntax = Callable[[str], str | None]
"""Returns an address in its one normalised, lower-case form, or None if it is none."""


def email(value: str, syntax: EmailSyntax) -> str:
    """The address as it is compared and stored: trimmed, NFC, lower case."""
    cleaned = _cleaned("email", value, text.clean_line, EMAIL_MAX)
    if not cleaned:
        raise _problem("email", "Email is required")
    if len(cleaned) > EMAIL_MAX:
        raise _problem("email", f"Email must be at most {EMAIL_MAX} characters")
    normalised = syntax(cleaned) if EMAIL_PATTERN.fullmatch(cleaned) else None
    if normalised is None:
        raise _problem("email", "Enter a valid email address")
    return normalised


def new_password(value: str, *, letter_and_digit: bool = False) -> str:
    """The password in NFKC, never trimmed (NIST SP 800-63B, 3.1.1.2: count and hash after normalising)."""
    password = normal_password(_cleaned("password", value, text.refuse_surrogates))
    if not password:
        raise _problem("password", "Password is required")
    if len(password) < PASSWORD_MIN:
        raise _problem("password", f"Password must be at least {PASSWORD_MIN} characters")
    if len(password) > PASSWORD_MAX:
        raise _problem("password", f"Password must be at most {PASSWORD_MAX} characters")
    if letter_and_digit and not (any(map(str.isalpha, password)) and any(map(str.isdigit, password))):
        raise _problem("password", "Password must contain at least one letter and one number")
    return password


def normal_password(value: str) -> str:
    """A password in NFKC, in which it is counted and hashed. One that is too long to be any stays as it is."""
    return text.normalised("NFKC", value, PASSWORD_MAX)


def some_password(value: str, field: str = "password") -> str:
    """A password to try. No rule applies, so that one from before a rule still opens its account."""
    if not _cleaned(field, value, text.refuse_surrogates):
        raise _problem(field, f"{label(field)} is required")
    return value


def token(value: str) -> str:
    """What a link said after `#`. Whether it is good shows when it is looked for."""
    if not _cleaned("token", value, text.refuse_surrogates).strip():
        raise _problem("token", "Token is required")
    return value


def name(value: str) -> str:
    """A display name of 1 to 100 characters."""
    cleaned = _cleaned("name", value, text.clean_line, NAME_MAX)
    if not cleaned:
        raise _problem("name", "Name is required")
    if len(cleaned) > NAME_MAX:
        raise _problem("name", f"Name must be at most {NAME_MAX} characters")
    return cleaned


def name_from_email(address: str) -> str:
    """The part before `@`, as a name for someone who gave none."""
    return address.rpartition("@")[0][:NAME_MAX]


def bio(value: str | None) -> str | None:
    """At most 500 characters with their line breaks; None when empty, which removes it."""
    cleaned = _cleaned("bio", value or "", text.clean_block, BIO_MAX)
    if len(cleaned) > BIO_MAX:
        raise _problem("bio", f"Bio must be at most {BIO_MAX} characters")
    return cleaned or None


Rules = Mapping[str, Callable[[Any], Any]]
"""A rule for each field: it returns the cleaned value or raises InvalidInput."""


def check(rules: Rules, given: Mapping[str, Any], found: Iterable[Problem] = ()) -> dict[str, Any]:
    """The given values, cleaned. Raises InvalidInput with every problem, so that a form can show them all.

    `found` are problems known already, of fields that are not among the given.
    """
    problems = list(found)
    cleaned: dict[str, Any] = {}
    for field, value in given.items():
        try:
            cleaned[field] = rules[field](value)
        except InvalidInput as error:
            problems.extend(error.problems)
    if problems:
        raise InvalidInput(*problems)
    return cleaned


def label(field: str) -> str:
    """A field as a message names it at its beginning: `current_password` is "Current password"."""
    return field.replace("_", " ").capitalize()


def _cleaned(field: str, value: str, clean: Callable[..., str], *most: int) -> str:
    try:
        return clean(value, *most)
    except text.LoneSurrogate:
        raise _problem(field, f"{label(field)} contains a broken character") from None


def _problem(field: str, message: str) -> InvalidInput:
    return InvalidInput(Problem(message, field))
