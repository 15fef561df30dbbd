"""Bodies that more than one route sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from wicketgate.core.addresses import pending_email
from wicketgate.core.clock import Clock
from wicketgate.core.users import UserRecord, verified


class User(Struct, frozen=True, rename="camel"):
    """A user as the API shows one."""

    id: Annotated[str, Meta(description="A UUID.", examples=["7f4df4b2-3f3a-4a39-9c7c-5ce5a4dd7f0e"])]
    email: Annotated[str, Meta(examples=["ada@example.com"])]
    name: Annotated[str, Meta(examples=["Ada Lovelace"])]
    plan: Annotated[str, Meta(examples=["free"])]
    created_at: Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]
    last_modified: Annotated[str, Meta(description="ISO 8601 in UTC.", examples=["2030-01-31T12:00:00.000Z"])]
    bio: Annotated[str | UnsetType, Meta(description="Left out while unset.", examples=["I write programs."])] = UNSET
    email_verified: Annotated[bool | UnsetType, Meta(description="Only where addresses are confirmed.")] = UNSET
    pending_email: Annotated[str | UnsetType, Meta(description="The new address that waits to be confirmed.")] = UNSET


View = Callable[[UserRecord], User]
"""Shows a user."""


def user_view(record: UserRecord) -> User:
    """The record without anything secret."""
    return User(
        id=record.id,
        email=record.email,
        name=record.name,
        plan=record.plan,
        created_at=record.created_at,
        last_modified=record.last_modified,
        bio=UNSET if record.bio is None else record.bio,
    )


class ConfirmingView:
    """How a user is shown where addresses are confirmed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __call__(self, record: UserRecord) -> User:
        """The record without anything secret, and what its owner has yet to confirm."""
        pending = pending_email(record, self._clock())
        return replace(
            user_view(record), email_verified=verified(record), pending_email=UNSET if pending is None else pending
        )


class ErrorResponse(Struct, frozen=True, kw_only=True):
    """Every answer that is not a success."""

    success: Annotated[bool, Meta(description="Always false.")] = False
    error: Annotated[str, Meta(description="The first problem, in words for a person.")]
    field: Annotated[str | UnsetType, Meta(description="The field that has the first problem.")] = UNSET
    errors: Annotated[dict[str, str] | UnsetType, Meta(description="Every field's first problem.")] = UNSET


class SuccessResponse(Struct, frozen=True):
    """That it worked."""

    success: bool


class DoneResponse(Struct, frozen=True):
    """That it is done, or on its way, in words for a person."""

    success: bool
    message: str


class StatusResponse(Struct, frozen=True):
    """That something is well."""

    status: Annotated[str, Meta(examples=["ok"])] = "ok"
