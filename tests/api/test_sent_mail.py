"""The page of mail that development prints: what it shows, and to whom."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.support.service import some_settings
from tests.unit.web.kit import call
from wicketgate import Mail, Settings, Wicketgate
from wicketgate.core.ports import Letter
from wicketgate.mail.console import Console
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.sent import SentPage

PAGE = "/dev/outbox"
ADA = "ada@example.com"


class Links(HTMLParser):
    """Where a page's links lead, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings = 0
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if (tag, name) == ("a", "href")]
        self.headings += tag == "h2"
        assert not any(name == "style" or name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def gate(settings: Settings | None = None, **more: Any) -> Wicketgate:
    """A service that prints mail, unless it is told otherwise."""
    return Wicketgate(settings or some_settings(), store=MemoryStore(), write_log=lambda _: None, **more)


async def ask(
    app: Wicketgate, path: str = PAGE, peer: str = "127.0.0.1", host: str = "localhost:8000", **headers: str
) -> httpx.Response:
    """The answer to somebody at this address who calls the service by this name."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = httpx.ASGITransport(app=app, client=(peer, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        return await http.get(path, headers={"Host": host, **named})


async def test_it_shows_the_mail_with_its_links() -> None:
    """Newest first, as text, with links that can be followed."""
    app = gate()
    assert app.post is not None
    await app.post.send(Letter(ADA, "reset_password", {"link": "/reset-password#first"}))
    await app.post.send(Letter("grace@example.com", "reset_password", {"link": "/reset-password#second"}))

    answer = await ask(app)

    page = Links(answer.text)
    followed = [link for link in page.links if "#" in link]
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert followed == [f"http://localhost:8000/reset-password#{name}" for name in ("second", "first")]
    assert page.text.index("grace@example.com") < page.text.index(ADA)


async def test_whatever_a_mail_says_is_only_text() -> None:
    """What looks like markup is none, and only web addresses are links."""
    console = Console(lambda _: None)
    await console(Mail(ADA, "<h2>s</h2>", '<h2> javascript:alert(1) https://a.example/?a=1&b="<script>', "h"))

    reply = await SentPage(console).page(call())

    page = Links(reply.body.decode())
    assert page.headings == 1
    assert [link for link in page.links if link != "outbox.json"] == ["https://a.example/?a=1&b="]
    assert '<h2> javascript:alert(1) https://a.example/?a=1&b="<script>' in page.text


async def test_a_script_reads_the_same() -> None:
    """As JSON, with both texts."""
    app = gate()
    assert app.post is not None
    await app.post.send(Letter(ADA, "test", {}))

    answer = await ask(app, f"{PAGE}.json")

    (mail,) = answer.json()
    assert (mail["to"], mail["subject"]) == (ADA, "Email from Wicketgate works")
    assert mail["text"].startswith("This is a test.")
    assert mail["html"].startswith("<!doctype html>")


async def test_without_mail_it_says_so() -> None:
    """The page is there from the start."""
    answer = await ask(gate())

    assert (answer.status_code, Links(answer.text).headings) == (200, 0)
    assert "Nothing yet" in answer.text


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
async def test_who_sees_it(peer: str, host: str) -> None:
    """Whoever calls from this machine, by its name for itself."""
    assert (await ask(gate(), peer=peer, host=host)).status_code == 200


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.json"])
@pytest.mark.parametrize(
    "given",
    [
        {"peer": "203.0.113.7"},
        {"peer": "192.168.1.20"},
        {"peer": "unknown"},
        {"host": "evil.example"},
        {"host": "localhost.evil.example"},
        {"host": "127.0.0.1.evil.example:8000"},
        {"host": "[::1"},
        {"X_Forwarded_For": "203.0.113.7"},
        {"Forwarded": "for=203.0.113.7"},
        {"Via": "1.1 tunnel"},
        {"X_Real_IP": "203.0.113.7"},
    ],
)
async def test_who_does_not(path: str, given: dict[str, str]) -> None:
    """Nobody from another machine, through a tunnel or a proxy, or by a name that only leads here."""
    app = gate()

    answer = await ask(app, path, **given)

    missing = await ask(app, "/dev/nothing")
    assert (answer.status_code, answer.json()) == (404, missing.json())


async def test_a_trusted_proxy_on_this_machine_is_no_way_in() -> None:
    """Whoever it speaks for is somewhere else, and even whom it says is here came through it."""
    app = gate(some_settings(trusted_proxies=("127.0.0.1",)))

    assert (await ask(app, X_Forwarded_For="203.0.113.7")).status_code == 404
    assert (await ask(app, X_Forwarded_For="127.0.0.1")).status_code == 404


async def nowhere(mail: Mail) -> None:
    """A way of the application's own."""


@pytest.mark.parametrize(
    "app",
    [
        gate(some_settings(environment="production", public_url="https://app.example.com")),
        gate(some_settings(smtp_host="mail.example", mail_from="login@acme.example")),
        gate(send_mail=nowhere),
        gate(send_mail=False),
    ],
    ids=["production", "smtp", "function", "none"],
)
async def test_where_there_is_no_page(app: Wicketgate) -> None:
    """Only where mail is printed: not in production, and not where mail is sent."""
    answer = await ask(app, host="localhost", X_Forwarded_Proto="https")

    assert answer.status_code in (308, 404)
    assert PAGE not in app.openapi()["paths"]
