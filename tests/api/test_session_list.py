"""The list of sessions over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.faulty import FaultyStore
from tests.support.service import PASSWORD, Caller, Service, bearer, fresh_email
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.session_list import MOST
from wicketgate.stores.memory import MemoryStore

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SESSIONS = "/api/auth/sessions"
END = "/api/auth/sessions/end"


@pytest.fixture
def service() -> Service:
    """A service that lists sessions, with room for many logins."""
    return Service(session_list=True, rate_limit_max_requests=0)


async def unavailable(method: str) -> None:
    """Fails as a store does that cannot be reached."""
    raise StoreUnavailable(method)


async def sessions(caller: Caller, token: str | None = None) -> list[dict[str, Any]]:
    """What the list says."""
    answer = await caller.get(SESSIONS, headers=caller.proof(token))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["sessions"]
    return found


async def end(caller: Caller, session_id: str, token: str | None = None) -> int:
    """The status of ending a session."""
    answer = await caller.post(END, json={"id": session_id}, headers=caller.proof(token))
    return answer.status_code


async def several(service: Service, count: int) -> tuple[list[Caller], list[str]]:
    """Callers of one user, each logged in by itself, and their tokens."""
    address = fresh_email()
    await service.caller().sign_up(address)
    callers = [service.caller(f"198.51.{number}.7", headers={"User-Agent": FIREFOX}) for number in range(count)]
    tokens = []
    for caller in callers:
        service.clock.advance(1000)
        tokens.append((await caller.log_in(address)).json()["token"])
    return callers, tokens


async def test_a_user_sees_where_they_are_logged_in(service: Service) -> None:
    """Each session with device, network and times, newest first, the own one marked."""
    callers, _ = await several(service, 2)

    found = await sessions(callers[0])

    ids = [session.pop("id") for session in found]
    assert found == [
        {
            "current": number == 0,
            "device": "Firefox on Linux",
            "network": f"198.51.{number}.0/24",
            "createdAt": f"2030-03-17T17:46:4{number + 1}.000Z",
            "lastUsedAt": f"2030-03-17T17:46:4{number + 1}.000Z",
        }
        for number in (1, 0)
    ]
    assert len(set(ids)) == 2


async def test_one_of_several_is_ended(service: Service) -> None:
    """Ending one ends that one, everywhere, and leaves the others and the list of the others."""
    callers, tokens = await several(service, 3)
    first = (await sessions(callers[2]))[-1]

    status = await end(callers[2], first["id"])

    assert status == 200
    assert [(await service.beside().caller().profile(token)).status_code for token in tokens] == [401, 200, 200]
    assert len(await sessions(callers[2])) == 2
    assert len(service.events("session_ended")) == 1


async def test_ending_the_own_one_logs_out(service: Service) -> None:
    """The cookies are cleared, as at a logout; ending another clears none."""
    callers, tokens = await several(service, 2)
    own, other = await sessions(callers[1])
    await end(callers[1], other["id"])
    assert "auth_token" in callers[1].cookies

    await end(callers[1], own["id"])

    assert "auth_token" not in callers[1].cookies
    assert (await service.caller().profile(tokens[1])).status_code == 401


async def test_ending_twice_is_no_error(service: Service) -> None:
    """A session that has ended stays so, and nothing else does."""
    callers, tokens = await several(service, 2)
    other = (await sessions(callers[1]))[1]["id"]

    statuses = [await end(callers[1], other) for _ in range(2)]

    assert statuses == [200, 200]
    assert (await callers[1].profile(tokens[1])).status_code == 200


async def test_nobody_ends_the_session_of_another(service: Service) -> None:
    """An id is good for its own user only."""
    (ada,), (token,) = await several(service, 1)
    (grace,), _ = await several(service, 1)
    theirs = (await sessions(ada))[0]["id"]

    status = await end(grace, theirs)

    assert status == 200
    assert (await service.caller().profile(token)).status_code == 200
    assert service.events("session_ended") == []


@pytest.mark.parametrize("body", [{}, {"id": 7}, {"id": ""}, {"id": "x" * 65}, {"id": "é"}, {"id": "x", "all": True}])
async def test_what_is_no_id_is_refused(service: Service, body: Any) -> None:
    """A body that names no session is told so."""
    (caller,), _ = await several(service, 1)

    answer = await caller.post(END, json=body, headers=caller.proof(None))

    assert answer.status_code == 400


async def test_ending_by_cookie_needs_the_csrf_token(service: Service) -> None:
    """Nobody's page ends a session unasked."""
    (caller,), _ = await several(service, 1)
    own = (await sessions(caller))[0]["id"]

    refused = await caller.post(END, json={"id": own})

    assert refused.status_code == 403
    assert len(await sessions(caller)) == 1


async def test_a_logout_takes_the_session_off_the_list(service: Service) -> None:
    """Nothing of it is left on the user either."""
    callers, _ = await several(service, 2)
    user = (await callers[1].profile()).json()["user"]["id"]

    await callers[0].log_out()

    assert [session["current"] for session in await sessions(callers[1])] == [True]
    record = await service.store.get(user)
    assert record is not None
    assert len([name for name in record.private if name.startswith("session#")]) == 1


async def test_a_new_password_leaves_the_new_session_alone_on_the_list(service: Service) -> None:
    """A changed password ends the others; the session that it opens is listed."""
    callers, tokens = await several(service, 3)
    change = {"current_password": PASSWORD, "password": "another horse battery"}

    answer = await callers[0].post("/api/auth/password/change", json=change, headers=callers[0].proof(None))

    assert answer.status_code == 200, answer.text
    (left,) = await sessions(service.caller(), answer.json()["token"])
    assert (left["current"], left["device"]) == (True, "Firefox on Linux")
    assert [(await service.caller().profile(token)).status_code for token in tokens] == [401] * 3


async def test_the_twenty_first_login_ends_the_oldest_session(service: Service) -> None:
    """Nobody has a session that is not on the list."""
    callers, tokens = await several(service, MOST + 1)

    statuses = [(await service.caller().profile(token)).status_code for token in tokens]

    assert statuses == [401] + [200] * MOST
    assert len(await sessions(callers[-1])) == MOST


async def test_use_is_told_to_the_hour(service: Service) -> None:
    """A check notes the use when the last note is an hour old, and the list says so."""
    (caller,), _ = await several(service, 1)
    opened = (await sessions(caller))[0]["lastUsedAt"]
    seen = []
    for passed in (59 * MINUTE, MINUTE):
        service.clock.advance(passed)
        await caller.profile()
        await service.settle()
        seen.append((await sessions(caller))[0]["lastUsedAt"])

    assert seen == [opened, "2030-03-17T18:46:41.000Z"]


async def test_a_store_that_does_not_write_fails_no_read() -> None:
    """A session is checked and answered although its use cannot be noted."""
    store = FaultyStore(MemoryStore(), outcome=unavailable)
    service = Service(store, session_list=True)
    caller, _ = await service.user()
    await service.settle()
    service.clock.advance(HOUR)
    store.failing = {"edit"}
    store.calls.clear()

    answers = [await caller.profile() for _ in range(3)]
    await service.settle()

    assert [answer.status_code for answer in answers] == [200] * 3
    assert store.calls.count("edit") == 1
    assert service.events("fault") == []


async def test_a_login_that_cannot_be_remembered_opens_nothing() -> None:
    """Nobody is let in unseen: the answer is 503, without a cookie."""
    store = FaultyStore(MemoryStore(), outcome=unavailable)
    service = Service(store, session_list=True)
    await service.caller().sign_up()
    store.failing = {"edit"}

    answer = await service.caller().log_in()

    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers


async def test_use_and_end_at_once(service: Service) -> None:
    """A session that is used and ended at the same moment is dead afterwards, and not listed."""
    callers, tokens = await several(service, 2)
    other = (await sessions(callers[1]))[1]["id"]
    service.clock.advance(HOUR)

    used = [callers[0].profile(tokens[0]) for _ in range(10)]
    *_, status = await asyncio.gather(*used, end(callers[1], other))
    await service.settle()

    assert status == 200
    assert (await service.caller().profile(tokens[0])).status_code == 401
    assert [session["current"] for session in await sessions(callers[1])] == [True]


async def test_all_ends_of_all_sessions_at_once(service: Service) -> None:
    """Sessions that end each other at the same moment are all dead, without an error."""
    callers, tokens = await several(service, 5)
    ids = [session["id"] for session in await sessions(callers[0])]

    statuses = await asyncio.gather(*(end(callers[0], session_id) for session_id in ids))

    assert statuses[0] == 200
    assert set(statuses) <= {200, 401}
    await service.settle()
    left = [(await service.caller().profile(token)).status_code for token in tokens]
    assert left == [401] * 5


async def test_turning_the_list_off_changes_no_session() -> None:
    """What was ended stays dead, what was not lives on, and there is no list any more."""
    store = MemoryStore()
    on = Service(store, session_list=True, rate_limit_max_requests=0)
    callers, tokens = await several(on, 2)
    await end(callers[1], (await sessions(callers[1]))[1]["id"])

    off = Service(store, rate_limit_max_requests=0)

    assert [(await off.caller().profile(token)).status_code for token in tokens] == [401, 200]
    assert (await off.caller().get(SESSIONS, headers=bearer(tokens[1]))).status_code == 404


async def test_turning_the_list_on_shows_sessions_when_they_are_used() -> None:
    """A session from before is listed once it was used, as one of which no more is known."""
    store = MemoryStore()
    caller, login = await Service(store).user()
    on = Service(store, session_list=True)
    await on.caller().profile(login["token"])
    await on.settle()

    (found,) = await sessions(on.caller(), login["token"])

    assert (found["current"], found["device"], "network" in found) == (True, "Unknown device", False)
    assert await end(on.caller(), found["id"], login["token"]) == 200
    assert (await caller.profile()).status_code == 401


async def test_without_the_setting_nothing_is_stored_and_nothing_is_there() -> None:
    """At login the user is not written, and the routes do not exist."""
    store = FaultyStore(MemoryStore())
    service = Service(store)
    caller, login = await service.user()
    await service.settle()
    store.calls.clear()

    await caller.profile()
    missing = [
        (await caller.get(SESSIONS, headers=caller.proof(None))).status_code,
        (await caller.post(END, json={"id": "x"}, headers=caller.proof(None))).status_code,
    ]

    record = await service.store.get(login["user"]["id"])
    assert record is not None
    assert [name for name in record.private if name.startswith("session#")] == []
    assert missing == [404, 404]
    assert store.calls == ["get", "get"]
