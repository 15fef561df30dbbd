"""What each kind of item is called. All live in one table, told apart by how `userId` begins."""

from __future__ import annotations

from typing import Final

from wicketgate.core.limits import Limit, account_source
from wicketgate.core.users import Claim

KEY: Final = "userId"
LONGEST: Final = 2048
"""Bytes in a partition key ("Quotas" in the DynamoDB Developer Guide)."""

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


def secret_key(kind: str, digest: str) -> Key:
    """Where a one-time secret lies: `secret#confirm#…`."""
    return {KEY: f"secret#{kind}#{digest}"}


def possible(key: Key) -> bool:
    """Whether an item can have this key at all; asking DynamoDB for another is an error, not a miss."""
    return 0 < len(key[KEY].encode(errors="replace")) <= LONGEST
