"""Sessions and API tokens over time, over processes and over changes of keys."""

from __future__ import annotations

import asyncio
from typing import Any

import jwt
import pytest

from tests.support.clock import HOUR, MINUTE
from tests.support.service import API_TOKEN_SECRET, EMAIL, HTTPS, JWT_SECRET, PASSWORD, Service, fresh_source
from wicketgate.core.users import Edit

NEW_SECRET = "another secret for sessions that is long enough"


def claims(token: str) -> dict[str, Any]:
    """What a token says, its signature checked by PyJWT and its time not."""
    found: dict[str, Any] = jwt.decode(
        token, JWT_SECRET, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False}
    )
    return found


async def test_claims(service: Service) -> None:
    """Exactly the claims of the contract, and a key id in the header."""
    _, login = await service.user(EMAIL)
    now = service.clock.now // 1000

    said = claims(login["token"])

    header = jwt.get_unverified_header(login["token"])
    assert set(header) == {"alg", "typ", "kid"}
    assert (header["alg"], header["typ"]) == ("HS256", "JWT")
    assert JWT_SECRET not in header["kid"]
    assert set(said) == {"sub", "email", "iat", "exp", "jti", "ver", "iss"}
    assert (said["sub"], said["email"]) == (login["user"]["id"], EMAIL)
    assert (said["iat"], said["exp"], said["ver"]) == (now, now + 86_400, 1)
    assert len(said["jti"]) >= 16


async def test_two_logins_are_two_sessions(service: Service) -> None:
    """Two logins of the same moment have tokens that differ in their id."""
    await service.caller().sign_up()

    tokens = [(await service.caller().log_in()).json()["token"] for _ in range(3)]

    assert len({claims(token)["jti"] for token in tokens}) == 3


async def test_the_last_millisecond(service: Service) -> None:
    """A session opened at a second's beginning ends 24 hours later to the millisecond."""
    service.clock.now = service.clock.now // 1000 * 1000
    caller, login = await service.user()

    service.clock.advance(24 * HOUR - 1)
    alive = await caller.profile(login["token"])
    service.clock.advance(1)
    dead = await caller.profile(login["token"])

    assert (alive.status_code, dead.status_code) == (200, 401)


async def test_raising_the_version_ends_every_session(service: Service) -> None:
    """Log out everywhere: all of the user's sessions die at once, later ones live, other users' too."""
    caller, login = await service.user()
    others, _ = await service.user()
    second = (await service.caller(fresh_source()).log_in(login["user"]["email"])).json()["token"]

    await service.store.edit(login["user"]["id"], Edit(raise_session_version=True))

    third = (await service.caller(fresh_source()).log_in(login["user"]["email"])).json()["token"]
    statuses = [(await caller.profile(token)).status_code for token in (login["token"], second, third)]
    assert statuses == [401, 401, 200]
    assert (await others.profile()).status_code == 200
    assert claims(third)["ver"] == 2


async def test_a_deleted_user_has_no_sessions(service: Service) -> None:
    """Neither session nor API token outlives its user."""
    caller, login = await service.user()

    await service.store.delete(login["user"]["id"])

    assert (await caller.profile(login["token"])).status_code == 401
    assert (await caller.update({"name": "New"}, login["token"])).status_code == 401
    assert (await caller.rotate(login["token"])).status_code == 401
    assert (await caller.verify(login["api_token"])).status_code == 401
    assert (await caller.log_out(login["token"])).status_code == 200


async def test_a_hundred_logouts_a_day() -> None:
    """The list of ended sessions holds 100; the 101st logout ends the user's other sessions too."""
    service = Service(rate_limit_max_requests=0)
    caller, login = await service.user()
    tokens = [(await service.caller().log_in(login["user"]["email"])).json()["token"] for _ in range(101)]
    for token in tokens[:100]:
        await service.caller().log_out(token)
    before = await caller.profile(login["token"])
    kept = await service.store.get(login["user"]["id"])

    await service.caller().log_out(tokens[100])

    emptied = await service.store.get(login["user"]["id"])
    assert before.status_code == 200
    assert kept is not None
    assert len(kept.revoked_sessions) == 100
    assert emptied is not None
    assert (len(emptied.revoked_sessions), emptied.session_version) == (0, 2)
    statuses = {(await service.caller().profile(token)).status_code for token in [*tokens, login["token"]]}
    assert statuses == {401}
    assert (await service.caller().log_in(login["user"]["email"])).status_code == 200


async def test_ended_sessions_are_forgotten_when_they_would_have_expired() -> None:
    """A hundred logouts of yesterday take no room today."""
    service = Service(rate_limit_max_requests=0)
    caller, login = await service.user()
    for _ in range(100):
        await service.caller().log_out((await service.caller().log_in(login["user"]["email"])).json()["token"])

    service.clock.advance(24 * HOUR)
    today = (await service.caller().log_in(login["user"]["email"])).json()["token"]
    second = (await service.caller().log_in(login["user"]["email"])).json()["token"]
    await caller.log_out(second)

    record = await service.store.get(login["user"]["id"])
    assert record is not None
    assert list(record.revoked_sessions) == [claims(second)["jti"]]
    assert (await caller.profile(today)).status_code == 200


async def test_logging_out_often_at_once() -> None:
    """Logouts at one moment, of one session and of many, end exactly those."""
    service = Service(rate_limit_max_requests=0)
    caller, login = await service.user()
    tokens = [(await service.caller().log_in(login["user"]["email"])).json()["token"] for _ in range(20)]

    answers = await asyncio.gather(*(service.caller().log_out(token) for token in tokens * 2))

    assert {answer.status_code for answer in answers} == {200}
    assert {(await service.caller().profile(token)).status_code for token in tokens} == {401}
    assert (await caller.profile(login["token"])).status_code == 200


async def test_the_previous_secret_verifies(service: Service) -> None:
    """After a rotation sessions go on, with their CSRF token, and end as ever."""
    caller, login = await service.user()
    rotated = service.beside(jwt_secret=NEW_SECRET, jwt_secret_previous=JWT_SECRET)
    browser = rotated.caller(fresh_source())
    browser.cookies = caller.cookies

    by_cookie = await browser.update({"name": "New"})
    csrf = await browser.put("/api/profile/update", json={}, headers={"X-CSRF-Token": "x"})
    ended = await browser.log_out()

    assert [answer.status_code for answer in (by_cookie, csrf, ended)] == [200, 403, 200]
    assert (await rotated.caller().profile(login["token"])).status_code == 401


async def test_the_previous_secret_never_signs(service: Service) -> None:
    """What is signed from now on is signed with the new secret, under another key id."""
    _, login = await service.user()
    rotated = service.beside(jwt_secret=NEW_SECRET, jwt_secret_previous=JWT_SECRET)
    alone = service.beside(jwt_secret=NEW_SECRET)

    token = (await rotated.caller().log_in(login["user"]["email"])).json()["token"]

    assert (await alone.caller().profile(token)).status_code == 200
    assert (await service.caller().profile(token)).status_code == 401
    assert jwt.get_unverified_header(token)["kid"] != jwt.get_unverified_header(login["token"])["kid"]


async def test_without_the_previous_secret_sessions_end(service: Service) -> None:
    """Another secret alone knows no token of before."""
    _, login = await service.user()

    answer = await service.beside(jwt_secret=NEW_SECRET).caller().profile(login["token"])

    assert answer.status_code == 401


async def test_api_tokens_outlive_the_session_secret(service: Service) -> None:
    """With `API_TOKEN_SECRET` set, rotating `JWT_SECRET` leaves API tokens alive."""
    _, login = await service.user()

    answer = await service.beside(jwt_secret=NEW_SECRET).caller().verify(login["api_token"])

    assert answer.status_code == 200


async def test_api_tokens_under_a_rotated_secret(service: Service) -> None:
    """`API_TOKEN_SECRET_PREVIOUS` verifies and never signs."""
    _, login = await service.user()
    other = "another secret for API tokens that is long"
    rotated = service.beside(api_token_secret=other, api_token_secret_previous=API_TOKEN_SECRET)
    alone = service.beside(api_token_secret=other)

    new = (await rotated.caller().log_in(login["user"]["email"])).json()["api_token"]

    assert (await rotated.caller().verify(login["api_token"])).status_code == 200
    assert (await alone.caller().verify(login["api_token"])).status_code == 401
    assert (await alone.caller().verify(new)).status_code == 200
    assert new != login["api_token"]


async def test_api_tokens_without_a_secret_of_their_own() -> None:
    """While `API_TOKEN_SECRET` is unset they hang on `JWT_SECRET`, the previous one included."""
    service = Service(api_token_secret=None)
    _, login = await service.user()

    rotated = service.beside(jwt_secret=NEW_SECRET, jwt_secret_previous=JWT_SECRET)
    alone = service.beside(jwt_secret=NEW_SECRET)

    assert (await service.caller().verify(login["api_token"])).status_code == 200
    assert (await rotated.caller().verify(login["api_token"])).status_code == 200
    assert (await alone.caller().verify(login["api_token"])).status_code == 401


async def test_api_token_after_a_change_of_address(service: Service) -> None:
    """An API token hangs on the user, not on the address or a session."""
    caller, login = await service.user()
    await caller.update({"email": "king@example.com"})
    await caller.log_out()
    service.clock.advance(400 * 24 * HOUR)

    answer = await service.caller().verify(login["api_token"])

    assert answer.json()["user"]["email"] == "king@example.com"


async def test_rotations_at_once(service: Service) -> None:
    """Of several rotations at one moment the last one's token counts, and only that."""
    caller, login = await service.user()

    answers = await asyncio.gather(*(caller.rotate(login["token"]) for _ in range(8)))

    tokens = [answer.json()["api_token"] for answer in answers]
    statuses = [(await caller.verify(token)).status_code for token in {*tokens, login["api_token"]}]
    assert sorted(statuses) == [200, *[401] * 8]


@pytest.mark.parametrize("made", ["", "wg_", "wg_x", "WG_{0}", "{0}=", "{0}A", "{0}.", "xx_{0}", "{0}{0}", "wg_{1}"])
async def test_made_up_api_tokens(service: Service, made: str) -> None:
    """Nothing but the exact token is somebody's."""
    _, login = await service.user()
    token = made.format(login["api_token"].removeprefix("wg_"), "A" * 100_0)

    answer = await service.caller().verify(token)

    assert answer.status_code == 401


async def test_the_prefix_is_a_setting() -> None:
    """`API_TOKEN_PREFIX` tells whose tokens they are; another prefix is refused."""
    service = Service(api_token_prefix="acme")
    _, login = await service.user()

    renamed = await service.caller().verify(login["api_token"].replace("acme_", "wg_"))

    assert login["api_token"].startswith("acme_")
    assert (await service.caller().verify(login["api_token"])).status_code == 200
    assert renamed.status_code == 401


async def test_tokens_of_another_issuer() -> None:
    """Two services that share a secret do not share sessions."""
    here = Service(public_url=HTTPS)
    there = here.beside(public_url="https://other.example")
    _, login = await here.user()

    assert claims(login["token"])["iss"] == HTTPS
    assert (await here.caller().profile(login["token"])).status_code == 200
    assert (await there.caller().profile(login["token"])).status_code == 401


async def test_a_session_does_not_grow_by_use(service: Service) -> None:
    """The end of a session is fixed at login, however it is used."""
    caller, login = await service.user()
    for _ in range(23):
        service.clock.advance(HOUR)
        assert (await caller.profile()).status_code == 200

    service.clock.advance(HOUR + MINUTE)

    assert (await caller.profile(login["token"])).status_code == 401
    assert (await caller.log_in(login["user"]["email"], PASSWORD)).status_code == 200
