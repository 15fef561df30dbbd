"""The service's own pages: who may see which."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.service import some_settings
from tests.unit.fakes import ADA, ManualClock, OpenTokens, add
from tests.unit.web.kit import HERE, Answer, Wire, scope, sent
from wicketgate import Wicketgate
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.session_book import SessionBook
from wicketgate.core.users import UserRecord
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Call
from wicketgate.web.errors import NotFound
from wicketgate.web.http import Request
from wicketgate.web.pages import Features, Look, Pages
from wicketgate.web.static_files import Bundle

BUNDLE = Bundle("entry-1a.js", ("style-2b.css",), {"entry-1a.js": b"js", "style-2b.css": b"css"})
PLAIN = Look("Wicketgate", None, None)
EVERYTHING = Features(mail=True, email_verification=True, session_list=True, activity=True)
OF_LINKS = ["/forgot-password", "/reset-password", "/undo-email", "/verify-email", "/change-email"]


class Gone(MemoryStore):
    """A store that does not answer."""

    async def get(self, user_id: str) -> UserRecord | None:
        raise StoreUnavailable("gone")


class Shell(HTMLParser):
    """A page's tags, and what it tells its script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.config: dict[str, Any] = {}
        self.page: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id") == "wicketgate":
            self.page, self.config = found["data-page"], json.loads(found["data-config"] or "")


async def visit(
    path: str,
    query: str = "",
    *,
    token: str | None = None,
    store: MemoryStore | None = None,
    look: Look = PLAIN,
    features: Features = EVERYTHING,
    **more: Any,
) -> Answer:
    """What someone with this cookie sees. "live" is the session of a user who exists."""
    tokens = OpenTokens()
    used = store or MemoryStore()
    await add(used)
    sessions = SessionBook(used, used, tokens, ManualClock(), 60)
    live = sessions.open(ADA).token
    cookies = {"cookie": f"auth_token={live if token == 'live' else token}"} if token is not None else {}
    asked = Request(scope("GET", path, cookies, query_string=query.encode(), **more), Wire().receive)
    pages = Pages(BUNDLE, look, features, sessions, SessionCookies(production=False, max_age=60))
    handlers = {endpoint.path: endpoint.handler for endpoint in pages.endpoints()}
    return await sent(await handlers[path](Call(asked, None, HERE, None, "")))


def _nobody() -> tuple[SessionBook, SessionCookies]:
    """What pages need to know who is signed in, where nobody is."""
    store = MemoryStore()
    return SessionBook(store, store, OpenTokens(), ManualClock(), 60), SessionCookies(production=False, max_age=60)


@pytest.mark.parametrize(
    ("path", "token", "location"),
    [
        ("/", None, "/login"),
        ("/", "dead", "/login"),
        ("/", "live", "/profile"),
        ("/login", "live", "/profile"),
        ("/signup", "live", "/profile"),
        ("/profile", None, "/login?next=%2Fprofile"),
        ("/profile", "dead", "/login?next=%2Fprofile"),
        ("/security", None, "/login?next=%2Fsecurity"),
        ("/security", "dead", "/login?next=%2Fsecurity"),
    ],
)
async def test_whoever_is_wrong_here_is_sent_on(path: str, token: str | None, location: str) -> None:
    """Someone logged in gets no entrance and someone who is not gets no profile; nobody keeps the answer."""
    answer = await visit(path, token=token)

    assert (answer.status, answer.one("location")) == (303, location)
    assert answer.one("cache-control") == "no-store"


@pytest.mark.parametrize(
    ("path", "token", "page"),
    [
        ("/login", None, "login"),
        ("/login", "dead", "login"),
        ("/login", "", "login"),
        ("/signup", None, "signup"),
        ("/profile", "live", "profile"),
        ("/security", "live", "security"),
        *((path, token, path[1:]) for path in OF_LINKS for token in (None, "live")),
    ],
)
async def test_whoever_is_right_here_gets_the_page(path: str, token: str | None, page: str) -> None:
    """The shell names its page, its script and its styles, all of our own."""
    answer = await visit(path, token=token)

    shell = Shell(answer.body.decode())
    assert (answer.status, shell.page) == (200, page)
    assert answer.one("content-type") == "text/html; charset=utf-8"
    assert answer.one("cache-control") == "no-store"
    features = {"mail": True, "emailVerification": True, "sessionList": True, "activity": True}
    known = {"productName": "Wicketgate", "logoUrl": None, "next": "/profile", "features": features}
    assert shell.config == known
    assert [found["src"] for tag, found in shell.tags if tag == "script"] == ["/assets/entry-1a.js"]
    sheets = [found["href"] for tag, found in shell.tags if tag == "link" and found["rel"] == "stylesheet"]
    assert sheets == ["/assets/style-2b.css", "/theme.css"]


@pytest.mark.parametrize("path", ["/login", "/signup", "/profile", "/security"])
async def test_a_page_comes_without_the_store(path: str) -> None:
    """When nobody can say whether a session is live, the page is sent and tells of it itself."""
    answer = await visit(path, token="live", store=Gone())

    assert answer.status == 200


@pytest.mark.parametrize(
    ("query", "onward"),
    [
        ("next=%2Faccount%3Fa%3D1", "/account?a=1"),
        ("next=/account&next=/other", "/account"),
        ("next=", "/profile"),
        ("", "/profile"),
        ("next=%2F%2Fevil.example", "/profile"),
        ("next=https%3A%2F%2Fevil.example", "/profile"),
        ("next=%2F.%2F%2Fevil.example", "/profile"),
        ("next=%2Flogin%3Fnext%3D%2Flogin", "/profile"),
        ("next=%2Fsignup%23x", "/profile"),
        ("next=%2Freset-password", "/profile"),
        ("next=%2Fsecurity", "/security"),
        ("next=/", "/profile"),
        ("next=%FF", "/profile"),
        ("&".join(["a=b"] * 200 + ["next=/account"]), "/account"),
        ("next", "/profile"),
        ("%00=%00&next=%00", "/profile"),
    ],
)
async def test_the_way_on_stays_here(query: str, onward: str) -> None:
    """A page, and a redirect, lead on to where `next` says when that is on this site and not the entrance."""
    page = await visit("/login", query)
    redirect = await visit("/login", query, token="live")

    assert Shell(page.body.decode()).config["next"] == onward
    assert redirect.one("location") == onward


@pytest.mark.parametrize(
    ("features", "there"),
    [
        (Features(), []),
        (Features(session_list=True, activity=True), []),
        (Features(mail=True), OF_LINKS[:3]),
        (EVERYTHING, OF_LINKS),
    ],
)
async def test_what_is_not_turned_on_has_no_page(features: Features, there: list[str]) -> None:
    """Without mail nobody is asked for an address to write to, and a page's script is told what there is."""
    pages = Pages(BUNDLE, PLAIN, features, *_nobody())

    paths = {endpoint.path for endpoint in pages.endpoints()}
    shell = Shell((await visit("/login", features=features)).body.decode())

    assert [path for path in OF_LINKS if path in paths] == there
    assert shell.config["features"]["mail"] is features.mail
    assert shell.config["features"]["activity"] is features.activity


@pytest.mark.parametrize("path", OF_LINKS)
async def test_where_a_link_leads_no_other_page_is_told(path: str) -> None:
    """The pages that links in mails open send no address on, whatever stands in it."""
    answer = await visit(path)

    assert answer.one("referrer-policy") == "no-referrer"


async def test_a_way_on_breaks_no_header() -> None:
    """Characters that no header may hold are escaped in a redirect."""
    answer = await visit("/login", "next=%2Fcaf%C3%A9%22", token="live")

    assert answer.one("location") == "/caf%C3%A9%22"


async def test_a_look_is_shown_and_becomes_no_markup(tmp_path: Path) -> None:
    """Name, logo and colour are the product's, whatever its name holds."""
    hostile = "\"'><script>alert(1)</script>"
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"picture")
    look = Look(hostile, logo, "#0d6b61")

    shell = Shell((await visit("/login", look=look)).body.decode())
    picture, theme = await visit("/logo.png", look=look), await visit("/theme.css", look=look)

    assert shell.config["productName"] == hostile
    assert shell.config["logoUrl"] == "/logo.png"
    assert [tag for tag, _ in shell.tags].count("script") == 1
    assert (picture.body, picture.one("content-type")) == (b"picture", "image/png")
    assert theme.body == b":root { --wg-accent: #0d6b61; }\n"


async def test_without_a_colour_the_theme_is_empty() -> None:
    """The style sheet is there all the same, so that a page loads nothing that is missing."""
    answer = await visit("/theme.css")

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/profile", "/security"])
async def test_below_a_path_there_are_no_pages(path: str) -> None:
    """Where the service is mounted below a path, whose addresses the pages do not know, they are not there at all."""
    with pytest.raises(NotFound):
        await visit(path, token="live", root_path="/accounts")


async def _over_http(method: str, path: str, **headers: str) -> httpx.Response:
    """What the whole service answers, with the pages as they were built."""
    lines: list[Line] = []
    gate = Wicketgate(some_settings(), store=MemoryStore(), write_log=lines.append)
    transport = httpx.ASGITransport(app=gate, client=(HERE, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.example", trust_env=False) as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/profile", "/security", "/theme.css"])
async def test_a_head_says_what_a_get_would(path: str) -> None:
    """HEAD is answered as GET is, headers and all."""
    get, head = await _over_http("GET", path), await _over_http("HEAD", path)

    assert head.status_code == get.status_code
    different = {"x-request-id", "date"}
    assert {n: v for n, v in head.headers.items() if n not in different} == {
        n: v for n, v in get.headers.items() if n not in different
    }


@pytest.mark.parametrize("path", ["/", "/login", "/signup", "/profile", "/security", "/theme.css"])
async def test_pages_are_only_read(path: str) -> None:
    """A form that is sent to a page, as one without script would be, changes nothing: 405."""
    answer = await _over_http("POST", path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_all_that_a_page_loads_is_there_and_kept_for_good() -> None:
    """Each script and style sheet of the built page is served, for a year, under a name that changes with it."""
    shell = Shell((await _over_http("GET", "/login")).text)
    loaded = [found.get("src") or found["href"] for tag, found in shell.tags if tag in ("script", "link")]

    answers = {str(path): await _over_http("GET", str(path)) for path in loaded}

    assert len(answers) >= 4
    for path, answer in answers.items():
        assert answer.status_code == 200
        for_good = answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert for_good is path.startswith("/assets/")


async def test_a_page_holds_no_script_or_style_of_its_own() -> None:
    """The policy allows neither, so nothing on the page may need it, and the policy comes with the page."""
    answer = await _over_http("GET", "/login")

    shell = Shell(answer.text)
    assert all(found.get("src") for tag, found in shell.tags if tag == "script")
    assert "style" not in {tag for tag, _ in shell.tags}
    assert [name for _, found in shell.tags for name in found if name.startswith("on") or name == "style"] == []
    assert "script-src 'self'; style-src 'self';" in answer.headers["content-security-policy"]
