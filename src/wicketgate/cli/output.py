"""How commands print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from wicketgate.core.users import UserRecord
from wicketgate.web.views import user_view


def user_json(record: UserRecord) -> str:
    """A user as one line of JSON, as the API shows one."""
    return msgspec.json.encode(user_view(record)).decode()


def user_line(record: UserRecord) -> str:
    """A user as one line for a person."""
    return f"{record.id}  {record.email}  {record.plan}  {record.created_at[:10]}  {record.name}"


def user_text(record: UserRecord) -> str:
    """A user over several lines for a person."""
    view: Mapping[str, Any] = json.loads(user_json(record))
    more = {"sessionVersion": record.session_version, "apiTokenVersion": record.api_token_version}
    return "\n".join(f"{name:<16} {value}" for name, value in {**view, **more}.items())
