"""docs/scale.md says what the model computes, and the model takes what the code and the other pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import costs, item_sizes, scale
from bench import scale_facts as facts
from bench.scale_facts import MIX, PRICES, SETTINGS
from tests.watching.shell import Shell, sections
from wicketgate.core.audit import MOST_A_DAY
from wicketgate.crypto import cores
from wicketgate.crypto.passwords import BcryptHasher
from wicketgate.stores.dynamodb.calls import DEADLINE_SECONDS
from wicketgate.stores.dynamodb.http import CONNECTIONS, IDLE_SECONDS
from wicketgate.stores.dynamodb.limits import SURPLUS
from wicketgate.stores.dynamodb.outbox import MOST_IN_A_SHARD, SHARDS
from wicketgate.stores.dynamodb.retries import ATTEMPTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scale.md").read_text()
COSTS, RESULTS, WATCHING = (
    (ROOT / path).read_text() for path in ("docs/costs.md", "bench/RESULTS.md", "docs/watching.md")
)


@pytest.mark.parametrize("table", scale.tables(), ids=lambda table: str(table).partition("\n")[0])
def test_the_tables_are_computed(table: str) -> None:
    """Each table of numbers is one that `python -m bench.scale` prints."""
    assert f"\n\n{table}\n\n" in PAGE


def test_the_command_prints_them() -> None:
    """What the page says to run prints what the page shows."""
    (block,) = sections("scale.md")["To recompute"]

    assert Shell(ROOT).run(block).strip().split("\n\n") == scale.tables()


@pytest.mark.parametrize("kind", [kind for kind in MIX if f"\n| {kind.name} |" in COSTS], ids=lambda kind: kind.name)
def test_units_are_those_of_the_costs(kind: facts.Kind) -> None:
    """An operation that docs/costs.md has measured takes as many units here."""
    assert f"\n| {kind.name} | {kind.reads:g} | {kind.writes:g} | $" in COSTS


def test_most_of_the_mix_is_measured() -> None:
    """No more than two kinds are in the mix without a row in docs/costs.md: a refusal, and a login with a notice."""
    missing = {kind.name for kind in MIX if f"\n| {kind.name} |" not in COSTS}

    assert missing == {"attempt refused by a limit", "first login from a network"}


def test_a_refusal_is_what_the_costs_say() -> None:
    """A failed write and a read."""
    (refused,) = (kind for kind in MIX if kind.name == "attempt refused by a limit")

    assert refused.reads * PRICES.million_reads + refused.writes * PRICES.million_writes == 0.75
    assert "a write that fails and a read: $0.75 a million" in COSTS


def test_prices_are_those_of_the_costs() -> None:
    """Both pages are of the same prices and the same function."""
    shared = ("million_reads", "million_writes", "stored_gb", "pitr_gb", "gb_second")
    here = {name: getattr(PRICES, name) for name in shared}
    function = costs.Function()

    assert here == {name: getattr(costs.Prices(), name) for name in shared}
    assert (
        function.hashing_seconds,
        function.other_seconds,
        function.gb,
        costs.Prices().million_invocations,
    ) == (facts.LAMBDA_HASHING, facts.LAMBDA_OTHER, facts.LAMBDA_GB, facts.LAMBDA_MILLION)


def test_times_are_about_those_measured() -> None:
    """What a core does is what the last run of the bench found, within a fifth: it is not the same twice."""
    (logins,) = re.findall(r"\*\*Logins, DynamoDB\*\*.*\n.* ([0-9.]+)/s of", RESULTS)
    (check,) = re.findall(r"\*\*Session read, DynamoDB\*\*.*\n(?:.*÷.*\n)+.* ([0-9.]+) µs", RESULTS)

    assert float(logins) / 3 == pytest.approx(facts.HASHES_AT_10, rel=0.2)
    assert float(check) / 1e6 == pytest.approx(facts.CHECK_SECONDS, rel=0.2)


def test_users_are_about_as_large_as_in_the_costs() -> None:
    """Both pages mean the same user and the same address, AWS's addition to each included."""
    people = costs.USUAL
    found = [item_sizes.item_size(item) + 100 for item in (item_sizes.user(), item_sizes.address())]

    assert found == pytest.approx([people.user_bytes, people.address_bytes], rel=0.1)


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [
        ("é", 2),
        (0, 1),
        (7, 2),
        (1_000, 2),
        (1_900_000_000, 2),
        (1_234_567, 5),
        (True, 1),
        ([1, 2], 9),
        ({"a": "b"}, 6),
    ],
)
def test_sizes_follow_the_rule(value: object, bytes_: int) -> None:
    """Strings in UTF-8, two digits to a byte without the zeros at the end, three bytes and one for each in a list."""
    assert item_sizes.size(value) == bytes_


def test_small_items_stay_small() -> None:
    """The logs of the default limits are one write unit even at their longest, as the page and the code say."""
    longest = [
        item_sizes.limit(SETTINGS.rate_limit_max_requests, 1000),
        item_sizes.failures(SETTINGS.account_limit_max_failures, 1000),
    ]

    assert [scale.units(item_sizes.item_size(item)) for item in longest] == [1, 1]
    assert scale.attempts(70)[1] == 1
    assert scale.attempts(80)[1] == 2


def test_a_full_day_of_the_trail_is_as_large_as_told() -> None:
    """The fiftieth entry of a kind pays five units."""
    day = item_sizes.item_size(item_sizes.audit_day("login_failed", MOST_A_DAY))

    assert (MOST_A_DAY, scale.units(day)) == (50, 5)
    assert "five units for the fiftieth of a kind" in PAGE


def test_the_outbox_takes_what_is_told() -> None:
    """The rate is the largest at which no list is written more than a partition bears."""
    rate = scale.mails_a_second(0.5) // SHARDS

    def writes(jobs: int) -> int:
        return 2 * jobs * scale.units(item_sizes.item_size(item_sizes.shard(-(-jobs // 2))))

    assert writes(rate) <= facts.PARTITION_WRITES < writes(rate + 1)


def test_numbers_of_the_code_are_those_of_the_page() -> None:
    """What the page says of the code is so."""
    assert (SHARDS, SHARDS * MOST_IN_A_SHARD) == (16, 32_000)
    assert (SURPLUS, DEADLINE_SECONDS, ATTEMPTS) == (32, 2.5, 3)
    assert (CONNECTIONS, IDLE_SECONDS) == (256, 30.0)
    assert (SETTINGS.rate_limit_max_requests, SETTINGS.account_limit_max_failures) == (5, 50)
    assert (SETTINGS.hash_queue_size, SETTINGS.audit_days, SETTINGS.session_list) == (128, 90, False)
    assert (SETTINGS.bcrypt_cost, "sign_in" in SETTINGS.security_notices) == (12, True)
    assert BcryptHasher(4).threads == cores.count()


def test_numbers_in_sentences_follow_from_the_model() -> None:
    """Those that are in no table."""
    reads = scale.load().reads
    average = scale.on_demand(scale.load(facts.USERS / facts.DAY), PRICES)
    lists = scale.looking(sum(scale.cores(12)))[1]
    machines = sum(scale.cores(12)) * PRICES.core_hour
    requests, busy = scale.on_lambda()
    functions = 3600 * (busy * facts.LAMBDA_GB * PRICES.gb_second + requests * facts.LAMBDA_MILLION / 1e6)

    assert round(facts.USERS / facts.LOGINS / 60) == 17
    assert round(facts.LOGINS * 50 / reads, 2) == 0.95
    assert average / facts.USERS * 100 < 0.03
    assert 3_000 * 900 // 5 == 540_000
    assert round(86_400 * 1_000 * 0.75 / 1e6) == 65
    assert round(lists / facts.PARTITION_READS) == 4
    assert round(functions / machines) == 8


def test_the_log_costs_what_is_told() -> None:
    """By the bytes of a line and the price of a gigabyte that docs/costs.md has."""
    line, price = costs.Function().log_bytes, costs.Prices().log_gb
    peak, average = (scale.on_lambda(rate)[0] * line / 1e9 for rate in (facts.LOGINS, facts.USERS / facts.DAY))

    assert (line, round(peak, 1)) == (250, 1.3)
    assert round(peak * 3600 * price, -2) == 2_300
    assert round(average * facts.MONTH * price, -3) == 19_000


def test_places_are_there() -> None:
    """Each file and metric that the page names exists, and each of its sources is cited."""
    files = re.findall(r"`((?:stores|core|bench)/[\w/]+\.py)`", PAGE)
    metrics = re.findall(r"wicketgate_\w+", PAGE)
    body, _, sources = PAGE.partition("## Sources")
    numbers = re.findall(r"(?m)^(\d+)\. ", sources)

    assert [name for name in files if not any((ROOT / top / name).exists() for top in ("", "src/wicketgate"))] == []
    assert [name for name in metrics if name not in WATCHING] == []
    assert set(re.findall(r"\[(\d+)\](?!\()", body)) == set(numbers)


def test_links_lead_somewhere() -> None:
    """Each page that is linked to is there, and so is the heading."""
    for link in re.findall(r"\]\((?!https)([^)]+)\)", PAGE):
        page, _, heading = link.partition("#")
        text = (ROOT / "docs" / page).read_text() if page else PAGE
        titles = {
            re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^#+ (.+)$", text)
        }
        assert not heading or heading in {title.replace(" ", "-") for title in titles}, link
