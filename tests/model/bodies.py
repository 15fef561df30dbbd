"""What is wrong with a body, stated once more and simply."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

COMMON = "password123"

Field = tuple[str, Callable[[Any], bool], str, bool, Callable[[Any], str | None]]


def email(value: str) -> str | None:
    """The problem of an address."""
    if not value.strip():
        return "Email is required"
    return None if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value.strip()) else "Enter a valid email address"


def new_password(value: str) -> str | None:
    """The problem of a password that is to count from now on."""
    length = len(unicodedata.normalize("NFKC", value))
    if not length:
        return "Password is required"
    if length < 8:
        return "Password must be at least 8 characters"
    if length > 128:
        return "Password must be at most 128 characters"
    if value == COMMON:
        return "This password is too common: it is among the first that attackers try"
    return None


def too_close(password: str, address: str) -> bool:
    """Whether a password is the address, or the service's name, with at most a year behind it."""
    for word in (address, address.rpartition("@")[0], "Wicketgate"):
        plain = re.sub(r"[\W_]", "", word).lower()
        left = re.sub(r"[\W_]", "", password).lower()
        if left.startswith(plain) and re.fullmatch(r"\d{0,4}", left[len(plain) :]) and len(password) <= len(word) + 4:
            return True
    return False


def _within(least: int, most: int, field: str) -> Callable[[Any], str | None]:
    def problem(value: Any) -> str | None:
        sound = value is None or least <= value <= most
        return None if sound else f"{field} must be between {least} and {most}"

    return problem


def _needed(field: str, most: int | None = None) -> Callable[[str], str | None]:
    def problem(value: str) -> str | None:
        if not value.strip():
            return f"{field} is required"
        return f"{field} must be at most {most} characters" if most and len(value.strip()) > most else None

    return problem


def _id_of(what: str, pattern: str) -> Callable[[str], str | None]:
    return lambda value: None if re.fullmatch(pattern, value) else f"This is not the id of {what}"


def _bio(value: str | None) -> str | None:
    return None if len((value or "").strip()) <= 500 else "Bio must be at most 500 characters"


def _scopes(value: list[str]) -> str | None:
    if len(set(value)) > 20:
        return "There may be at most 20 scopes"
    if all(re.fullmatch(r"[a-z0-9][a-z0-9:._-]{0,39}", scope) for scope in value):
        return None
    return "A scope has up to 40 lower-case letters, digits and : . _ - such as reports:read"


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return value is None or type(value) is int


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


_EMAIL: Field = ("email", _text, "text", True, email)
_NEW: Field = ("password", _text, "text", True, new_password)
_SOME: Field = ("password", _text, "text", True, lambda value: None if value else "Password is required")
_CURRENT: Field = (
    *("current_password", _text, "text", True),
    lambda value: None if value else "Current password is required",
)
_TOKEN: Field = ("token", _text, "text", True, _needed("Token"))
_NAME = ("name", _text, "text", False, _needed("Name", 100))

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "sign_up": (_EMAIL, _NEW, _NAME),
    "log_in": (_EMAIL, _SOME),
    "update": (
        _NAME,
        ("email", _text, "text", False, email),
        ("bio", lambda value: value is None or _text(value), "text", False, _bio),
    ),
    "change_password": (_CURRENT, _NEW),
    "forgot": (_EMAIL,),
    "reset": (_TOKEN, _NEW),
    "verify_email": (_TOKEN,),
    "resend": (_EMAIL,),
    "confirm_change": (_TOKEN,),
    "undo_change": (_TOKEN,),
    "delete": (_SOME,),
    "end_session": (("id", _text, "text", True, _id_of("a session", "[ -~]{1,64}")),),
    "create_token": (
        ("name", _text, "text", True, _needed("Name", 60)),
        ("scopes", _texts, "a list of texts", False, _scopes),
        ("expires_in_days", _number, "a whole number", False, _within(1, 3650, "Expires in days")),
        ("limit", _number, "a whole number", False, _within(1, 1000, "Limit")),
    ),
    "revoke_token": (("id", _text, "text", True, _id_of("an API token", "[A-Za-z0-9_-]{12}")),),
}


def refusal(kind: str, body: Any) -> dict[str, Any] | None:
    """The answer to a body that is refused before anybody looks at what it asks for."""
    try:
        given = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return {"success": False, "error": "The request body must be valid JSON"}
    if not isinstance(given, dict):
        return {"success": False, "error": "The request body must be a JSON object"}
    problems = {}
    for name, fits, wanted, required, rule in FIELDS[kind]:
        label = name.replace("_", " ").capitalize()
        if name not in given:
            if required:
                problems[name] = f"{label} is required"
        elif not fits(given[name]):
            problems[name] = f"{label} must be {wanted}"
        elif (problem := rule(given[name])) is not None:
            problems[name] = problem
    known = {name for name, *_ in FIELDS[kind]}
    problems |= {name: "Unknown field" for name in given if name not in known}
    return invalid(problems) if problems else None


def invalid(problems: Mapping[str, str]) -> dict[str, Any]:
    """The answer that tells the problem of each field."""
    field, error = next(iter(problems.items()))
    return {"success": False, "error": error, "field": field, "errors": dict(problems)}
