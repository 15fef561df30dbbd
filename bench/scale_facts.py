"""What the model in `scale.py` takes for granted: AWS's numbers, prices, what was measured, what people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wicketgate.settings import Settings

USERS: Final = 100_000_000
LOGINS: Final = 100_000
"""A second, at the peak."""

DAY: Final = 86_400
MONTH: Final = 30 * DAY

PARTITION_READS: Final = 3_000
PARTITION_WRITES: Final = 1_000
PARTITION_BYTES: Final = 10e9
"""Of one partition, and so of one item. "Best practices for designing and using partition keys", Developer Guide."""

TABLE_QUOTA: Final = 40_000
"""Read and write units a second of a table, and of an index, before it is raised. "Quotas", Developer Guide."""

NEW_READS: Final = 12_000
NEW_WRITES: Final = 4_000
"""What a new table on demand takes at once. "DynamoDB warm throughput", Developer Guide."""

LAMBDA_AT_ONCE: Final = 1_000
"""Requests at once of an account, before it is raised. "Lambda quotas", Lambda Developer Guide."""

LAMBDA_HASHING: Final = 0.28
LAMBDA_OTHER: Final = 0.01
LAMBDA_GB: Final = 1769 / 1024
LAMBDA_MILLION: Final = 0.20
"""Seconds of a request with a password and of any other, memory, and dollars, as in `costs.py`."""

LAMBDA_STEP: Final = 10_000
LAMBDA_STEP_SECONDS: Final = 10
"""Requests a second that a function can take more in each step. "Lambda scaling behavior", Lambda Developer Guide."""

HASHES_AT_10: Final = 58.0 / 3
"""Logins a second and core at cost 10: RESULTS.md has 58.0 on three cores. Each step of the cost halves it."""

CHECK_SECONDS: Final = 131e-6
"""Processor time of a session check on DynamoDB, RESULTS.md."""

USED: Final = 0.7
"""How much of what is there is used at the peak: of processors, and of provisioned capacity."""

DYNAMODB_SECONDS: Final = 0.005
"""How long a call of DynamoDB is assumed to take."""

TTL_DAYS: Final = 2
"""How long an item is assumed to lie there once it has expired; AWS says "within a few days"."""

BLOCK: Final = 1024

SETTINGS: Final = Settings()
"""The defaults."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars, us-east-1. The first five are those of `costs.py`; a core is half a `m7g.large`, on demand."""

    million_reads: float = 0.125
    million_writes: float = 0.625
    stored_gb: float = 0.25
    pitr_gb: float = 0.20
    gb_second: float = 0.0000133334
    read_unit_hour: float = 0.00013
    write_unit_hour: float = 0.00065
    core_hour: float = 0.0816 / 2
    off_one_year: float = 0.54  # "up to", reserved capacity
    off_three_years: float = 0.77


PRICES: Final = Prices()


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that happens: how often for each login, its units, and what it leaves behind."""

    name: str
    often: float
    reads: float
    writes: float
    hashes: bool = False
    of_index: float = 0  # how many of the writes are of the index
    audited: bool = False
    mails: bool = False


MIX: Final = (
    Kind("login", 1, 2, 1, hashes=True),
    Kind("session check + profile", 50, 1, 0),
    Kind("failed login", 0.1, 2, 2, hashes=True),
    Kind("attempt refused by a limit", 0.05, 1, 1),
    Kind("first login from a network", 0.03, 1, 8, of_index=1, audited=True, mails=True),
    Kind("logout", 0.3, 1, 2, of_index=1),
    Kind("update", 0.02, 1, 2, of_index=1),
    Kind("sign-up", 0.002, 1, 8, hashes=True, of_index=2, audited=True),
)
"""What happens for each login. Units are those of docs/costs.md; the fifth is the note of the network 2, the entry of
the trail 1, the mail 4 and its limit 1, with the read of whom to mail."""
