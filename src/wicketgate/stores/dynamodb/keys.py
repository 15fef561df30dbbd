"""What each kind of item is called. All live in one table, told apart by how `userId` begins."""

from __future__ import annotations

from datetime import date
from typing import Final

from wicketgate.core.limits import Limit, account_source
from wicketgate.core.users import Claim

KEY: Final = "userId"
LONGEST: Final = 2048
"""Bytes in a partition key ("Quotas" in the DynamoDB Developer Guide)."""

AUDIT: Final = "audit#"
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()

Key = dict[str, str]


def user_key(user_id: str) -> Key:
    """Where a user lies."""
    return {KEY: user_id}


def claim_key(claim: Claim) -> Key:
    """Where a claim lies: `email#someone@example.com`."""
    return {KEY: claim.key}


def limit_key(limit: Limit, source: str) -> Key:
    """Where the log of one source lies: `limit#login#192.0.2.1`."""
    return {KEY: f"limit#{limit.key(source)}"}


def guard_key(claim: Claim) -> Key:
    """Where a claim's spent limits wait while it leads nowhere. A hash, so that nobody's address is kept."""
    return {KEY: f"guard#{account_source(claim.key)}"}


def job_key(job_id: str) -> Key:
    """Where what a job says lies: `outbox#…`."""
    return {KEY: f"outbox#{job_id}"}


def due_key(shard: int) -> Key:
    """Where it lies which jobs are due when, in several items so that many can be kept at once: `outbox#due#7`."""
    return {KEY: f"outbox#due#{shard}"}


def audit_key(user_id: str, day: int) -> Key:
    """Where lies what happened to a user on a day, counted from 1970: `audit#…#2024-05-01`."""
    return {KEY: f"{AUDIT}{user_id}#{date.fromordinal(_FIRST_DAY + day).isoformat()}"}


def audited(key: str) -> str:
    """Whose an item of the audit trail is, by its key."""
    return key.removeprefix(AUDIT).rpartition("#")[0]


def possible(key: Key) -> bool:
    """Whether an item can have this key at all; asking DynamoDB for another is an error, not a miss."""
    try:
        return 0 < len(key[KEY].encode()) <= LONGEST
    except UnicodeEncodeError:  # A lone surrogate has no bytes, so nothing has such a key.
        return False
