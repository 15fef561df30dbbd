"""A request as it is read and a reply as it is sent."""

from __future__ import annotations

import pytest

from tests.unit.web.kit import Wire, request, scope, sent
from wicketgate.web.http import Reply, headers_of, json_reply, path_of


def test_a_header_is_found_by_its_name() -> None:
    """A header's value is text, and one that is absent is None."""
    asked = request(headers=[(b"host", b"app.example"), (b"x-odd", b"\xe9")])

    assert asked.header(b"host") == "app.example"
    assert asked.header(b"x-odd") == "é"
    assert asked.header(b"origin") is None


def test_repeated_headers_are_joined() -> None:
    """A header that stands twice is a list with commas, cookies are joined by semicolons."""
    found = headers_of(
        scope(
            headers=[
                (b"x-forwarded-for", b"1.1.1.1"),
                (b"cookie", b"a=1"),
                (b"x-forwarded-for", b"2.2.2.2"),
                (b"cookie", b"b=2"),
            ]
        )
    )

    assert found == {b"x-forwarded-for": b"1.1.1.1, 2.2.2.2", b"cookie": b"a=1; b=2"}


@pytest.mark.parametrize(
    ("cookie", "cookies"),
    [(None, {}), ("", {}), ("a=1; b=2", {"a": "1", "b": "2"}), ("odd", {"": "odd"}), ("a=1=2", {"a": "1=2"})],
)
def test_cookies_are_read(cookie: str | None, cookies: dict[str, str]) -> None:
    """Cookies are read by name, and a strange header is no error."""
    asked = request(headers={} if cookie is None else {"cookie": cookie})

    assert asked.cookies == cookies


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/api/profile", "", "/api/profile"),
        ("/auth/api/profile", "/auth", "/api/profile"),
        ("/api/profile", "/auth", "/api/profile"),
        ("/authors", "/auth", "/authors"),
        ("/auth", "/auth", "/auth"),
        ("/auth/", "/auth", "/"),
    ],
)
def test_a_path_begins_where_we_are_mounted(path: str, root: str, below: str) -> None:
    """The path below the mount is what routes are made of, whether or not a server has cut it off."""
    found = path_of({"path": path, "root_path": root})

    assert found == below


async def test_a_reply_says_how_long_it_is() -> None:
    """A reply goes out in one piece with its length."""
    answer = await sent(Reply(418, "tea ☕".encode(), ((b"x-pot", b"short"),)))

    assert (answer.status, answer.body) == (418, "tea ☕".encode())
    assert answer.headers == [(b"x-pot", b"short"), (b"content-length", b"7")]


async def test_headers_are_added_to_a_copy() -> None:
    """Adding a header leaves the reply as it was."""
    reply = Reply(200, b"", ((b"a", b"1"),))

    more = reply.adding((b"b", b"2"))

    assert more.headers == ((b"a", b"1"), (b"b", b"2"))
    assert reply.headers == ((b"a", b"1"),)


async def test_json_is_not_kept() -> None:
    """A reply in JSON says so, and that nobody may store it."""
    answer = await sent(json_reply({"a": "é"}, 201, [(b"x-more", b"1")]))

    assert (answer.status, answer.json) == (201, {"a": "é"})
    assert answer.one("content-type") == "application/json"
    assert answer.one("cache-control") == "no-store"
    assert answer.one("x-more") == "1"


async def test_who_has_sent_all_has_gone() -> None:
    """The wire that these tests use ends like a real one."""
    wire = Wire([b"a", b"b"])

    kinds = [(await wire.receive())["type"] for _ in range(3)]

    assert kinds == ["http.request", "http.request", "http.disconnect"]
