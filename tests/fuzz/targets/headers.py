"""Headers and addresses, each read by itself."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urljoin, urlsplit

from tests.fuzz.kit import simple
from wicketgate.core import origin
from wicketgate.core.limits import address_source, is_trusted, network_of
from wicketgate.core.next_path import stays_here
from wicketgate.core.user_agents import LONGEST, UNKNOWN, device_name
from wicketgate.web.credentials import UnreadableAuthorization, credential
from wicketgate.web.http import Head
from wicketgate.web.middleware.client import caller
from wicketgate.web.middleware.log import request_id
from wicketgate.web.pages import _see_other
from wicketgate.web.static_files import _takes_gzip

SESSION = "__Host-auth_token"
PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
OURS = "https://app.example"
OTHERS = frozenset({"https://admin.example:8443"})


def head(name: bytes, value: bytes, method: str = "POST") -> Head:
    """A request with one header."""
    return Head(method, "https", {name: value})


def cookie(data: bytes) -> None:
    """The session's cookie is the last whose name is the session's to the byte, as a browser counts bytes."""
    pairs = [pair.strip(b" \t").partition(b"=") for pair in data.split(b";")]
    named = [value for name, equals, value in pairs if equals and name.rstrip(b" \t") == SESSION.encode()]

    found = head(b"cookie", data).cookies

    assert found.get(SESSION) == (named[-1].strip(b" \t").decode("latin-1") if named else None)


def authorization(data: bytes) -> None:
    """A bearer token is one word of the header, and beside a header that says none no cookie counts."""
    asked = Head("GET", "https", {b"authorization": data, b"cookie": f"{SESSION}=from-cookie".encode()})
    try:
        shown = credential(asked, SESSION)
    except UnreadableAuthorization:
        return

    assert shown is not None
    assert not shown.from_cookie
    assert shown.token
    assert " " not in shown.token
    assert shown.token in data.decode("latin-1")


def forwarded(data: bytes) -> None:
    """Whatever the client sends, it is whom the last proxy names, and nobody where no proxy is trusted."""
    plain = {"client": ("203.0.113.7", 1), "scheme": "http", "headers": [(b"x-forwarded-for", data)]}
    through = {**plain, "client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", data + b", 198.51.100.9")]}
    odd = {**plain, "client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", data), (b"x-forwarded-proto", data)]}

    assert caller(plain, PROXIES) == ("203.0.113.7", "http")
    assert caller(through, PROXIES)[0] == "198.51.100.9"
    found, scheme = caller(odd, PROXIES)
    ip_address(found.partition("%")[0])
    assert scheme in ("http", "https")
    assert found == "10.0.0.1" or found in data.decode("latin-1")
    assert address_source(found) != "unknown"
    assert network_of(address_source(found))
    is_trusted(data.decode("latin-1"), PROXIES)


def provenance(data: bytes) -> None:
    """What asks to change something comes from our own pages, those that are allowed, or no browser."""
    text = data.decode("latin-1")
    by_origin = origin.Provenance("POST", None, text, OURS)
    by_site = origin.Provenance("POST", text, "https://evil.example", OURS)

    assert origin.allowed(by_origin, OTHERS) == (text == OURS or text in OTHERS)
    assert origin.allowed(by_site, OTHERS) == (text in ("same-origin", "none"))


def an_origin(data: bytes) -> None:
    """What is taken for an origin is one: plain ASCII, nothing behind the port, and its own normal form."""
    found = origin.normalise(data.decode("utf-8", "replace"))

    if found is not None:
        assert re.fullmatch(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", found), found
        assert origin.normalise(found) == found


def onward(data: bytes) -> None:
    """A browser that is sent on stays on this site, as it reads addresses: `\\` as `/`, and no tabs or line ends."""
    path = data.decode("utf-8", "replace")
    if not stays_here(path):
        return
    (_, location), *_ = _see_other(path).headers
    for said in (path, location.decode("ascii")):
        as_read = re.sub("[\t\r\n]", "", said.strip("".join(map(chr, range(0x21))))).replace("\\", "/")
        again = urljoin("https://app.example/login", as_read)
        assert urlsplit(again).netloc == "app.example", again
        assert not urlsplit(again).path.startswith("//")
    assert re.fullmatch(rb"/[!-~]*", location)


def user_agent(data: bytes) -> None:
    """A device's name is short and plain."""
    named = device_name(data.decode("latin-1"))

    assert named == UNKNOWN or re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9 ._+-]{{0,{LONGEST - 1}}}", named)


def accept_encoding(data: bytes) -> None:
    """Packed only for who names gzip."""
    text = data.decode("latin-1")

    assert not _takes_gzip(text) or "gzip" in text.lower()


def a_request_id(data: bytes) -> None:
    """An id that is kept is short and plain, and another is made for whatever is not."""
    found = request_id({"headers": [(b"x-request-id", data)]})

    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", found)
    assert found == data.decode("latin-1") or len(found) == 16


TARGETS = {
    "cookie": simple(
        cookie,
        b"a=1; __Host-auth_token=x.y.z; b",
        b"__Host-auth_token=1;__Host-auth_token=2",
        b"=; ;=__Host-auth_token",
    ),
    "authorization": simple(authorization, b"Bearer abc.def.ghi", b"bearer  wg_abc ", b"Basic dXNlcjpwYXNz"),
    "forwarded": simple(
        forwarded, b"198.51.100.1, 10.0.0.2", b"[2001:db8::1]:443, 10.1.1.1:80", b"::ffff:10.0.0.9,fd00::1%eth0"
    ),
    "provenance": simple(provenance, b"https://app.example", b"https://admin.example:8443", b"same-origin", b"null"),
    "origin": simple(
        an_origin,
        b"https://App.example:443/",
        b"http://[::1]:8000",
        b"https://xn--bcher-kva.example:8443",
        b"https://a:b@c",
    ),
    "onward": simple(
        onward, b"/profile?tab=1#x", b"/a/../b/./c", b"/%2e%2e//evil.example", "/ü/🙂".encode(), b"//evil"
    ),
    "user_agent": simple(
        user_agent, b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", b"curl/8.5.0"
    ),
    "accept_encoding": simple(accept_encoding, b"gzip, deflate, br;q=1.0", b"gzip;q=0.000, *", b"GZIP ;q=0.5"),
    "request_id": simple(a_request_id, b"0123456789abcdef", b"req.01_AB-9"),
}
