"""The session's two cookies, the browser's mark, and the value that must come back with an unsafe request."""

from __future__ import annotations

import pytest

from tests.support.service import EMAIL, HTTPS, Caller, Service, fresh_source


def attributes(cookie: str) -> set[str]:
    """All of a cookie but its value."""
    name, *rest = cookie.split("; ")
    return {name.partition("=")[0], *rest}


@pytest.fixture
def production() -> Service:
    """A service as it is in production, at a known address."""
    return Service(environment="production", public_url=HTTPS)


async def logged_in(service: Service) -> tuple[Caller, str]:
    """A browser with a session over https, and its token."""
    caller = service.caller(fresh_source(), base_url=HTTPS)
    await caller.sign_up(EMAIL)
    token: str = (await caller.log_in(EMAIL)).json()["token"]
    return caller, token


async def test_cookies_of_a_login(service: Service) -> None:
    """In development: plain names, no `Secure`, which plain http could not carry, and no mark of the browser."""
    await service.caller().sign_up()

    session, csrf = (await service.caller().log_in()).headers.get_list("set-cookie")

    assert attributes(session) == {"auth_token", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=86400"}
    assert attributes(csrf) == {"csrf_token", "SameSite=Strict", "Path=/", "Max-Age=86400"}


async def test_cookies_in_production(production: Service) -> None:
    """In production: `__Host-` names, `Secure`, and no domain."""
    caller = production.caller(base_url=HTTPS)
    await caller.sign_up()

    session, csrf, device = (await caller.log_in()).headers.get_list("set-cookie")

    common = {"Secure", "SameSite=Strict", "Path=/"}
    assert attributes(session) == {"__Host-auth_token", "HttpOnly", "Max-Age=86400"} | common
    assert attributes(csrf) == {"__Host-csrf_token", "Max-Age=86400"} | common
    assert attributes(device) == {"__Host-device", "HttpOnly", "Max-Age=15552000"} | common


async def test_cookies_of_a_logout(service: Service, production: Service) -> None:
    """The session's two are cleared with the attributes they were set with; a browser's mark is not touched."""
    plain = await service.caller().post("/api/auth/logout")
    hosted = await production.caller(base_url=HTTPS).post("/api/auth/logout")

    assert [attributes(cookie) for cookie in plain.headers.get_list("set-cookie")] == [
        {"auth_token", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=0"},
        {"csrf_token", "SameSite=Strict", "Path=/", "Max-Age=0"},
    ]
    assert [attributes(cookie) for cookie in hosted.headers.get_list("set-cookie")] == [
        {"__Host-auth_token", "HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=0"},
        {"__Host-csrf_token", "Secure", "SameSite=Strict", "Path=/", "Max-Age=0"},
    ]


async def test_plain_names_mean_nothing_in_production(production: Service) -> None:
    """A cookie that a sibling domain could have set opens nothing."""
    caller, token = await logged_in(production)
    plain, hosted = production.caller(base_url=HTTPS), production.caller(base_url=HTTPS)

    refused = await plain.get("/api/profile", headers={"Cookie": f"auth_token={token}"})
    granted = await hosted.get("/api/profile", headers={"Cookie": f"__Host-auth_token={token}"})

    assert (refused.status_code, granted.status_code) == (401, 200)
    assert (await caller.profile()).status_code == 200


async def test_plain_csrf_name_means_nothing_in_production(production: Service) -> None:
    """Only the value that belongs to the session counts, wherever else it is written."""
    caller, _ = await logged_in(production)
    caller.cookies.set("csrf_token", "planted")

    answer = await caller.post("/api/auth/api-token/rotate", headers={"X-CSRF-Token": "planted"})

    assert answer.status_code == 403


UNSAFE = (("PUT", "/api/profile/update"), ("POST", "/api/auth/api-token/rotate"), ("POST", "/api/auth/logout"))


@pytest.mark.parametrize(("method", "path"), UNSAFE)
@pytest.mark.parametrize("sent", [None, "", "x", "null", "é"])
async def test_unsafe_requests_by_cookie_need_the_csrf_token(
    service: Service, method: str, path: str, sent: str | None
) -> None:
    """403 without it or with another; the session lives on."""
    caller, _ = await service.user()
    headers = {b"X-CSRF-Token": sent.encode()} if sent is not None else {}

    answer = await caller.request(method, path, json={"name": "New"}, headers=headers)

    assert answer.status_code == 403
    assert answer.json() == {"success": False, "error": "Access denied"}
    assert (await caller.profile()).status_code == 200


@pytest.mark.parametrize(("method", "path"), UNSAFE)
async def test_unsafe_requests_by_token_need_none(service: Service, method: str, path: str) -> None:
    """What carries `Authorization` was not sent by a browser on its own."""
    _, login = await service.user()

    answer = await service.caller().request(
        method, path, json={"name": "New"}, headers={"Authorization": f"Bearer {login['token']}"}
    )

    assert answer.status_code == 200


async def test_the_csrf_token_belongs_to_one_session(service: Service) -> None:
    """Another session's value does not do, of the same user neither."""
    caller, login = await service.user()
    other = service.caller(fresh_source())
    await other.log_in(login["user"]["email"])

    answer = await caller.put("/api/profile/update", json={"name": "New"}, headers=other.proof(None))

    assert other.proof(None) != caller.proof(None)
    assert answer.status_code == 403


async def test_safe_requests_need_no_csrf_token(service: Service) -> None:
    """Reading changes nothing."""
    caller, _ = await service.user()

    answer = await caller.get("/api/profile")

    assert answer.status_code == 200


async def test_a_login_needs_no_csrf_token(service: Service) -> None:
    """Nobody can have one before; a cross-site login is refused by where it comes from."""
    caller, login = await service.user()

    answer = await caller.log_in(login["user"]["email"])

    assert answer.status_code == 200


async def test_cookies_among_others(service: Service) -> None:
    """The session's cookie is found among whatever else a browser sends."""
    _, login = await service.user()
    cookie = f'a=1; auth_token={login["token"]}; b="x y"; c'

    answer = await service.caller().get("/api/profile", headers={"Cookie": cookie})

    assert answer.status_code == 200


async def test_cookies_in_two_headers(service: Service) -> None:
    """HTTP/2 clients send a header for each cookie."""
    _, login = await service.user()
    headers = [("Cookie", "a=1"), ("Cookie", f"auth_token={login['token']}")]

    answer = await service.caller().get("/api/profile", headers=headers)

    assert answer.status_code == 200


async def test_the_lifetime_is_a_setting() -> None:
    """`JWT_EXPIRATION_HOURS` moves the end of the token and of the cookies together."""
    service = Service(jwt_expiration_hours=2)
    caller, login = await service.user()
    answer = await service.caller().log_in(login["user"]["email"])

    assert all("Max-Age=7200" in cookie for cookie in answer.headers.get_list("set-cookie"))
    service.clock.advance(7200_000 - 1000)
    assert (await caller.profile(login["token"])).status_code == 200
    service.clock.advance(1000)
    assert (await caller.profile(login["token"])).status_code == 401
