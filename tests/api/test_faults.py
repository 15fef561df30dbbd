"""Faults of ours, and of what we depend on."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.support.faulty import FaultyStore, Outcome, breaks
from tests.support.service import EMAIL, PASSWORD, Service, bearer
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.stores.memory import MemoryStore

ROUTES = {
    "sign up": ("POST", "/api/auth/signup", {"email": "new@example.com", "password": PASSWORD}, ("take", "create")),
    "log in": ("POST", "/api/auth/login", {"email": EMAIL, "password": PASSWORD}, ("take", "find_guarded")),
    "fail": ("POST", "/api/auth/login", {"email": EMAIL, "password": "wrong"}, ("note_failure",)),
    "log out": ("POST", "/api/auth/logout", None, ("get", "revoke")),
    "profile": ("GET", "/api/profile", None, ("get",)),
    "update": ("PUT", "/api/profile/update", {"name": "New"}, ("get", "edit")),
    "move": ("PUT", "/api/profile/update", {"email": "new@example.com"}, ("peek", "edit")),
    "rotate": ("POST", "/api/auth/api-token/rotate", None, ("get", "edit")),
    "ready": ("GET", "/readyz", None, ("ping",)),
}
CASES = [(name, method) for name, (*_, methods) in ROUTES.items() for method in methods]
TEXT = {"success": False, "error": "An error occurred, please try again"}


async def unavailable(method: str) -> None:
    """The store is out of reach."""
    raise StoreUnavailable(f"no answer to {method}")


async def misconfigured(method: str) -> None:
    """The store is not what it should be."""
    raise StoreMisconfigured("table users-dev has no index EmailIndex")


async def hangs(method: str) -> None:
    """As a store with a deadline does when nothing answers: it gives up after a while."""
    await asyncio.sleep(0.2)
    raise StoreUnavailable(f"no answer to {method} in time")


@pytest.mark.parametrize(("name", "failing"), CASES)
@pytest.mark.parametrize(
    ("outcome", "status"),
    [(breaks, 500), (unavailable, 503), (misconfigured, 503), (hangs, 503)],
    ids=lambda o: getattr(o, "__name__", o),
)
async def test_a_store_that_fails(name: str, failing: str, outcome: Outcome, status: int) -> None:
    """500 or 503 with the one text, whichever call fails on whichever route; afterwards all is well again."""
    method, path, body, _ = ROUTES[name]
    store = FaultyStore(MemoryStore(), outcome=outcome)
    service = Service(store)
    _, login = await service.user(EMAIL)
    store.failing = {failing}

    answer = await service.caller().request(method, path, json=body, headers=bearer(login["token"]))
    store.failing = set()
    again = await service.caller().request(method, path, json=body, headers=bearer(login["token"]))

    assert answer.status_code == status
    assert answer.json() == TEXT
    assert ("retry-after" in answer.headers) == (status == 503)
    assert "set-cookie" not in answer.headers
    assert again.status_code < 500


@pytest.mark.parametrize("outcome", [breaks, unavailable])
async def test_a_fault_is_in_the_log(outcome: Outcome) -> None:
    """What happened and where, under the id that the answer carries, without what people typed."""
    store = FaultyStore(MemoryStore(), "get", outcome=outcome)
    service = Service(store)
    _, login = await service.user(EMAIL)

    answer = await service.caller().profile(login["token"])

    (fault,) = service.events("fault")
    assert fault["id"] == answer.headers["x-request-id"]
    assert fault["level"] == "error"
    assert any("faulty.py" in frame for frame in fault["at"])
    assert EMAIL not in json.dumps(service.lines)


async def test_alive_while_the_store_is_not() -> None:
    """`healthz` asks nobody, `readyz` the store."""
    service = Service(FaultyStore(MemoryStore(), *FaultyStore.METHODS, outcome=unavailable))

    alive, ready = await service.caller().get("/healthz"), await service.caller().get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 503)


async def test_a_token_is_not_declared_dead_by_a_store_out_of_reach() -> None:
    """503 and not 401, so that nobody is logged out by an outage; also not 200 for a logout that did not happen."""
    store = FaultyStore(MemoryStore(), outcome=unavailable)
    service = Service(store)
    caller, login = await service.user()
    store.failing = set(FaultyStore.METHODS)

    answers = [await caller.profile(), await caller.verify(login["api_token"]), await caller.log_out()]

    assert [answer.status_code for answer in answers] == [503] * 3
    assert caller.cookies


async def test_forged_tokens_need_no_store() -> None:
    """A token that is not ours is refused without a read, store or no store."""
    store = FaultyStore(MemoryStore(), *FaultyStore.METHODS)
    service = Service(store)

    answers = [await service.caller().profile("a.b.c"), await service.caller().verify("wg_abc")]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert not store.calls


async def test_one_read_a_request() -> None:
    """A session check and its profile cost one read, an API token one as well."""
    store = FaultyStore(MemoryStore())
    service = Service(store)
    caller, login = await service.user()

    store.calls.clear()
    await caller.profile()
    await caller.verify(login["api_token"])

    assert store.calls == ["get", "get"]
