"""What a month on AWS costs: measured request units, assumed people, and prices, each in one place.

`python -m bench.costs` measures the units on DynamoDB Local and prints the tables of docs/costs.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bench.units import DOLLARS_PER_MILLION_READS, DOLLARS_PER_MILLION_WRITES, MAIL, Operation, measured
from tests.support.dynamodb_local import running


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars, us-east-1, without free tiers and discounts."""

    million_reads: float = DOLLARS_PER_MILLION_READS
    million_writes: float = DOLLARS_PER_MILLION_WRITES
    stored_gb: float = 0.25
    pitr_gb: float = 0.20
    million_invocations: float = 0.20
    gb_second: float = 0.0000133334  # arm64
    million_http_api: float = 1.00
    log_gb: float = 0.50


@dataclass(frozen=True, slots=True)
class People:
    """What somebody who uses your product in a month does in it, on average, and how much each leaves behind."""

    done: Mapping[str, float]
    registered: float = 3.0  # accounts for each who came this month
    user_bytes: int = 490  # an item of 390 with a bio of 100, and the 100 that AWS adds to each
    address_bytes: int = 180


@dataclass(frozen=True, slots=True)
class Function:
    """How long a request keeps Lambda busy, of which a password takes nearly all."""

    gb: float = 1769 / 1024
    hashing_seconds: float = 0.28
    other_seconds: float = 0.01
    log_bytes: int = 250


USUAL: Final = People(
    {
        "sign-up": 0.05,
        "login": 4,
        "failed login": 0.5,
        "session check + profile": 300,
        "update": 0.1,
        "address change": 0.01,
        "rotate": 0.02,
        "logout": 1,
        MAIL: 0.3,
    }
)
_HASHING: Final = frozenset({"sign-up", "login", "failed login"})
_NO_REQUESTS: Final = frozenset({MAIL})


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the bill."""

    name: str
    dollars: float


def month(
    users: int, operations: Sequence[Operation], people: People = USUAL, prices: Prices = Prices()
) -> list[Part]:
    """The bill for so many people who came in a month."""
    count = {one.name: people.done.get(one.name, 0) * users for one in operations}
    reads = sum(count[one.name] * one.reads for one in operations)
    writes = sum(count[one.name] * one.writes for one in operations)
    table = users * people.registered * (people.user_bytes + people.address_bytes) / 1e9
    index = users * people.registered * people.user_bytes / 1e9
    return [
        Part("reads", reads / 1e6 * prices.million_reads),
        Part("writes, the index's included", writes / 1e6 * prices.million_writes),
        Part("storage of the table", table * prices.stored_gb),
        Part("storage of `EmailIndex`", index * prices.stored_gb),
        Part("PITR", table * prices.pitr_gb),
        *_served(count, prices, Function()),
    ]


def _served(count: Mapping[str, float], prices: Prices, function: Function) -> Iterator[Part]:
    requests = sum(times for name, times in count.items() if name not in _NO_REQUESTS)
    hashing = sum(times for name, times in count.items() if name in _HASHING)
    seconds = hashing * function.hashing_seconds + (requests - hashing) * function.other_seconds
    yield Part("Lambda, invocations", requests / 1e6 * prices.million_invocations)
    yield Part("Lambda, time", seconds * function.gb * prices.gb_second)
    yield Part("HTTP API (a function URL: nothing)", requests / 1e6 * prices.million_http_api)
    yield Part("CloudWatch, one line of log a request", requests * function.log_bytes / 1e9 * prices.log_gb)


def operations_table(operations: Sequence[Operation]) -> Iterator[str]:
    """Units and prices of each operation, as Markdown."""
    yield "| operation | read units | write units | a million cost |"
    yield "| --- | ---: | ---: | ---: |"
    for one in operations:
        yield f"| {one.name} | {one.reads:g} | {one.writes:g} | ${one.dollars_per_million:.3f} |"


def month_table(operations: Sequence[Operation], *sizes: int) -> Iterator[str]:
    """The bills of several sizes side by side, as Markdown."""
    bills = [month(users, operations) for users in sizes]
    yield f"| a month | {' | '.join(f'{users:,} people' for users in sizes)} |"
    yield f"| --- | {' | '.join('---:' for _ in sizes)} |"
    for parts in zip(*bills, strict=True):
        yield f"| {parts[0].name} | {' | '.join(f'${part.dollars:,.2f}' for part in parts)} |"
    for name, chosen in (("DynamoDB together", slice(0, 5)), ("all together", slice(None))):
        sums = (sum(part.dollars for part in bill[chosen]) for bill in bills)
        yield f"| **{name}** | {' | '.join(f'**${total:,.2f}**' for total in sums)} |"


def main() -> None:
    """Prints both tables."""
    operations = asyncio.run(measured(running().endpoint))
    print("\n".join([*operations_table(operations), "", *month_table(operations, 10_000, 1_000_000)]))


if __name__ == "__main__":
    main()
