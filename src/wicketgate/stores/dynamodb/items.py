"""A user as an item and back. The attributes are named as in the design document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiodynamo.utils import deserialize

from wicketgate.core.users import FREE_PLAN, UserRecord
from wicketgate.stores.dynamodb.keys import KEY

Item = dict[str, Any]

ATTRIBUTES: Final[Mapping[str, str]] = {
    "email": "email",
    "name": "name",
    "bio": "bio",
    "plan": "plan",
    "created_at": "createdAt",
    "last_modified": "lastModified",
}
"""Text fields of a record and the attributes they are kept in."""

SESSION_VERSION: Final = "sessionVersion"
API_TOKEN_VERSION: Final = "apiTokenVersion"  # noqa: S105
REVOKED: Final = "revokedSessions"
FIRST_VERSION: Final = 1

_OWN: Final = frozenset({KEY, *ATTRIBUTES.values(), SESSION_VERSION, API_TOKEN_VERSION, REVOKED})


def attribute(name: str) -> str:
    """The attribute of a field or of a private value, which is kept under its own name."""
    return ATTRIBUTES.get(name, name)


def to_item(record: UserRecord) -> Item:
    """The item to put for a user."""
    texts = {attribute: getattr(record, field) for field, attribute in ATTRIBUTES.items()}
    return {
        **record.private,
        **{name: text for name, text in texts.items() if text is not None},
        KEY: record.id,
        SESSION_VERSION: record.session_version,
        API_TOKEN_VERSION: record.api_token_version,
        REVOKED: dict(record.revoked_sessions),
    }


def to_record(item: Item) -> UserRecord | None:
    """The user in an item, None if the item is none.

    Other kinds of items have no `email`, so that no id, however it was come by, makes a claim or a secret pass
    for a user. What an item that other code filled leaves out gets the value of a new user, as do ended sessions
    that are no map; attributes that are no text are left alone.
    """
    email = item.get("email")
    if email is None:
        return None
    created: str = item.get("createdAt", "")
    revoked = item.get(REVOKED)
    return UserRecord(
        id=item[KEY],
        email=email,
        name=item.get("name", email.partition("@")[0]),
        created_at=created,
        last_modified=item.get("lastModified", created),
        bio=item.get("bio"),
        plan=item.get("plan", FREE_PLAN),
        session_version=item.get(SESSION_VERSION, FIRST_VERSION),
        api_token_version=item.get(API_TOKEN_VERSION, FIRST_VERSION),
        revoked_sessions=revoked if isinstance(revoked, dict) else {},
        private={name: text for name, text in item.items() if name not in _OWN and isinstance(text, str)},
    )


def plain(said: Mapping[str, dict[str, Any]]) -> Item:
    """An item as DynamoDB says it, `{"name": {"S": "Ada"}}`, in Python's own values."""
    return {
        name: value["S"] if "S" in value else number(value["N"]) if "N" in value else deserialize(value, number)
        for name, value in said.items()
    }


def number(text: str) -> int | float:
    """A DynamoDB number: ours are whole, but an item may carry another's that are not."""
    try:
        return int(text)
    except ValueError:
        return float(text)
