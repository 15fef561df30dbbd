"""The page of mail that was printed instead of sent, for whoever develops on this machine.

Its links open accounts, so it exists in development only, and answers only who calls from this very machine by a name
of it: not what a tunnel or a proxy hands on, and not a page elsewhere that has had its own name lead here (DNS
rebinding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from ipaddress import ip_address
from typing import Final, Protocol
from urllib.parse import urlsplit

from wicketgate.core.clock import iso
from wicketgate.mail.console import KeptMail
from wicketgate.web.endpoint import Call, Endpoint, Handler, unlisted
from wicketgate.web.errors import NotFound
from wicketgate.web.http import NO_REFERRER, Reply, Request, json_reply

PATH: Final = "/dev/outbox"
"""Where the page is; below `.json` the same for a script."""

_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HANDED_ON: Final = (b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"cf-connecting-ip")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_HTML: Final = (b"content-type", b"text/html; charset=utf-8")


class SentMail(Protocol):
    """Who has the mail."""

    @property
    def kept(self) -> Sequence[KeptMail]:
        """The last mails, newest first."""
        ...


class SentPage:
    """The page's routes."""

    def __init__(self, sent: SentMail) -> None:
        self._sent = sent

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The page, and the same as JSON. They are not part of the OpenAPI document."""
        return unlisted(PATH, _from_here(self.page)), unlisted(f"{PATH}.json", _from_here(self.listed))

    async def page(self, _: Call) -> Reply:
        """The mails for a person, newest first."""
        return Reply(200, _page(self._sent.kept).encode("utf-8", "replace"), (_HTML, NO_REFERRER))

    async def listed(self, _: Call) -> Reply:
        """The mails for a script, newest first."""
        return json_reply([_view(kept) for kept in self._sent.kept])


def _from_here(handler: Handler) -> Handler:
    async def only_from_here(call: Call) -> Reply:
        if not _is_here(call.request):
            raise NotFound
        return await handler(call)

    return only_from_here


def _is_here(request: Request) -> bool:
    peer = (request.scope.get("client") or ("",))[0]
    if not (_is_loopback(peer) and _is_loopback(request.client)):
        return False
    if any(name in request.headers for name in _HANDED_ON):
        return False
    try:
        return urlsplit(f"//{request.header(b'host') or ''}").hostname in _NAMES
    except ValueError:
        return False


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _view(kept: KeptMail) -> dict[str, str]:
    mail = kept.mail
    return {"at": iso(kept.at_ms), "to": mail.to, "subject": mail.subject, "text": mail.text, "html": mail.html}


def _page(mails: Sequence[KeptMail]) -> str:
    shown = "".join(map(_article, mails)) or "<p>Nothing yet. What the service mails appears here.</p>"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Mail</title><link rel="stylesheet" href="../docs.css"><link rel="icon" href="../favicon.svg">'
        "</head><body><header><h1>Mail</h1><p>What would have been sent, newest first. Only this machine sees this "
        'page, and only in development. The same as <a href="outbox.json">JSON</a>.</p></header>'
        f"<main>{shown}</main></body></html>"
    )


def _article(kept: KeptMail) -> str:
    mail = kept.mail
    return (
        f'<article><h2>{escape(mail.subject)}</h2><p class="route">To {escape(mail.to)}, {iso(kept.at_ms)}</p>'
        f'<pre tabindex="0">{_linked(mail.text)}</pre></article>'
    )


def _linked(text: str) -> str:
    """The text with its links as links."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        link = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{link}">{link}</a>']
        end = found.end()
    return "".join((*parts, escape(text[end:])))
