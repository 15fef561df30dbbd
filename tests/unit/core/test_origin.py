"""Whether a request comes from where it says."""

from __future__ import annotations

import pytest

from wicketgate.core.origin import Provenance, allowed, normalise

OWN = "https://app.example"
FRIEND = "https://friend.example"
STRANGER = "https://evil.example"


@pytest.mark.parametrize(
    ("fetch_site", "origin", "may"),
    [
        # The browser says where the request comes from.
        ("same-origin", OWN, True),
        ("same-origin", None, True),
        ("same-origin", STRANGER, True),
        ("none", None, True),
        ("none", OWN, True),
        ("same-site", OWN, False),
        ("same-site", None, False),
        ("same-site", "https://sibling.app.example", False),
        ("cross-site", STRANGER, False),
        ("cross-site", None, False),
        ("cross-site", OWN, False),
        ("cross-site", "null", False),
        ("", OWN, False),
        ("SAME-ORIGIN", OWN, False),
        ("something-new", OWN, False),
        # An older browser sends `Origin` alone.
        (None, OWN, True),
        (None, STRANGER, False),
        (None, "null", False),
        (None, "", False),
        (None, "http://app.example", False),
        (None, "https://app.example:8443", False),
        (None, "https://app.example.evil.example", False),
        # What sends neither is no browser.
        (None, None, True),
        # An origin that was let in may come from anywhere.
        ("cross-site", FRIEND, True),
        ("same-site", FRIEND, True),
        (None, FRIEND, True),
        ("cross-site", FRIEND + "/", False),
        ("cross-site", "https://sub.friend.example", False),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_an_unsafe_request_must_come_from_here(
    method: str, fetch_site: str | None, origin: str | None, may: bool
) -> None:
    """Only our own pages, pages let in and what is no browser may change something."""
    request = Provenance(method, fetch_site, origin, OWN)

    decision = allowed(request, {FRIEND})

    assert decision is may


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("fetch_site", ["cross-site", "same-site", "", None])
def test_reading_is_always_allowed(method: str, fetch_site: str | None) -> None:
    """A request that changes nothing may come from anywhere."""
    decision = allowed(Provenance(method, fetch_site, STRANGER, OWN), ())

    assert decision


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("https://app.example", "https://app.example"),
        (" https://app.example/ ", "https://app.example"),
        ("HTTPS://App.Example", "https://app.example"),
        ("https://app.example:443", "https://app.example"),
        ("http://app.example:80", "http://app.example"),
        ("http://app.example:443", "http://app.example:443"),
        ("https://app.example:8443", "https://app.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
        ("", None),
        ("null", None),
        ("*", None),
        ("app.example", None),
        ("//app.example", None),
        ("ftp://app.example", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://:443", None),
        ("https://user@app.example", None),
        ("https://@app.example", None),
        ("https://user:pass@app.example", None),
        ("https://app.example/path", None),
        ("https://app.example?query", None),
        ("https://app.example#fragment", None),
        ("https://app.example:port", None),
        ("https://app.example:99999", None),
        ("https://[::1", None),
        ("https://[::1%25eth0]", None),
        ("https://b\xfccher.example", None),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://app.example b", None),
        ("https://`app`.example", None),
        ("https://app_1.example", "https://app_1.example"),
    ],
)
def test_an_origin_has_one_spelling(given: str, normal: str | None) -> None:
    """An origin is scheme, host and a port that is not the default, in lower case; anything else is none."""
    found = normalise(given)

    assert found == normal
