"""Where a request comes from decides before anything it carries; and who else's pages may read the answers."""

from __future__ import annotations

import httpx
import pytest

from tests.support.service import HTTPS, PASSWORD, Service, bearer

FRIEND = "https://friend.example"
OWN = "http://service.example"
FOREIGN = "https://evil.example"

DECISIONS = [
    # Sec-Fetch-Site, Origin, whether it may act
    (None, None, True),
    ("same-origin", None, True),
    ("none", None, True),
    ("same-origin", OWN, True),
    ("same-origin", FOREIGN, True),
    ("same-site", None, False),
    ("same-site", OWN, False),
    ("cross-site", None, False),
    ("cross-site", OWN, False),
    ("cross-site", FOREIGN, False),
    ("", None, False),
    ("Same-Origin", None, False),
    ("same-origin, cross-site", None, False),
    ("garbage", OWN, False),
    (None, OWN, True),
    (None, FOREIGN, False),
    (None, "null", False),
    (None, "", False),
    (None, "https://service.example", False),
    (None, "http://service.example:8080", False),
    (None, "http://service.example.evil.example", False),
    (None, "http://evil.example/service.example", False),
    (None, f"{OWN}, {FOREIGN}", False),
    ("cross-site", FRIEND, True),
    ("same-site", FRIEND, True),
    (None, FRIEND, True),
    ("cross-site", "http://friend.example", False),
    ("cross-site", "https://friend.example:444", False),
    ("cross-site", "https://x.friend.example", False),
    ("cross-site", f"{FRIEND}/", False),
]
UNSAFE = (
    ("POST", "/api/auth/signup"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/logout"),
    ("PUT", "/api/profile/update"),
    ("POST", "/api/auth/api-token/rotate"),
)


@pytest.fixture
def friendly() -> Service:
    """A service that lets one other origin in."""
    return Service(allowed_origins=(FRIEND,), signup_limit_max_requests=0)


@pytest.mark.parametrize(("site", "origin", "allowed"), DECISIONS)
async def test_who_may_act(friendly: Service, site: str | None, origin: str | None, allowed: bool) -> None:
    """Every unsafe route refuses what comes from elsewhere, also with a good token, and only that."""
    _, login = await friendly.user()
    given = {"Sec-Fetch-Site": site, "Origin": origin}
    headers = {name: value for name, value in given.items() if value is not None}

    answers = [
        await friendly.caller().request(method, path, json={}, headers={**headers, **bearer(login["token"])})
        for method, path in UNSAFE
    ]

    refused = [answer.status_code == 403 for answer in answers]
    assert refused == [not allowed] * len(UNSAFE)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "garbage"])
async def test_anybody_may_read(friendly: Service, site: str) -> None:
    """A safe request changes nothing and is answered; without CORS no page reads the answer."""
    _, login = await friendly.user()

    answer = await friendly.caller().get(
        "/api/profile", headers={**bearer(login["token"]), "Sec-Fetch-Site": site, "Origin": FOREIGN}
    )

    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("public_url", "origin", "status"),
    [
        (HTTPS, HTTPS, 400),
        (HTTPS, OWN, 403),
        (f"{HTTPS}:8443", f"{HTTPS}:8443", 400),
        (f"{HTTPS}:443", HTTPS, 400),
        ("HTTPS://Service.Example/", HTTPS, 400),
        (f"{HTTPS}:8443", HTTPS, 403),
    ],
)
async def test_our_own_origin_is_the_public_url(public_url: str, origin: str, status: int) -> None:
    """`PUBLIC_URL` says who we are, whatever `Host` says."""
    service = Service(public_url=public_url)

    answer = await service.caller().post("/api/auth/login", json={}, headers={"Origin": origin})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("trusted", "origin", "status"),
    [(("192.0.2.0/24",), HTTPS, 400), (("192.0.2.0/24",), OWN, 403), ((), OWN, 400), ((), HTTPS, 403)],
)
async def test_the_scheme_of_our_origin_by_a_trusted_proxy(
    trusted: tuple[str, ...], origin: str, status: int
) -> None:
    """Without `PUBLIC_URL`, `X-Forwarded-Proto` counts when a trusted proxy says it, and only then."""
    service = Service(trusted_proxies=trusted)

    answer = await service.caller("192.0.2.1").post(
        "/api/auth/login", json={}, headers={"Origin": origin, "X-Forwarded-Proto": "https"}
    )

    assert answer.status_code == status


async def test_cors_answers_an_allowed_origin(friendly: Service) -> None:
    """Exactly its origin, with credentials, once each; caches are told that it depends on the origin."""
    answer = await friendly.caller().post("/api/auth/login", json={}, headers={"Origin": FRIEND})

    assert answer.headers.get_list("access-control-allow-origin") == [FRIEND]
    assert answer.headers.get_list("access-control-allow-credentials") == ["true"]
    assert answer.headers.get_list("vary") == ["Origin"]


@pytest.mark.parametrize("path", ["/nothing", "/api/profile", "/healthz"])
async def test_cors_is_on_errors_too(friendly: Service, path: str) -> None:
    """The page of an allowed origin may read why it was refused."""
    answer = await friendly.caller().get(path, headers={"Origin": FRIEND})

    assert answer.headers.get_list("access-control-allow-origin") == [FRIEND]


@pytest.mark.parametrize(
    "origin", [FOREIGN, "null", OWN, "http://friend.example", "https://friend.example.evil.example", "*"]
)
async def test_cors_answers_nobody_else(friendly: Service, origin: str) -> None:
    """No other origin is told anything, and caches are."""
    answer = await friendly.caller().get("/healthz", headers={"Origin": origin})

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers.get_list("vary") == ["Origin"]


async def test_no_cors_without_allowed_origins(service: Service) -> None:
    """By default nobody else's pages read anything."""
    answer = await service.caller().get("/healthz", headers={"Origin": FRIEND})

    assert not [name for name in answer.headers if name.startswith("access-control")]


PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type,x-csrf-token"}


async def test_preflight(friendly: Service) -> None:
    """204 with the methods and headers that may be sent; no header twice, which browsers refuse."""
    answer = await friendly.caller().options("/api/profile/update", headers={"Origin": FRIEND, **PREFLIGHT})

    assert answer.status_code == 204
    assert "content-length" not in answer.headers
    assert not answer.content
    assert answer.headers.get_list("access-control-allow-origin") == [FRIEND]
    assert answer.headers.get_list("access-control-allow-credentials") == ["true"]
    assert answer.headers.get_list("access-control-allow-methods") == ["PUT"]
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"content-type", "authorization", "x-csrf-token"} == set(allowed)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/profile/update", {"Origin": FOREIGN, **PREFLIGHT}, 405),
        ("/api/profile/update", {"Origin": FRIEND}, 405),
        ("/api/profile/update", PREFLIGHT, 405),
        ("/nothing", {"Origin": FRIEND, **PREFLIGHT}, 404),
    ],
)
async def test_no_preflight(friendly: Service, path: str, headers: dict[str, str], status: int) -> None:
    """Only the question of an allowed origin about a known path is answered."""
    answer = await friendly.caller().options(path, headers=headers)

    assert answer.status_code == status
    assert "access-control-allow-methods" not in answer.headers


async def test_cookies_of_an_allowed_origin_still_need_the_csrf_token(friendly: Service) -> None:
    """Being let in does not make a request intended."""
    caller, _ = await friendly.user()

    refused = await caller.put("/api/profile/update", json={}, headers={"Origin": FRIEND})
    granted = await caller.put("/api/profile/update", json={}, headers={"Origin": FRIEND, **caller.proof(None)})

    assert (refused.status_code, granted.status_code) == (403, 200)


def told(answer: httpx.Response) -> str | None:
    """The CSRF token that the page may read in an answer."""
    exposed = answer.headers.get("access-control-expose-headers", "").lower().split(", ")
    return answer.headers.get("x-csrf-token") if "x-csrf-token" in exposed else None


@pytest.mark.parametrize("environment", ["development", "production"])
async def test_a_page_of_an_allowed_origin_changes_things(environment: str) -> None:
    """It is told the CSRF token that is in a cookie it cannot read: at login, in the profile, with a new password."""
    service = Service(allowed_origins=(FRIEND,), environment=environment, public_url=HTTPS)
    page = service.caller(base_url=HTTPS, headers={"Origin": FRIEND, "Sec-Fetch-Site": "same-site"})
    await page.sign_up()

    after_login = told(await page.log_in())
    after_reading = told(await page.profile())
    saved = await page.put("/api/profile/update", json={"name": "Ada"}, headers={"X-CSRF-Token": after_reading or ""})
    changed = await page.change_password(PASSWORD, "another horse battery")
    gone = await page.post("/api/auth/logout", headers={"X-CSRF-Token": told(changed) or ""})

    assert after_login == after_reading != told(changed)
    assert [answer.status_code for answer in (saved, changed, gone)] == [200, 200, 200]
    assert (told(saved), told(gone)) == (None, "")


@pytest.mark.parametrize("origin", [None, OWN, FOREIGN, "null", "http://friend.example"])
async def test_nobody_else_is_told_the_csrf_token(friendly: Service, origin: str | None) -> None:
    """Our own pages read the cookie, and other origins nothing."""
    caller, login = await friendly.user()
    headers = {"Origin": origin} if origin else {}
    account = {"email": login["user"]["email"], "password": PASSWORD}

    answers = [
        await caller.get("/api/profile", headers=headers),
        await caller.post("/api/auth/login", json=account, headers=headers),
        await caller.post("/api/auth/logout", headers={**headers, **caller.proof(None)}),
    ]

    assert not [answer for answer in answers if "x-csrf-token" in answer.headers]


async def test_a_page_that_shows_a_token_is_told_no_csrf_token(friendly: Service) -> None:
    """With `Authorization` nothing needs it, and a cookie beside it is ignored."""
    caller, _ = await friendly.user()
    _, login = await friendly.user()

    answer = await caller.get("/api/profile", headers={"Origin": FRIEND, **bearer(login["token"])})

    assert answer.status_code == 200
    assert "x-csrf-token" not in answer.headers
