"""Named API tokens over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import Caller, Service, bearer
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.named_tokens import MOST
from wicketgate.stores.memory import MemoryStore

TOKENS = "/api/auth/api-tokens"
REVOKE = "/api/auth/api-tokens/revoke"
DAY = 24 * HOUR
SCOPE_RULE = "A scope has up to 40 lower-case letters, digits and : . _ - such as reports:read"


async def create(caller: Caller, token: str | None = None, **body: Any) -> httpx.Response:
    """The answer to making a token."""
    return await caller.post(TOKENS, json={"name": "Nightly report", **body}, headers=caller.proof(token))


async def made(caller: Caller, **body: Any) -> tuple[str, str]:
    """A new token's id, and the token."""
    answer = await create(caller, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]["id"], answer.json()["api_token"]


async def revoke(caller: Caller, token_id: str) -> int:
    """The status of revoking a token."""
    answer = await caller.post(REVOKE, json={"id": token_id}, headers=caller.proof(None))
    return answer.status_code


async def tokens(caller: Caller) -> list[dict[str, Any]]:
    """What the list says."""
    answer = await caller.get(TOKENS, headers=caller.proof(None))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["tokens"]
    return found


async def test_a_token_is_shown_once(service: Service) -> None:
    """The answer to making it is the only one that holds it; the list holds what it is for."""
    caller, _ = await service.user()

    answer = await create(caller, scopes=["reports:read"], expires_in_days=90, limit=100)

    body = answer.json()
    assert (answer.status_code, body["success"]) == (201, True)
    assert body["token"] == {
        "id": body["token"]["id"],
        "name": "Nightly report",
        "scopes": ["reports:read"],
        "createdAt": "2030-03-17T17:46:40.000Z",
        "expiresAt": "2030-06-15T17:46:40.000Z",
        "limit": 100,
    }
    listed = await caller.get(TOKENS, headers=caller.proof(None))
    assert listed.json()["tokens"] == [body["token"]]
    assert body["api_token"] not in listed.text
    (event,) = service.events("api_token_created")
    assert event["detail"] == body["token"]["id"]


async def test_nothing_more_than_a_name_is_needed(service: Service) -> None:
    """A token without scopes, end and limit shows none."""
    caller, _ = await service.user()

    answer = await create(caller, scopes=[], expires_in_days=None, limit=None)

    assert answer.json()["token"].keys() == {"id", "name", "scopes", "createdAt"}


async def test_verify_tells_what_a_token_may_do(service: Service) -> None:
    """Another service learns the owner, and name, scopes and end of the token; of the first token the owner only."""
    caller, login = await service.user()
    token_id, token = await made(caller, scopes=["a", "b"], expires_in_days=1)

    named, first = await caller.verify(token), await caller.verify(login["api_token"])

    assert first.json() == {"success": True, "user": login["user"]}
    assert named.json() == {
        "success": True,
        "user": login["user"],
        "token": {
            "id": token_id,
            "name": "Nightly report",
            "scopes": ["a", "b"],
            "expiresAt": "2030-03-18T17:46:40.000Z",
        },
    }


async def test_a_token_dies_at_its_end(service: Service) -> None:
    """It is good in its last millisecond and dead in the next, here and in every other process."""
    caller, _ = await service.user()
    _, token = await made(caller, expires_in_days=1)
    statuses = []
    service.clock.now -= service.clock.now % 1000
    for passed in (DAY - 1, 1):
        service.clock.advance(passed)
        statuses += [(await process.caller().verify(token)).status_code for process in (service, service.beside())]

    assert statuses == [200, 200, 401, 401]


async def test_a_revoked_token_is_dead(service: Service) -> None:
    """It alone, in every process at once; revoking it again is no error."""
    caller, login = await service.user()
    (gone, dead), (_, other) = await made(caller), await made(caller, name="Other")

    statuses = [await revoke(caller, gone) for _ in range(2)]

    assert statuses == [200, 200]
    for process in (service, service.beside()):
        found = [(await process.caller().verify(token)).status_code for token in (dead, other, login["api_token"])]
        assert found == [401, 200, 200]
    assert [token["name"] for token in await tokens(caller)] == ["Other"]
    assert len(service.events("api_token_revoked")) == 1


async def test_nobody_revokes_the_token_of_another(service: Service) -> None:
    """An id is good for its own user only."""
    ada, _ = await service.user()
    grace, _ = await service.user()
    token_id, token = await made(ada)

    status = await revoke(grace, token_id)

    assert status == 200
    assert (await service.caller().verify(token)).status_code == 200


async def test_rotation_leaves_named_tokens_alone(service: Service) -> None:
    """Replacing the first token kills that one only."""
    caller, login = await service.user()
    _, token = await made(caller)

    await caller.rotate()

    assert (await caller.verify(login["api_token"])).status_code == 401
    assert (await caller.verify(token)).status_code == 200


async def test_named_tokens_die_with_their_user(service: Service) -> None:
    """A deleted user's tokens open nothing."""
    caller, login = await service.user()
    _, token = await made(caller)

    await service.store.delete(login["user"]["id"])

    assert (await caller.verify(token)).status_code == 401


async def test_a_named_token_is_no_session(service: Service) -> None:
    """Neither the profile nor more tokens can be had with one."""
    caller, _ = await service.user()
    _, token = await made(caller, scopes=["a"])
    stranger = service.caller()

    statuses = [
        (await stranger.profile(token)).status_code,
        (await create(stranger, token)).status_code,
        (await stranger.get(TOKENS, headers=bearer(token))).status_code,
    ]

    assert statuses == [401, 401, 401]


async def test_the_limit_of_a_token(service: Service) -> None:
    """So many calls fit into the window, the next is told when to come again, and other tokens are not held up."""
    caller, login = await service.user()
    (_, limited), (_, other) = await made(caller, limit=2), await made(caller, limit=1)
    assert [(await caller.verify(limited)).status_code for _ in range(2)] == [200, 200]

    refused = await caller.verify(limited)

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert [(await caller.verify(token)).status_code for token in (other, login["api_token"])] == [200, 200]
    service.clock.advance(15 * MINUTE)
    assert (await caller.verify(limited)).status_code == 200


async def test_the_limit_holds_for_many_at_once(service: Service) -> None:
    """Of twenty calls at once as many get through as the limit says."""
    caller, _ = await service.user()
    _, token = await made(caller, limit=7)

    answers = await asyncio.gather(*(service.beside().caller().verify(token) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [429] * 13


async def test_a_check_is_one_read() -> None:
    """A named token takes what the first one takes; a limit takes a write more, and a note of use one an hour."""
    store = FaultyStore(MemoryStore())
    service = Service(store)
    caller, login = await service.user()
    (_, plain), (_, limited) = await made(caller), await made(caller, limit=9)
    calls = []
    for token in (login["api_token"], plain, plain, limited, limited):
        await service.settle()
        store.calls.clear()
        await caller.verify(token)
        await service.settle()
        calls.append(list(store.calls))

    assert calls == [["get"], ["get", "edit"], ["get"], ["get", "take", "edit"], ["get", "take"]]


async def test_the_last_use_is_told(service: Service) -> None:
    """To the hour, and not at all before the first."""
    caller, _ = await service.user()
    _, token = await made(caller)
    assert "lastUsedAt" not in (await tokens(caller))[0]
    seen = []
    for passed in (0, 59 * MINUTE, MINUTE):
        service.clock.advance(passed)
        await caller.verify(token)
        await service.settle()
        seen.append((await tokens(caller))[0]["lastUsedAt"])

    assert seen == ["2030-03-17T17:46:40.000Z", "2030-03-17T17:46:40.000Z", "2030-03-17T18:46:40.000Z"]


async def test_a_store_that_does_not_write_fails_no_check() -> None:
    """A token is checked although its use cannot be noted."""

    async def unavailable(method: str) -> None:
        raise StoreUnavailable(method)

    store = FaultyStore(MemoryStore(), outcome=unavailable)
    service = Service(store)
    caller, _ = await service.user()
    _, token = await made(caller)
    store.failing = {"edit"}

    answer = await caller.verify(token)
    await service.settle()

    assert answer.status_code == 200
    assert service.events("fault") == []


async def test_there_is_room_for_fifty(service: Service) -> None:
    """One more is refused in words for a person; revoking one makes room."""
    caller, _ = await service.user()
    ids = [(await made(caller, name="a"))[0] for _ in range(MOST)]

    refused = await create(caller)

    assert refused.status_code == 400
    assert refused.json()["error"].startswith("You have as many tokens as fit")
    await revoke(caller, ids[0])
    assert (await create(caller)).status_code == 201


async def test_many_made_at_once_leave_no_more_than_there_may_be(service: Service) -> None:
    """At the bound one of ten who make a token at once gets one, and it is good."""
    caller, _ = await service.user()
    for _ in range(MOST - 1):
        await made(caller, name="a")

    answers = await asyncio.gather(*(create(caller, name="b") for _ in range(10)))

    good = [answer for answer in answers if answer.status_code == 201]
    assert len(good) == 1
    assert len(await tokens(caller)) == MOST
    assert (await caller.verify(good[0].json()["api_token"])).status_code == 200


async def test_a_token_revoked_while_it_is_used_is_dead(service: Service) -> None:
    """Uses and a revocation at once leave nothing of the token."""
    caller, _ = await service.user()
    token_id, token = await made(caller)

    *_, status = await asyncio.gather(*(caller.verify(token) for _ in range(10)), revoke(caller, token_id))
    await service.settle()

    assert status == 200
    assert (await caller.verify(token)).status_code == 401
    assert await tokens(caller) == []


async def test_the_two_keys_are_both_good() -> None:
    """A named token outlives a rotation of `API_TOKEN_SECRET` while the old one is among the settings, no longer."""
    store = MemoryStore()
    old, new = "the old secret for API tokens, long enough", "the new secret for API tokens, long enough"
    caller, _ = await Service(store, api_token_secret=old).user()
    _, token = await made(caller)
    both = Service(store, api_token_secret=new, api_token_secret_previous=old)

    statuses = [(await other.caller().verify(token)).status_code for other in (both, Service(store))]

    assert statuses == [200, 401]


@pytest.mark.parametrize(
    ("body", "field", "error"),
    [
        ({"name": ""}, "name", "Name is required"),
        ({"name": 7}, "name", "Name must be text"),
        ({"name": "x" * 61}, "name", "Name must be at most 60 characters"),
        ({"scopes": "a"}, "scopes", "Scopes must be a list of texts"),
        ({"scopes": [7]}, "scopes", "Scopes must be a list of texts"),
        (
            {"scopes": ["A"]},
            "scopes",
            SCOPE_RULE,
        ),
        ({"scopes": [f"s{number}" for number in range(21)]}, "scopes", "There may be at most 20 scopes"),
        ({"expires_in_days": "9"}, "expires_in_days", "Expires in days must be a whole number"),
        ({"expires_in_days": 0}, "expires_in_days", "Expires in days must be between 1 and 3650"),
        ({"limit": True}, "limit", "Limit must be a whole number"),
        ({"limit": 1001}, "limit", "Limit must be between 1 and 1000"),
        ({"owner": "me"}, "owner", "Unknown field"),
    ],
)
async def test_what_breaks_a_rule_is_refused(service: Service, body: dict[str, Any], field: str, error: str) -> None:
    """Each field has its rule, told in words."""
    caller, _ = await service.user()

    answer = await create(caller, **body)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {field: error}


async def test_a_token_needs_a_name(service: Service) -> None:
    """The one field that cannot be left out."""
    caller, _ = await service.user()

    answer = await caller.post(TOKENS, json={}, headers=caller.proof(None))

    assert answer.json()["errors"] == {"name": "Name is required"}


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": "short"}, {"id": "x" * 13}])
async def test_what_is_no_id_is_refused(service: Service, body: Any) -> None:
    """A body that names no token is told so."""
    caller, _ = await service.user()

    answer = await caller.post(REVOKE, json=body, headers=caller.proof(None))

    assert answer.status_code == 400


async def test_a_new_token_is_told_by_mail(service: Service) -> None:
    """The notice says the token's name, and not the token."""
    caller, login = await service.user()
    _, token = await made(caller)
    await service.settle()

    letter = service.post.last(login["user"]["email"], "api_token_created")

    assert letter.values == {"name": "Nightly report"}
    assert token not in str(service.post.letters)
