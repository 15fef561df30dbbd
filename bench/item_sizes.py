"""How many bytes the items of the DynamoDB table have, by AWS's rule, made with the store's own keys and layout.

The rule is in "DynamoDB Item sizes and formats" (CapacityUnitCalculations) of the Developer Guide. Numbers are
approximate there, so all of this is good to a few percent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from wicketgate.core.arrivals import NETWORKS
from wicketgate.core.limits import Limit, account_source
from wicketgate.core.users import UserRecord, email_claim
from wicketgate.methods.password.flow import HASH
from wicketgate.stores.dynamodb.items import Item, to_item
from wicketgate.stores.dynamodb.keys import audit_key, claim_key, due_key, job_key, limit_key
from wicketgate.stores.dynamodb.limits import EXPIRES, LOG, SURPLUS

STORED_BESIDES: Final = 100
"""Bytes that AWS adds to each item, and to each item of an index, when it bills storage."""

USER_ID: Final = "bb4f6ed2-181d-40f4-b418-3ae6bd429f2a"
NOW_MS: Final = 1_900_000_000_123

_EMAIL: Final = "someone.longer@mail.example.com"
_ENTRY: Final = {"at": NOW_MS, "until": 1_907_776_060, "network": "203.0.113.0/24", "detail": "Firefox on Windows"}


def size(value: Any) -> int:
    """The bytes of a value, without the name in front of it."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, bool) or value is None:
        return 1
    if isinstance(value, int):
        return (len(str(abs(value)).rstrip("0")) + 1) // 2 + 1
    if isinstance(value, Mapping):
        return 3 + sum(1 + size(name) + size(inner) for name, inner in value.items())
    if isinstance(value, Sequence):
        return 3 + sum(1 + size(inner) for inner in value)
    raise TypeError(type(value).__name__)


def item_size(item: Item) -> int:
    """The bytes of a whole item, which reads and writes are billed by."""
    return sum(size(name) + size(value) for name, value in item.items())


def user() -> Item:
    """A user with a short bio who has signed in from three networks and logged out once today."""
    record = UserRecord(
        id=USER_ID,
        email=_EMAIL,
        name="Someone Longer",
        created_at="2030-01-31T12:00:00.829Z",
        last_modified="2030-01-31T12:00:00.829Z",
        bio="x" * 50,
        revoked_sessions={"x" * 16: 1_900_000_000},
        private={HASH: "$" * 60, NETWORKS: ",".join(["203.0.113.0/24"] * 3)},
    )
    return to_item(record)


def address() -> Item:
    """The item that leads from an address to its user."""
    return {**claim_key(email_claim(_EMAIL)), "owner": USER_ID}


def limit(most: int, entries: int) -> Item:
    """The log of one source of logins with so many entries; it is cut at `most` and `SURPLUS`."""
    log = [NOW_MS] * min(entries, most + SURPLUS)
    return {**limit_key(Limit("login", most, 900_000), "203.0.113.177"), LOG: log, EXPIRES: NOW_MS // 1000}


def failures(most: int, entries: int) -> Item:
    """The log of an account's failures with so many entries."""
    key = limit_key(Limit("account", most, 900_000), account_source(email_claim(_EMAIL).key))
    return {**key, LOG: [NOW_MS] * min(entries, most + SURPLUS), EXPIRES: NOW_MS // 1000}


def job() -> Item:
    """What a notice of a sign-in says."""
    data = {
        "user": USER_ID,
        "event": "new_sign_in",
        "at": str(NOW_MS),
        "network": "203.0.113.0/24",
        "detail": "x" * 18,
    }
    return {**job_key(USER_ID), "kind": "notice", "data": data, "attempts": 1, EXPIRES: NOW_MS // 1000}


def shard(entries: int) -> Item:
    """One of the lists of what is due, with so many jobs."""
    return {**due_key(7), "due": {f"{number:036}": NOW_MS for number in range(entries)}}


def audit_day(event: str, entries: int) -> Item:
    """A user's day with so many entries of one kind."""
    return {**audit_key(USER_ID, 21_900), f"event#{event}": [{**_ENTRY, "mark": "0" * 8}] * entries, EXPIRES: 1}
