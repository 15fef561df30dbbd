"""Where to go after login: a path on this site and nowhere else (OWASP: unvalidated redirects)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MAX_LENGTH = 2048
# Browsers drop tabs and line breaks from addresses and read "\" as "/", so either can hide a second slash.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def stays_here(path: str) -> bool:
    """Whether a browser that is sent there stays on this site."""
    if not path.startswith("/") or path.startswith("//") or len(path) > MAX_LENGTH or _FORBIDDEN.search(path):
        return False
    # "/a/..//evil" is resolved to "//evil", which is another site once someone redirects to it.
    return not _resolved(urlsplit(path).path).startswith("//")


def _resolved(path: str) -> str:
    """The path without its dots (WHATWG URL, 4.4)."""
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            segments = segments[:-1]
        elif dots != ".":
            segments.append(segment)
    if dots in (".", ".."):
        segments.append("")
    return "/" + "/".join(segments)
