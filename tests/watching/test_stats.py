"""`wicketgate stats` counts what there is."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import Wicketgate, ada, wicketgate
from tests.contract.people import NOW, NOW_MS, person, signed_up
from tests.support.dynamodb_local import endpoint_environment, fresh_dynamodb_store, random_table
from wicketgate.cli import main
from wicketgate.cli.stats import DAYS, tallied
from wicketgate.core.users import UserRecord
from wicketgate.stores.dynamodb.capacity import Meter
from wicketgate.stores.memory import MemoryStore

__all__ = ["ada", "wicketgate"]

TODAY = "2100-01-01"
YESTERDAY = "2099-12-31"


@pytest.fixture
async def people() -> MemoryStore:
    """Five users, of whom two signed up lately."""
    store = MemoryStore()
    await signed_up(store, "ann", created_at=f"{TODAY}T00:00:00.000Z", plan="pro", revoked_sessions={"one": NOW + 1})
    await signed_up(store, "bob", created_at=f"{YESTERDAY}T23:59:59.999Z", revoked_sessions={"old": NOW})
    await signed_up(store, "eve", created_at="2099-12-03T00:00:00.000Z", session_version=2)
    await signed_up(store, "joe", created_at="2099-12-02T23:59:59.999Z", api_token_version=3)
    since = {"session_version": 1_893_456_000, "api_token_version": 1_893_456_000}
    await signed_up(store, "sue", created_at="2100-01-02T00:00:00.000Z", **since)  # came by import
    return store


@pytest.mark.parametrize("page", [1, 2, 5, 1000])
async def test_everybody_is_counted_once(people: MemoryStore, page: int) -> None:
    """Users, plans and what they did to their sessions and tokens, however the pages fall."""
    said = (await tallied(people, NOW_MS, page)).as_json()

    sign_ups = said.pop("signUps")
    assert said == {
        "users": 5,
        "plans": {"free": 4, "pro": 1},
        "loggedOut": 1,
        "endedAllSessions": 1,
        "replacedApiToken": 1,
    }
    assert {day: count for day, count in sign_ups.items() if count} == {"2099-12-03": 1, YESTERDAY: 1, TODAY: 1}
    assert list(sign_ups)[:: DAYS - 1] == ["2099-12-03", TODAY]
    assert len(sign_ups) == DAYS


async def test_a_person_reads_the_same(people: MemoryStore) -> None:
    """The text has the numbers, and a bar for each day with a sign-up."""
    lines = list((await tallied(people, NOW_MS)).as_text())

    shown = {line[:28].strip(): line[28:].split()[0] for line in lines[:6]}
    assert shown == {
        "users": "5",
        "on the plan free": "4",
        "on the plan pro": "1",
        "logged out of a session": "1",
        "all sessions ended": "1",
        "API token replaced": "1",
    }
    assert [line[:10] for line in lines if line.endswith("#")] == ["2099-12-03", YESTERDAY, TODAY]


def test_the_command_prints_them(wicketgate: Wicketgate, ada: str) -> None:
    """On a file with one user who signed up today, as text and as JSON."""
    said = json.loads(wicketgate("stats", "--json").out)
    text = wicketgate("stats").out

    assert (said["users"], said["plans"], sum(said["signUps"].values())) == (1, {"free": 1}, 1)
    assert text.startswith("users")
    assert ada not in text


def test_an_empty_file_has_numbers_too(wicketgate: Wicketgate) -> None:
    """Nobody is no error."""
    ran = wicketgate("stats")

    assert (ran.code, ran.out.split()[:2]) == (0, ["users", "0"])


class Endless:
    """A directory of very many users who exist only while they are looked at."""

    def __init__(self, pages: int) -> None:
        self._pages = pages

    async def page(self, after: str | None, size: int) -> tuple[Sequence[UserRecord], str | None]:
        number = int(after or 0) + 1
        return [person(f"user{number}-{n}") for n in range(size)], str(number) if number < self._pages else None


async def test_memory_does_not_grow_with_the_users() -> None:
    """Ten times as many users take no more memory than a page of them."""

    async def peak(pages: int) -> int:
        tracemalloc.start()
        await tallied(Endless(pages), NOW_MS, 100)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert await peak(50) < 2 * await peak(5)


async def test_the_scan_costs_what_help_says(dynamodb_local: str) -> None:
    """On DynamoDB each 4 KB of users costs half a read unit, and nothing is written."""
    meter = Meter()
    store = await fresh_dynamodb_store(dynamodb_local, meter)
    for number in range(64):
        await signed_up(store, f"user{number}", private={"passwordHash": "$2b$12$" + 53 * "x"}, bio="b" * 100)
    read, write, size = meter.read, meter.write, 64 * 460

    tally = await tallied(store, NOW_MS)
    await store.close()

    assert tally.users == 64
    assert meter.write == write
    assert 0.5 * size / 4096 * 0.8 <= meter.read - read <= 0.5 * size / 4096 * 1.3


def test_the_cost_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """--help names the scan and its price."""
    with pytest.raises(SystemExit):
        main(["stats", "--help"])

    said = " ".join(capsys.readouterr().out.split())
    assert "a scan of EmailIndex: half a read unit for each 4 KB" in said


def test_on_dynamodb(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, dynamodb_local: str) -> None:
    """The command counts a table's users."""
    for name, value in endpoint_environment(dynamodb_local, random_table()).items():
        monkeypatch.setenv(name, value)
    wicketgate("table", "create")
    wicketgate("users", "create", "ada@example.com", stdin="correct horse battery\n")

    said: dict[str, Any] = json.loads(wicketgate("stats", "--json").out)

    assert said["users"] == 1
