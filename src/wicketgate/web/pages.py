"""The service's own pages: a shell each, filled in the browser. Who may see which is decided here."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, quote

from wicketgate.core.errors import NotAuthenticated, Unavailable
from wicketgate.core.next_path import stays_here
from wicketgate.core.session_book import SessionBook
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Call, Endpoint, Handler, unlisted
from wicketgate.web.errors import NotFound
from wicketgate.web.http import NO_REFERRER, NO_STORE, Reply, encode
from wicketgate.web.static_files import FOR_A_WHILE, FOR_GOOD, Bundle, File

HOME = "/profile"
LOGIN = "/login"
SECURITY = "/security"
_TITLES = {
    "login": "Log in",
    "signup": "Create an account",
    "profile": "Your profile",
    "security": "Security",
    "forgot-password": "Forgotten password",
    "reset-password": "Choose a new password",
    "verify-email": "Confirm your address",
    "change-email": "Your new address",
    "undo-email": "Take back a change of address",
}
_OF_MAIL = ("forgot-password", "reset-password", "undo-email")
_OF_VERIFICATION = ("verify-email", "change-email")
_BEFORE_LOGIN = (LOGIN, "/signup", "/", *(f"/{page}" for page in (*_OF_MAIL, *_OF_VERIFICATION)))
_HTML = (b"content-type", b"text/html; charset=utf-8")


class Look(NamedTuple):
    """How the pages look: the product's name, its logo's file, and the accent colour as `#rrggbb`."""

    product_name: str
    logo: Path | None
    accent_color: str | None


class Features(NamedTuple):
    """What the service has turned on; a page shows nothing else. Without mail nothing of it is there to link to."""

    mail: bool = False
    email_verification: bool = False
    session_list: bool = False
    activity: bool = False


class Pages:
    """The routes of the pages and of all that they load."""

    def __init__(
        self, bundle: Bundle, look: Look, features: Features, sessions: SessionBook, cookies: SessionCookies
    ) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._look = look
        self._features = features
        self._shown = {
            "mail": features.mail,
            "emailVerification": features.email_verification,
            "sessionList": features.session_list,
            "activity": features.activity,
        }
        self._files = [File(f"/assets/{name}", content, FOR_GOOD) for name, content in bundle.files.items()]
        self._files.append(File("/theme.css", _theme(look.accent_color), FOR_A_WHILE))
        self._logo_url = f"/logo{look.logo.suffix}" if look.logo else None
        if look.logo and self._logo_url:
            self._files.append(File(self._logo_url, look.logo.read_bytes(), FOR_A_WHILE))
        self._head = _head(bundle)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The routes. They are not part of the OpenAPI document."""
        pages: dict[str, Handler] = {
            "/": self.home,
            LOGIN: self.login,
            "/signup": self.signup,
            HOME: self._private("profile"),
            SECURITY: self._private("security"),
            **{f"/{page}": self._open(page) for page in self._of_links()},
        }
        return (
            *(unlisted(path, _at_the_top(handler)) for path, handler in pages.items()),
            *(file.endpoint() for file in self._files),
        )

    async def home(self, call: Call) -> Reply:
        """303 to the profile or the login."""
        return _see_other(HOME if await self._signed_in(call) else LOGIN)

    async def login(self, call: Call) -> Reply:
        """The login, or 303 onward for someone who is logged in."""
        return await self._entrance(call, "login")

    async def signup(self, call: Call) -> Reply:
        """The sign-up, or 303 onward for someone who is logged in."""
        return await self._entrance(call, "signup")

    def _private(self, page: str) -> Handler:
        """A page for who is signed in, or 303 to the login and back."""

        async def show(call: Call) -> Reply:
            if await self._signed_in(call) is False:
                return _see_other(f"{LOGIN}?next={quote(f'/{page}', safe='')}")
            return self._page(page, HOME)

        return show

    def _open(self, page: str) -> Handler:
        """A page for anyone. A link in a mail may lead here, and what stands in its address is nobody else's."""

        async def show(_: Call) -> Reply:
            return self._page(page, HOME).adding(NO_REFERRER)

        return show

    def _of_links(self) -> tuple[str, ...]:
        features = self._features
        return (_OF_MAIL if features.mail else ()) + (_OF_VERIFICATION if features.email_verification else ())

    async def _entrance(self, call: Call, page: str) -> Reply:
        onward = _next(call)
        return _see_other(onward) if await self._signed_in(call) else self._page(page, onward)

    async def _signed_in(self, call: Call) -> bool | None:
        """Whether a cookie brings a live session; None when the store cannot say. The page then says so itself."""
        token = call.request.cookies.get(self._cookies.session)
        try:
            return token is not None and await self._sessions.check(token) is not None
        except NotAuthenticated:
            return False
        except Unavailable:
            return None

    def _page(self, page: str, onward: str) -> Reply:
        config = {
            "productName": self._look.product_name,
            "logoUrl": self._logo_url,
            "next": onward,
            "features": self._shown,
        }
        title = f"{_TITLES[page]} · {self._look.product_name}"
        html = (
            f"<!doctype html><html lang='en'><head><title>{escape(title)}</title>{self._head}</head><body>"
            f"<div id='wicketgate' data-page='{page}' data-config='{escape(encode(config).decode())}'></div>"
            "<noscript>This page needs JavaScript.</noscript></body></html>"
        )
        return Reply(200, html.encode(), (_HTML, NO_STORE))


def _at_the_top(page: Handler) -> Handler:
    """The pages' addresses begin at the top of the host name. Below a path there would be nothing to see on them."""

    async def only_there(call: Call) -> Reply:
        if call.request.scope.get("root_path"):
            raise NotFound
        return await page(call)

    return only_there


def _head(bundle: Bundle) -> str:
    styles = [f"/assets/{style}" for style in bundle.styles] + ["/theme.css"]
    return (
        "<meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta name='color-scheme' content='light dark'><link rel='icon' href='/favicon.svg' type='image/svg+xml'>"
        + "".join(f"<link rel='stylesheet' href='{escape(style)}'>" for style in styles)
        + f"<script type='module' src='/assets/{escape(bundle.script)}'></script>"
    )


def _theme(accent_color: str | None) -> bytes:
    return f":root {{ --wg-accent: {accent_color}; }}\n".encode() if accent_color else b""


def _next(call: Call) -> str:
    """Where to go on to: what `next` says if that is on this site and not the entrance again, else the profile."""
    query = parse_qs(call.request.scope["query_string"].decode("latin-1"))
    wanted = query.get("next", [""])[0]
    at_entrance = wanted.partition("?")[0].partition("#")[0] in _BEFORE_LOGIN
    return wanted if stays_here(wanted) and not at_entrance else HOME


def _see_other(path: str) -> Reply:
    return Reply(303, headers=((b"location", quote(path, safe="/?&=#%:@!$'()*+,;~-._").encode()), NO_STORE))
