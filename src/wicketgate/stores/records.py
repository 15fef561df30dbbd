"""What an edit does to a record, for stores that apply edits themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from wicketgate.core.sessions import LISTED
from wicketgate.core.users import EDITABLE, Edit, UserRecord


def edited(record: UserRecord, edit: Edit) -> UserRecord:
    """The record after the edit."""
    changes: dict[str, Any] = dict(edit.fields)
    if edit.private:
        merged = {**record.private, **edit.private}
        changes["private"] = {name: value for name, value in merged.items() if value is not None}
    if edit.raise_session_version:
        changes["session_version"] = record.session_version + 1
        changes["revoked_sessions"] = {}
    if edit.raise_api_token_version:
        changes["api_token_version"] = record.api_token_version + 1
    return replace(record, **changes)


def violated(record: UserRecord, edit: Edit) -> bool:
    """Whether the record no longer has a value that the edit expects."""
    return outdated(record, edit.session_version) or any(
        value(record, name) != expected for name, expected in edit.expect.items()
    )


def outdated(record: UserRecord, session_version: int | None) -> bool:
    """Whether every session was ended since the record had this version; None is never outdated."""
    return session_version is not None and record.session_version != session_version


def value(record: UserRecord, name: str) -> str | None:
    """A field or a private attribute by its name."""
    field: str | None = getattr(record, name) if name in EDITABLE else record.private.get(name)
    return field


def ended(record: UserRecord, token_id: str, live: Mapping[str, int] | None) -> UserRecord:
    """The record after this session, with these ended ones; None raises the version, which ends every session."""
    private = {name: kept for name, kept in record.private.items() if name != LISTED + token_id}
    if live is None:
        version = record.session_version + 1
        return replace(record, session_version=version, revoked_sessions={}, private=private)
    return replace(record, revoked_sessions=live, private=private)
