"""Whether a request comes from where it says. Pure decisions; the web layer only carries them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a browser writes: names in ASCII, as their punycode where they are not, and IPv6 addresses.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")


class Provenance(NamedTuple):
    """What a request says of where it comes from; None for a header that is absent."""

    method: str
    fetch_site: str | None
    origin: str | None
    own_origin: str


def allowed(request: Provenance, allowed_origins: Collection[str]) -> bool:
    """Whether a request may act, as far as its provenance tells.

    `Sec-Fetch-Site` is set by the browser and cannot be forged by a page (Fetch Metadata); browsers too old
    for it send `Origin`. A request with neither does not come from a browser, so nobody's cookies ride on it.
    """
    if request.method in SAFE_METHODS:
        return True
    if request.origin is not None and request.origin in allowed_origins:
        return True
    if request.fetch_site is not None:
        return request.fetch_site in ("same-origin", "none")
    return request.origin is None or request.origin == request.own_origin


def normalise(origin: str) -> str | None:
    """`scheme://host[:port]` in lower case without a default port (RFC 6454, 6.1), or None if it is no origin."""
    try:
        parts = urlsplit(origin.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or parts.username is not None:
        return None
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")
