"""What is counted, and what never becomes a label."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from tests.support.faulty import FaultyStore
from tests.watching.world import EMAIL, PASSWORD, Watched
from wicketgate.core.errors import HashingBusy, StoreUnavailable
from wicketgate.stores.memory import MemoryStore
from wicketgate.watching.instruments import Instruments
from wicketgate.watching.metrics import HashQueue, LineCounter, Metrics


async def test_a_request_is_counted_by_method_route_and_status() -> None:
    """Each answer counts once, and its time is in the histogram of its route."""
    watched = Watched()

    for _ in range(3):
        await watched.ask("GET", "/healthz")
    await watched.ask("GET", "/api/profile")

    assert watched.samples("wicketgate_requests_total") == {
        ("GET", "/healthz", "200"): 3,
        ("GET", "/api/profile", "401"): 1,
    }
    assert watched.value("wicketgate_request_seconds_count", method="GET", route="/healthz") == 3
    assert watched.value("wicketgate_request_seconds_sum", method="GET", route="/healthz") > 0


async def test_unknown_paths_and_methods_are_one_label() -> None:
    """Whoever tries a hundred paths and methods that do not exist adds two time series."""
    watched = Watched()

    for number in range(50):
        await watched.ask("GET", f"/admin-{number}.php")
        await watched.ask(f"MADE-UP-{number}", f"/admin-{number}.php")

    assert watched.samples("wicketgate_requests_total") == {
        ("GET", "unknown", "404"): 50,
        ("OTHER", "unknown", "404"): 50,
    }


async def test_what_happens_to_accounts_is_counted() -> None:
    """A sign-up, a login, a rotation, a change of address and a logout count once each, and are logged as ever."""
    watched = Watched()
    await watched.sign_up()
    token = (await watched.log_in()).json()["token"]

    await watched.ask("POST", "/api/auth/api-token/rotate", token)
    await watched.ask("PUT", "/api/profile/update", token, json={"email": "king@example.com"})
    await watched.ask("POST", "/api/auth/logout", token)

    counted = ("logouts", "api_token_rotations", "address_changes")
    assert [watched.value(f"wicketgate_{name}_total") for name in counted] == [1, 1, 1]
    assert watched.samples("wicketgate_sign_ups_total") == {("ok",): 1, ("refused",): 0}
    assert watched.samples("wicketgate_logins_total") == {("ok",): 1, ("failed",): 0}
    events = [line["event"] for line in watched.lines if line["event"] != "request"]
    assert events == ["signup", "login", "api_token_rotated", "email_changed", "logout"]


async def test_what_is_refused_is_counted() -> None:
    """A taken address, a wrong password and a spent limit each have their own count."""
    watched = Watched(rate_limit_max_requests=2)
    await watched.sign_up()

    await watched.sign_up()
    for _ in range(4):
        await watched.log_in("wrong password")

    assert watched.value("wicketgate_sign_ups_total", outcome="refused") == 1
    assert watched.value("wicketgate_logins_total", outcome="failed") == 2
    assert watched.samples("wicketgate_limits_hit_total") == {("login",): 2}


async def test_the_store_is_timed_by_operation_and_outcome() -> None:
    """A login takes from its limit and finds its user; a taken address is an answer, not a fault.

    Whose a taken address is is looked at, as it may only be held for a way back that is over.
    """
    watched = Watched()

    await watched.sign_up()
    await watched.sign_up()
    await watched.log_in()

    assert watched.samples("wicketgate_store_seconds_count") == {
        ("take", "ok"): 3,
        ("create", "ok"): 1,
        ("create", "taken"): 1,
        ("find", "ok"): 1,
        ("note_audit", "ok"): 1,
        ("find_guarded", "ok"): 1,
    }


async def unavailable(method: str) -> None:
    """A store that is out of reach."""
    raise StoreUnavailable(method)


async def test_a_store_out_of_reach_is_counted() -> None:
    """The call's outcome says so, the answer is 503, and the fault has its kind."""
    watched = Watched(FaultyStore(MemoryStore(), "take", outcome=unavailable))

    answer = await watched.log_in()

    assert answer.status_code == 503
    assert watched.samples("wicketgate_store_seconds_count") == {("take", "unavailable"): 1}
    assert watched.samples("wicketgate_faults_total") == {("StoreUnavailable",): 1}


async def test_hashes_are_timed() -> None:
    """A sign-up hashes and a login verifies; afterwards nobody waits or runs."""
    watched = Watched()

    await watched.sign_up()
    await watched.log_in()

    assert watched.samples("wicketgate_hash_seconds_count") == {("hash", "ok"): 1, ("verify", "ok"): 1}
    assert watched.value("wicketgate_hashes_running") == watched.value("wicketgate_hashes_waiting") == 0


class GatedHasher:
    """A hasher that hashes when it is told, and refuses more than three."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.calls = 0

    async def hash(self, password: str) -> str:
        if self.calls == 3:
            raise HashingBusy("full")
        self.calls += 1
        await self.gate.wait()
        return password

    async def verify(self, password: str, stored: str | None) -> bool:
        return await self.hash(password) == stored

    def outdated(self, stored: str) -> bool:
        return stored == "old"


async def test_who_waits_and_who_runs() -> None:
    """Of three hashes on two threads one waits; a fourth is refused and leaves no trace in the queue or the times."""
    registry, inner = CollectorRegistry(), GatedHasher()
    hasher = Metrics(Instruments(registry)).over_hasher(inner, threads=2)
    hashing = [asyncio.ensure_future(hasher.hash("password")) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(HashingBusy):
        await hasher.verify("password", "password")

    levels = [registry.get_sample_value(f"wicketgate_hashes_{name}") for name in ("running", "waiting")]
    inner.gate.set()
    await asyncio.gather(*hashing)

    assert levels == [2, 1]
    assert registry.get_sample_value("wicketgate_hashes_refused_total") == 1
    assert registry.get_sample_value("wicketgate_hashes_running") == 0
    done = {"operation": "hash", "outcome": "ok"}
    assert registry.get_sample_value("wicketgate_hash_seconds_count", done) == 3
    refused = {"operation": "verify", "outcome": "refused"}
    assert registry.get_sample_value("wicketgate_hash_seconds_count", refused) is None
    assert (hasher.outdated("old"), hasher.outdated("new")) == (True, False)


def test_queues_of_two_services_add_up() -> None:
    """Two services in one process share the levels without overwriting each other's."""
    registry = CollectorRegistry()
    instruments = Instruments(registry)
    first, second = HashQueue(instruments, 1), HashQueue(instruments, 1)

    first.change(2)
    second.change(1)
    first.change(-1)

    assert registry.get_sample_value("wicketgate_hashes_running") == 2
    assert registry.get_sample_value("wicketgate_hashes_waiting") == 0


def test_a_line_that_nothing_knows_is_counted_by_its_event() -> None:
    """What a new method of signing in logs is counted before anybody has thought of it."""
    registry = CollectorRegistry()
    count = LineCounter(Instruments(registry))

    count({"event": "passkey_added", "user": "ada-id"})

    assert registry.get_sample_value("wicketgate_other_events_total", {"event": "passkey_added"}) == 1


async def test_nothing_that_a_person_typed_is_a_label() -> None:
    """Neither addresses, names, passwords, tokens, user ids nor the client's address are in what is shown."""
    watched = Watched()
    signed_up = await watched.sign_up(name="Ada Lovelace")
    said = (await watched.log_in()).json()
    await watched.ask("GET", f"/api/profile/{EMAIL}?token={said['token']}", said["token"])
    await watched.log_in("wrong password")

    shown = repr([metric.samples for metric in watched.registry.collect()])

    typed = (EMAIL, "Ada", PASSWORD, "wrong", said["token"], said["api_token"], signed_up.json()["user"]["id"])
    assert [word for word in (*typed, "127.0.0.1") if word in shown] == []
    assert "wicketgate_logins_total" in shown
