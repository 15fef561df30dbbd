"""The OpenAPI document on a page to read it on."""

from __future__ import annotations

import gc
import json
import tracemalloc
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec import Struct

from tests.unit.web.kit import call, sent
from tests.unit.web.routes import route
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.docs import DocsApi, page
from wicketgate.web.endpoint import Access
from wicketgate.web.openapi import document

COOKIES = SessionCookies(production=False, max_age=60)
HOSTILE = "\"'><script>alert(1)</script>&amp;"


class Form(Struct):
    """What is sent."""

    name: str
    bio: str = ""


def described(**more: Any) -> dict[str, Any]:
    """A document with one route of every kind."""
    routes = [
        route("POST", "/api/form", body=Form, body_example={"name": "Ada"}, access=Access.SESSION, **more),
        route("POST", "/api/out", access=Access.OPTIONAL_SESSION, tag="Others"),
        route("GET", "/api/open", tag="Others"),
    ]
    return document(routes, COOKIES, "1.2.3")


class Reader(HTMLParser):
    """Every tag, attribute value and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(value: Any) -> Any:
    """The same value with every text in it hostile, but those that say how it is built."""
    if isinstance(value, dict):
        return {name: part if name == "$ref" else hostile(part) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part) for part in value]
    return HOSTILE if isinstance(value, str) else value


def test_nothing_in_the_document_becomes_markup() -> None:
    """Whatever a text of the document holds is shown and never run."""
    read = Reader(page(hostile(described())))

    assert "script" not in read.tags
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in read.text


def test_names_in_the_document_become_no_markup_either() -> None:
    """Paths, fields and schemes are shown as they are."""
    built = described()
    schema = built["components"]["schemas"]["Form"]
    schema["properties"] = {HOSTILE: {"description": HOSTILE}}
    built["components"]["securitySchemes"] = {HOSTILE: {"description": HOSTILE}}
    built["paths"] = {HOSTILE: built["paths"]["/api/form"]}

    read = Reader(page(built))

    assert "script" not in read.tags
    assert read.text.count("<script>") >= 4


def test_every_route_is_on_the_page() -> None:
    """Each operation has its method, path, answers and a place in the contents, by tag."""
    html = page(described(description="Send `name` here."))

    read = Reader(html)
    places = {value for name, value in read.attributes if name == "id"}
    links = {str(value).removeprefix("#") for name, value in read.attributes if name == "href"}
    assert {"postForm", "postOut", "getOpen", "security"} == places
    assert places <= links
    assert "<h2>Tests</h2>" in html
    assert html.count("<h2>Others</h2>") == 1
    assert "<code>/api/form</code>" in html
    assert "<p>Send <code>name</code> here.</p>" in html
    assert "Needs <code>sessionCookie</code> or <code>sessionToken</code>." in html
    assert "May be called with <code>sessionCookie</code> or <code>sessionToken</code>." in html
    assert "Anyone may call." in html
    assert "<dt><code>name</code></dt>" in html
    assert "<dt><code>bio</code> <em>optional</em></dt>" in html
    assert html.count("<details open>") == 3


def test_nothing_comes_from_another_host() -> None:
    """The page loads its own style sheet, and links to nothing but itself and the document."""
    read = Reader(page(described()))

    loaded = {value for name, value in read.attributes if name in ("href", "src")}
    assert not [value for value in loaded if "//" in str(value)]
    assert {"docs.css", "openapi.json"} <= loaded
    assert "style" not in read.tags
    assert "style" not in dict(read.attributes)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
        ("/docs.css", "text/css; charset=utf-8"),
    ],
)
async def test_document_page_and_style_are_served(path: str, kind: str) -> None:
    """Each is served with its type, and may be kept for a while."""
    built = described()
    handlers = {endpoint.path: endpoint.handler for endpoint in DocsApi(lambda: built).endpoints()}

    answer = await sent(await handlers[path](call()))

    assert (answer.status, answer.one("content-type")) == (200, kind)
    assert answer.one("cache-control") == "public, max-age=300"
    assert answer.body
    assert path != "/openapi.json" or answer.json == json.loads(json.dumps(built))


async def test_a_mounted_document_names_its_place() -> None:
    """Below a mount the document says so, each time it is asked for, and elsewhere it does not."""
    api = DocsApi(described)
    mounted, alone = call(), call()
    mounted.request.scope["root_path"] = "/auth"

    first, second, other = [await sent(await api.openapi(asked)) for asked in (mounted, mounted, alone)]

    assert first.json["servers"] == [{"url": "/auth"}]
    assert first.body == second.body
    assert "servers" not in other.json


async def test_the_document_is_kept_for_a_few_places() -> None:
    """Who chooses the place, as in a mount with a parameter, cannot fill the memory; two mounts are both kept."""
    made = 0

    def counted() -> dict[str, Any]:
        nonlocal made
        made += 1
        return described()

    api = DocsApi(counted)
    asked = call()

    async def ask(place: str) -> Any:
        asked.request.scope["root_path"] = place
        return (await sent(await api.openapi(asked))).json["servers"]

    for place in ["/a", "/b", "/a", "/b"]:
        await ask(place)
    assert made == 2

    gc.collect()
    tracemalloc.start()
    try:
        served = [await ask(f"/{number}/auth") for number in range(100)]
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    one = len((await sent(await api.docs(asked))).body)

    assert served == [[{"url": f"/{number}/auth"}] for number in range(100)]
    assert kept < 30 * one
