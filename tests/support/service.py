"""A whole service in this process, and callers that talk to it over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.types import ASGIApp

from tests.support.clock import ManualClock
from tests.support.openapi import Document
from tests.support.post import PostBox
from wicketgate import Settings, Wicketgate
from wicketgate.core.clock import Clock
from wicketgate.core.ports import Store
from wicketgate.logs import Line
from wicketgate.stores.memory import MemoryStore

JWT_SECRET = "the tests' secret for sessions, long enough for HMAC under SHA-512 too"
API_TOKEN_SECRET = "the tests' secret for API tokens, long enough"
EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"
SOURCE = "203.0.113.7"
HTTP = "http://service.example"
HTTPS = "https://service.example"

# Of one length, so that no token is longer than another: Hypothesis draws places in them.
_numbers = itertools.count(1_000_001)


def some_settings(**changes: Any) -> Settings:
    """Settings for tests: quick hashes and known secrets."""
    known: dict[str, Any] = {"jwt_secret": JWT_SECRET, "api_token_secret": API_TOKEN_SECRET, "bcrypt_cost": 4}
    return Settings(**{**known, **changes})


def fresh_email() -> str:
    """An address that no other call returns."""
    return f"user{next(_numbers)}@example.com"


def unique(address: str) -> str:
    """The address with a number in front, so that no example meets another's account."""
    return f"u{next(_numbers)}.{address}"


def fresh_source() -> str:
    """A client address that no other call returns."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


class CheckedTransport(httpx.AsyncBaseTransport):
    """Calls the application and holds each answer against its document."""

    def __init__(self, app: ASGIApp, source: str, document: Document | None) -> None:
        self._inner = httpx.ASGITransport(app=app, client=(source, 40000))
        self._document = document

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, read to its end."""
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        if self._document is not None:
            answer.request = request
            self._document.check(request, answer)
        return answer


class Caller(httpx.AsyncClient):
    """A client of the service with cookies of its own."""

    async def sign_up(self, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """The answer to a sign-up."""
        return await self.post("/api/auth/signup", json={"email": email, "password": password, **more})

    async def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
        """The answer to a login."""
        return await self.post("/api/auth/login", json={"email": email, "password": password})

    async def profile(self, token: str | None = None) -> httpx.Response:
        """The answer to asking for the profile, by token or else by cookie."""
        return await self.get("/api/profile", headers=self.proof(token))

    async def update(self, change: Any, token: str | None = None) -> httpx.Response:
        """The answer to a change of the profile, by token or else by cookie."""
        return await self.put("/api/profile/update", json=change, headers=self.proof(token))

    async def log_out(self, token: str | None = None) -> httpx.Response:
        """The answer to a logout, by token or else by cookie."""
        return await self.post("/api/auth/logout", headers=self.proof(token))

    async def rotate(self, token: str | None = None) -> httpx.Response:
        """The answer to replacing the API token, by token or else by cookie."""
        return await self.post("/api/auth/api-token/rotate", headers=self.proof(token))

    async def verify(self, api_token: str) -> httpx.Response:
        """The answer to asking whose API token this is."""
        return await self.get("/api/auth/verify", headers=bearer(api_token))

    async def forget(self, email: str = EMAIL) -> httpx.Response:
        """The answer to asking for a link to choose a new password."""
        return await self.post("/api/auth/password/forgot", json={"email": email})

    async def reset(self, token: str, password: str) -> httpx.Response:
        """The answer to choosing a new password with a link's token."""
        return await self.post("/api/auth/password/reset", json={"token": token, "password": password})

    async def change_password(self, current: str, new: str, token: str | None = None) -> httpx.Response:
        """The answer to changing the password, by token or else by cookie."""
        body = {"current_password": current, "password": new}
        return await self.post("/api/auth/password/change", json=body, headers=self.proof(token))

    def proof(self, token: str | None) -> dict[str, str]:
        """The token's header, or the CSRF header that goes with the cookies."""
        if token is not None:
            return bearer(token)
        csrf = next((cookie.value for cookie in self.cookies.jar if cookie.name.endswith("csrf_token")), None)
        return {"X-CSRF-Token": csrf} if csrf else {}


class Service:
    """The application with its store, its clock and what it logged."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        mail: bool = True,
        **changes: Any,
    ) -> None:
        self.clock = ManualClock()
        self.lines: list[Line] = []
        self.store: Store = store if store is not None else MemoryStore()
        self.settings = settings or some_settings(**changes)
        self._changes = changes
        self._beside: dict[str, Service] = {}
        self.post = PostBox()
        self.app = Wicketgate(
            self.settings,
            store=self.store,
            clock=clock or self.clock,
            write_log=self.lines.append,
            post=self.post if mail else None,
            send_mail=None if mail else False,
        )
        self._document = Document(self.app.openapi())

    def beside(self, **changes: Any) -> Service:
        """Another process, as it were, on the same store and the same clock: one for each set of changes."""
        wanted = repr(changes)
        if wanted not in self._beside:
            other = Service(self.store, clock=self.clock, **{**self._changes, **changes})
            other.clock = self.clock
            self._beside[wanted] = other
        return self._beside[wanted]

    def caller(
        self, source: str = SOURCE, *, base_url: str = HTTP, headers: Mapping[str, str] | None = None
    ) -> Caller:
        """A client at this address, without cookies yet."""
        transport = CheckedTransport(self.app, source, self._document)
        return Caller(transport=transport, base_url=base_url, headers=dict(headers or {}), trust_env=False)

    async def user(self, email: str | None = None, password: str = PASSWORD, **more: Any) -> tuple[Caller, Any]:
        """A caller who has just signed up and logged in, and what the login said."""
        caller = self.caller(fresh_source())
        address = email or fresh_email()
        signed_up = await caller.sign_up(address, password, **more)
        assert signed_up.status_code == 201, signed_up.text
        logged_in = await caller.log_in(address, password)
        assert logged_in.status_code == 200, logged_in.text
        await self.settle()
        return caller, logged_in.json()

    async def settle(self) -> None:
        """Returns when what was left to do after the answers has been done."""
        await self.app.outbox.settle()

    def events(self, name: str) -> list[Line]:
        """The log lines of one kind."""
        return [line for line in self.lines if line["event"] == name]
