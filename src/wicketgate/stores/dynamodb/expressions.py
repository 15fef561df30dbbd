"""What aiodynamo's expressions lack, and how an edit is written as one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from aiodynamo.expressions import Condition, F, Parameters, SetAction, UpdateExpression, Value

from wicketgate.core.users import Edit
from wicketgate.stores.dynamodb.items import API_TOKEN_VERSION, FIRST_VERSION, REVOKED, SESSION_VERSION, attribute
from wicketgate.stores.dynamodb.keys import KEY

EXISTS: Condition = F(KEY).exists()


@dataclass(frozen=True)
class Raised(SetAction):
    """The next version. An item that other code filled has none, and counts as being at its first."""

    def encode(self, params: Parameters, field: F) -> str:
        """The right side of `SET version = …`."""
        first, one = params.encode_value(FIRST_VERSION), params.encode_value(1)
        return f"if_not_exists({params.encode_path(field.path)}, {first}) + {one}"


@dataclass(frozen=True)
class Prepended(SetAction):
    """A list with one more value in front; a missing list is an empty one."""

    value: Any

    def encode(self, params: Parameters, field: F) -> str:
        """The right side of `SET log = …`."""
        front, empty = params.encode_value([self.value]), params.encode_value([])
        return f"list_append({front}, if_not_exists({params.encode_path(field.path)}, {empty}))"


def setting(**values: Any) -> UpdateExpression:
    """`SET name = value, …`."""
    return UpdateExpression([(F(name), Value(value)) for name, value in values.items()])


def raised_session_version() -> UpdateExpression:
    """Ends every session: the version goes up, and the ended sessions of the old one need no list any more."""
    return UpdateExpression([(F(SESSION_VERSION), Raised()), (F(REVOKED), Value({}))])


def update_of(edit: Edit) -> UpdateExpression | None:
    """Only what the edit names, so that edits of different fields at one time all survive; None for nothing."""
    changes = {attribute(name): value for name, value in {**edit.fields, **edit.private}.items()}
    update = setting(**{name: value for name, value in changes.items() if value is not None})
    update &= UpdateExpression(remove={F(name) for name, value in changes.items() if value is None})
    if edit.raise_session_version:
        update &= raised_session_version()
    if edit.raise_api_token_version:
        update &= UpdateExpression([(F(API_TOKEN_VERSION), Raised())])
    return update if update.set_updates or update.remove else None


def condition_of(edit: Edit) -> Condition:
    """The user exists and has what the edit expects."""
    expected = (still(attribute(name), value) for name, value in edit.expect.items())
    return reduce(and_, expected, still_at(edit.session_version))


def still_at(session_version: int | None) -> Condition:
    """The user exists, and is at this session version unless that is None."""
    if session_version is None:
        return EXISTS
    same: Condition = F(SESSION_VERSION).equals(session_version)
    return EXISTS & (same | F(SESSION_VERSION).does_not_exist() if session_version == FIRST_VERSION else same)


def still(name: str, value: str | None) -> Condition:
    """An attribute has this value, or with None is absent."""
    return F(name).does_not_exist() if value is None else F(name).equals(value)
