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
    # "/.//evil" is resolved to "//evil", which is another site once someone redirects to it.
    segments = urlsplit(path).path.split("/")[1:]
    return not ("" in segments[:-1] and set(segments[: segments.index("")]) <= {".", "..", "%2e", "%2E"})
