"""A paper model of a hundred million users and a hundred thousand logins a second on DynamoDB.

Nothing is measured here and nothing is called: `python -m bench.scale` prints the tables of docs/scale.md from the
constants in `scale_facts.py` and the sizes in `item_sizes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from bench import item_sizes
from bench.item_sizes import STORED_BESIDES, item_size
from bench.scale_facts import (
    BLOCK,
    CHECK_SECONDS,
    DAY,
    DYNAMODB_SECONDS,
    HASHES_AT_10,
    LAMBDA_AT_ONCE,
    LAMBDA_GB,
    LAMBDA_HASHING,
    LAMBDA_MILLION,
    LAMBDA_OTHER,
    LAMBDA_STEP,
    LAMBDA_STEP_SECONDS,
    LOGINS,
    MIX,
    MONTH,
    NEW_READS,
    NEW_WRITES,
    PARTITION_BYTES,
    PARTITION_READS,
    PARTITION_WRITES,
    PRICES,
    SETTINGS,
    TABLE_QUOTA,
    TTL_DAYS,
    USED,
    USERS,
    Kind,
    Prices,
)
from wicketgate.outbox.worker import PAUSE
from wicketgate.stores.dynamodb.limits import SURPLUS
from wicketgate.stores.dynamodb.outbox import MOST_IN_A_SHARD, SHARDS


@dataclass(frozen=True, slots=True)
class Load:
    """Units a second, in all and of the index."""

    reads: float
    writes: float
    index_writes: float


def load(logins: float = LOGINS) -> Load:
    """What so many logins a second bring with them."""
    return Load(
        logins * sum(kind.often * kind.reads for kind in MIX),
        logins * sum(kind.often * kind.writes for kind in MIX),
        logins * sum(kind.often * kind.of_index for kind in MIX),
    )


def often(matters: Callable[[Kind], bool]) -> float:
    """How often what matters happens for each login."""
    return sum(kind.often for kind in MIX if matters(kind))


def units(size: float) -> int:
    """Write units for an item of so many bytes."""
    return max(1, ceil(size / BLOCK))


@dataclass(frozen=True, slots=True)
class Stored:
    """A kind of item: how many there are, of how many bytes, and whether the index has a copy."""

    name: str
    items: float
    bytes_each: int
    indexed: bool = False

    @property
    def gb(self) -> float:
        """What it takes in the table, AWS's addition to each item included."""
        return self.items * (self.bytes_each + STORED_BESIDES) / 1e9


def stored(users: float = USERS, logins_a_day: float = USERS) -> list[Stored]:
    """What lies in the table on a usual day; each login is taken to come from a source of its own."""
    user, day = item_size(item_sizes.user()), item_size(item_sizes.audit_day("new_sign_in", 1))
    most, failures = SETTINGS.rate_limit_max_requests, SETTINGS.account_limit_max_failures
    limits = logins_a_day * (TTL_DAYS + SETTINGS.rate_limit_window_ms / 1000 / DAY)
    failed = limits * often(lambda kind: kind.name == "failed login")
    trail = logins_a_day * often(lambda kind: kind.audited) * (SETTINGS.audit_days + TTL_DAYS)
    return [
        Stored("users", users, user),
        Stored("their copies in `EmailIndex`", users, user, indexed=True),
        Stored("addresses", users, item_size(item_sizes.address())),
        Stored("limits of sources", limits, item_size(item_sizes.limit(most, 1))),
        Stored("failures of accounts", failed, item_size(item_sizes.failures(failures, 1))),
        Stored("days of the trail", trail, day),
        Stored("jobs that wait, at most", SHARDS * MOST_IN_A_SHARD, item_size(item_sizes.job())),
    ]


def stored_table(items: list[Stored]) -> Iterator[str]:
    """How many items of which size, as Markdown."""
    yield "| items | how many | bytes each | GB |"
    yield "| --- | ---: | ---: | ---: |"
    for one in items:
        yield f"| {one.name} | {one.items:,.0f} | {one.bytes_each} | {one.gb:,.1f} |"
    yield f"| **together** | | | **{sum(one.gb for one in items):,.1f}** |"


def mix_table() -> Iterator[str]:
    """Units a second of the mix at the peak, as Markdown."""
    yield "| | for each login | a second | read units/s | write units/s |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for kind in MIX:
        rate = LOGINS * kind.often
        yield f"| {kind.name} | {kind.often:g} | {rate:,.0f} | {rate * kind.reads:,.0f} | {rate * kind.writes:,.0f} |"
    peak, usual = load(), load(USERS / DAY)
    yield f"| **at the peak** | | | **{peak.reads:,.0f}** | **{peak.writes:,.0f}** |"
    yield f"| of it `EmailIndex` | | | 0 | {peak.index_writes:,.0f} |"
    yield f"| on average, a login for each user and day | | | {usual.reads:,.0f} | {usual.writes:,.0f} |"


def on_demand(wanted: Load, prices: Prices) -> float:
    """Dollars a month for requests, paid one by one."""
    return MONTH / 1e6 * (wanted.reads * prices.million_reads + wanted.writes * prices.million_writes)


def provisioned(wanted: Load, prices: Prices) -> float:
    """Dollars a month for capacity that such a load uses as far as `USED`."""
    hourly = wanted.reads * prices.read_unit_hour + wanted.writes * prices.write_unit_hour
    return MONTH / 3600 * hourly / USED


def bill_table(prices: Prices = PRICES) -> Iterator[str]:
    """What a month of DynamoDB costs, on average and if the peak never ended, as Markdown."""
    yield "| a month of DynamoDB | a login for each user and day | the peak all month |"
    yield "| --- | ---: | ---: |"
    wanted = [load(USERS / DAY), load()]
    rows: Mapping[str, Callable[[Load], float]] = {
        "on demand": lambda one: on_demand(one, prices),
        f"provisioned, {USED:.0%} used": lambda one: provisioned(one, prices),
        "the same, reserved for one year": lambda one: provisioned(one, prices) * (1 - prices.off_one_year),
        "the same, reserved for three years": lambda one: provisioned(one, prices) * (1 - prices.off_three_years),
    }
    for name, cost in rows.items():
        yield f"| {name} | {' | '.join(f'${cost(one):,.0f}' for one in wanted)} |"
    items = stored()
    pitr = sum(one.gb for one in items if not one.indexed) * prices.pitr_gb
    kept = sum(one.gb for one in items) * prices.stored_gb
    yield f"| storage, index included | ${kept:,.0f} | |"
    yield f"| PITR | ${pitr:,.0f} | |"


def quota_table() -> Iterator[str]:
    """What the peak needs of each quota, as Markdown."""
    peak = load()
    table_gb = sum(one.gb for one in stored() if not one.indexed)
    index_gb = sum(one.gb for one in stored() if one.indexed)
    base = peak.writes - peak.index_writes
    rows = [
        ("reads of the table", peak.reads, NEW_READS, PARTITION_READS, table_gb),
        ("writes of the table", base, NEW_WRITES, PARTITION_WRITES, table_gb),
        ("writes of `EmailIndex`", peak.index_writes, NEW_WRITES, PARTITION_WRITES, index_gb),
    ]
    yield "| | at the peak | times the quota | times a new table | partitions at least | for the size alone |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, wanted, new, most, gb in rows:
        partitions, by_size = ceil(wanted / most), ceil(gb * 1e9 / PARTITION_BYTES)
        yield (
            f"| {name} | {wanted:,.0f} | {wanted / TABLE_QUOTA:,.1f} | {wanted / new:,.1f} "
            f"| {partitions:,} | {by_size} |"
        )


def attempts(most: int) -> tuple[int, int, int]:
    """Bytes of the log of a source that may log in so often, write units of an attempt, and attempts a second."""
    size = item_size(item_sizes.limit(most, most + SURPLUS))
    return size, units(size), PARTITION_WRITES // units(size)


def source_table() -> Iterator[str]:
    """What one source can do to its limit's item, by how much it is allowed, as Markdown."""
    yield "| `RATE_LIMIT_MAX_REQUESTS` | bytes of the item | write units of an attempt | attempts a second |"
    yield "| ---: | ---: | ---: | ---: |"
    for most in (SETTINGS.rate_limit_max_requests, 50, 500, 5_000):
        size, written, rate = attempts(most)
        yield f"| {most:,} | {size:,} | {written} | {rate:,} |"


def mails_a_second(seconds: float) -> int:
    """Jobs a second that the lists of what is due take, two writes for each, if each job takes so long."""

    def fits(rate: int) -> bool:
        waiting = ceil(rate * seconds)
        return waiting <= MOST_IN_A_SHARD and 2 * rate * units(_list_bytes(waiting)) <= PARTITION_WRITES

    return SHARDS * max(rate for rate in range(PARTITION_WRITES) if fits(rate))


def _list_bytes(entries: int) -> int:
    """As `item_sizes.shard`, without making thousands of entries for each question."""
    empty, one = (item_size(item_sizes.shard(number)) for number in (0, 1))
    return empty + entries * (one - empty)


def outbox_table() -> Iterator[str]:
    """How many mails a second the outbox takes, as Markdown."""
    needed = LOGINS * often(lambda kind: kind.mails)
    yield "| a mail takes | mails a second | of those that the mix brings at the peak |"
    yield "| ---: | ---: | ---: |"
    for seconds in (0.05, 0.2, 0.5, 2.0):
        rate = mails_a_second(seconds)
        yield f"| {seconds:g} s | {rate:,} | {rate / needed:.0%} |"


def looking(processes: int) -> tuple[float, float]:
    """Read units a second of one list when so many processes look for work: empty, and full."""
    looks = processes / PAUSE
    full = ceil(_list_bytes(MOST_IN_A_SHARD) / 4096) / 2
    return looks * 0.5, looks * full


def hashes_a_core(cost: int) -> float:
    """Logins a second and core at a cost of bcrypt."""
    return float(HASHES_AT_10 * 2.0 ** (10 - cost))


def cores(cost: int, logins: float = LOGINS) -> tuple[int, int]:
    """Cores for passwords and cores for session checks."""
    hashed = logins * often(lambda kind: kind.hashes)
    checked = logins * often(lambda kind: kind.name.startswith("session check"))
    return ceil(hashed / hashes_a_core(cost) / USED), ceil(checked * CHECK_SECONDS / USED)


def core_table(prices: Prices = PRICES) -> Iterator[str]:
    """How many cores the peak and an average second take, and what they cost, as Markdown."""
    yield "| | logins a second and core | cores for passwords | cores for session checks | an hour | a month |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, logins in (("peak", LOGINS), ("average", USERS / DAY)):
        for cost in (12, 10):
            hashing, checking = cores(cost, logins)
            hour = (hashing + checking) * prices.core_hour
            yield (
                f"| {name}, cost {cost} | {hashes_a_core(cost):.1f} | {hashing:,} | {checking:,} "
                f"| ${hour:,.0f} | ${hour * MONTH / 3600:,.0f} |"
            )


def process_table() -> Iterator[str]:
    """Processes, what each has open, and what their looking for work costs a list, as Markdown."""
    checking = cores(12)[1]
    everywhere = sum(cores(12))
    yield "| processes | calls open in each | looking, empty lists: read units/s of each | full lists |"
    yield "| --- | ---: | ---: | ---: |"
    calls = load().reads * DYNAMODB_SECONDS
    for name, processes in (("as many as check sessions", checking), ("one on every core", everywhere)):
        empty, full = looking(processes)
        yield f"| {processes:,}, {name} | {calls / processes:,.1f} | {empty:,.0f} | {full:,.0f} |"


def on_lambda(logins: float = LOGINS) -> tuple[float, float]:
    """Requests a second, and requests at once."""
    hashed = logins * often(lambda kind: kind.hashes)
    rest = logins * often(lambda kind: not kind.hashes and not kind.mails)
    return hashed + rest, hashed * LAMBDA_HASHING + rest * LAMBDA_OTHER


def lambda_table(prices: Prices = PRICES) -> Iterator[str]:
    """What the peak would take of Lambda, as Markdown."""
    requests, busy = on_lambda()
    steps = ceil(requests / LAMBDA_STEP)
    hour = 3600 * (busy * LAMBDA_GB * prices.gb_second + requests * LAMBDA_MILLION / 1e6)
    yield "| Lambda at the peak | |"
    yield "| --- | ---: |"
    yield f"| requests a second | {requests:,.0f} |"
    yield f"| at once | {busy:,.0f} |"
    yield f"| minutes until one function takes that | {steps * LAMBDA_STEP_SECONDS / 60:,.0f} |"
    yield f"| an hour | ${hour:,.0f} |"


def breaking() -> list[tuple[str, float]]:
    """What gives way at how many logins a second of the mix, the first in front."""
    one = load(1)
    base = one.writes - one.index_writes
    found = {
        "one core at cost 12": hashes_a_core(12) / often(lambda kind: kind.hashes),
        "one process that checks the sessions": 1 / CHECK_SECONDS / often(lambda kind: "session" in kind.name),
        "reads of a new table on demand": NEW_READS / one.reads,
        "the quota for reads of a table": TABLE_QUOTA / one.reads,
        "Lambda's quota of requests at once": LAMBDA_AT_ONCE / on_lambda(1)[1],
        "writes of a new table on demand": NEW_WRITES / base,
        "writes of a new `EmailIndex`": NEW_WRITES / one.index_writes,
        "the quota for writes of a table": TABLE_QUOTA / base,
        "the outbox, if a mail takes half a second": mails_a_second(0.5) / often(lambda kind: kind.mails),
        "the quota for writes of `EmailIndex`": TABLE_QUOTA / one.index_writes,
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def breaking_table() -> Iterator[str]:
    """The order in which things give way, as Markdown."""
    yield "| gives way | at logins a second |"
    yield "| --- | ---: |"
    for name, logins in breaking():
        yield f"| {name} | {logins:,.0f} |"


def tables() -> list[str]:
    """Every table, in the page's order."""
    made = [
        breaking_table(),
        mix_table(),
        stored_table(stored()),
        bill_table(),
        quota_table(),
        source_table(),
        outbox_table(),
        core_table(),
        process_table(),
        lambda_table(),
    ]
    return ["\n".join(table) for table in made]


def main() -> None:
    """Prints the tables."""
    print("\n\n".join(tables()))


if __name__ == "__main__":
    main()
