"""People who use the service while it is in trouble, and who remember what they were told."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import httpx

from tests.support.mail_server import MailServer, Received
from tests.support.service import Caller, bearer

Ask = Callable[[], Awaitable[httpx.Response]]

_LINK: Final = re.compile(r"/(?:verify-email|change-email|undo-email|reset-password)#(\S+)")
_PATIENCE: Final = 400

VERIFY: Final = "/api/auth/email/verify"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Town:
    """The service that people use, and the server that their mail comes to.

    `hurry` has every job done that waits, as time would; `confirms` says whether new addresses are confirmed first.
    """

    url: str
    mail: MailServer
    hurry: Callable[[], Awaitable[None]]
    confirms: bool


class Person:
    """One account and its owner, at an address of the network of their own."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.number = next(_numbers)
        self.http = self.somewhere_else()
        self.email = self.fresh_email()
        self.password = self.fresh_password()
        self.bio: str | None = None
        self.session = ""
        self.api_token = ""
        self.gone = False
        self.dead: list[str] = []
        self.dead_api: list[str] = []
        self.owed: Counter[tuple[str, str]] = Counter()
        self.events: Counter[str] = Counter()

    def somewhere_else(self) -> Caller:
        """A client at a network address that nobody has used."""
        number = next(_numbers)
        headers = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        return Caller(base_url=self.town.url, headers=headers, timeout=20, trust_env=False)

    def fresh_email(self) -> str:
        """An address that nobody has."""
        return f"person{self.number}.{next(_numbers)}@example.com"

    def fresh_password(self) -> str:
        """A password that nobody has."""
        return f"correct horse number {next(_numbers)}"

    async def sure(self, ask: Ask) -> httpx.Response:
        """The answer, asked for until there is one that says something."""
        for _ in range(_PATIENCE):
            try:
                answer = await ask()
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code != 503:
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError("nobody answers any more")

    async def succeed(self, ask: Ask) -> Any:
        """What is said when it works, which it must."""
        answer = await self.sure(ask)
        assert answer.status_code in (200, 201), (answer.status_code, answer.text)
        return answer.json()

    async def move_in(self) -> None:
        """Has an account, its address confirmed where that is done, and is logged in."""
        await self.sign_up()
        if self.town.confirms:
            await self.confirm()
        await self.log_in()

    async def sign_up(self) -> None:
        """Has an account, to which the password is known to open if somebody logs in next.

        Whoever was not answered at first has it already, or is told that it is taken, and asks for its mail again.
        """
        answer = await self.sure(lambda: self.http.sign_up(self.email, self.password))
        assert answer.status_code in (201, 400), (answer.status_code, answer.text)
        if answer.status_code == 400 and self.town.confirms:
            await self.succeed(lambda: self.post("/api/auth/email/resend", email=self.email))

    async def confirm(self) -> None:
        """Uses the one link that is good of all that came: each that is made replaces those before.

        None is any more when it was used already, by a call whose answer was lost.
        """
        if not await self._used("onfirm", lambda token: self.post(VERIFY, token=token), self._is_confirmed):
            raise AssertionError("no link is good")

    async def choose_another_password(self) -> None:
        """Does so with the link that follows the way back, after which the old one opens nothing."""
        new = self.fresh_password()

        async def opens() -> bool:
            return await self.opens(self.email, new)

        if not await self._used("new password", lambda token: self.http.reset(token, new), opens):
            raise AssertionError("no link is good")
        assert not await self.opens(self.email, self.password)
        self.password = new

    async def _used(
        self, about: str, use: Callable[[str], Awaitable[httpx.Response]], done: Callable[[], Awaitable[bool]]
    ) -> bool:
        """Whether some link with these words in its subject was good, or has been by a call whose answer was lost."""
        for _ in range(4):
            await self.link_to(self.email, about)
            for token in self._links(self.email, about):
                if (await self.sure(partial(use, token))).status_code == 200:
                    return True
            if await done():
                return True
            await self.town.hurry()
        return False

    async def _is_confirmed(self) -> bool:
        answer = await self.sure(lambda: self.http.log_in(self.email, self.password))
        if answer.status_code != 200:
            return False
        said = answer.json()
        await self.sure(lambda: self.http.log_out(said["token"]))
        return said["user"]["emailVerified"] is True

    async def log_in(self) -> str:
        """A new session, which is the one of today from now on."""
        said = await self.succeed(lambda: self.http.log_in(self.email, self.password))
        self.session, self.api_token = said["token"], said["api_token"]
        return self.session

    def post(self, path: str, session: str | None = None, **body: Any) -> Awaitable[httpx.Response]:
        """The answer to a call, in a session if one is given."""
        headers = bearer(session) if session else {}
        return self.http.post(path, json=body or None, headers=headers)

    async def opens(self, email: str, password: str) -> bool:
        """Whether somebody gets in with this. Nothing but yes and no will do for an answer."""
        answer = await self.sure(lambda: self.http.log_in(email, password))
        assert answer.status_code in (200, 401), (answer.status_code, answer.text)
        return answer.status_code == 200

    async def alive(self, session: str) -> bool:
        """Whether a session is."""
        answer = await self.sure(lambda: self.http.profile(session))
        assert answer.status_code in (200, 401), (answer.status_code, answer.text)
        return answer.status_code == 200

    async def opens_api(self, token: str) -> bool:
        """Whether an API token is good."""
        answer = await self.sure(lambda: self.http.verify(token))
        assert answer.status_code in (200, 401), (answer.status_code, answer.text)
        return answer.status_code == 200

    async def shown(self) -> Any:
        """The user as the service shows them to themselves."""
        return (await self.succeed(lambda: self.http.profile(self.session)))["user"]

    async def link_to(self, address: str, about: str) -> str:
        """The token of the newest link that came to an address with these words in the subject."""
        for attempt in range(_PATIENCE):
            found = self._links(address, about)
            if found:
                return found[-1]
            if attempt % 40 == 20:
                await self.town.hurry()
            await asyncio.sleep(0.05)
        raise AssertionError(f"no mail about {about}: {[m.message['Subject'] for m in self.town.mail.to(address)]}")

    def _links(self, address: str, about: str) -> list[str]:
        return [_token(mail) for mail in self.town.mail.to(address) if about in mail.message["Subject"]]

    async def check(self, *, trail: bool = True) -> None:
        """Holds the service to everything that it has told this person; `trail` says whether to the trail as well."""
        for session in self.dead:
            assert not await self.alive(session)
        for token in self.dead_api:
            assert not await self.opens_api(token)
        if self.gone:
            assert not await self.opens(self.email, self.password)
            return
        await self.log_in()
        shown = await self.shown()
        assert (shown["email"], shown.get("bio")) == (self.email, self.bio)
        assert await self.opens_api(self.api_token)
        if not trail:
            return
        entries = await self.succeed(lambda: self.http.get("/api/auth/activity", headers=bearer(self.session)))
        noted = Counter(entry["event"] for entry in entries["events"])
        assert self.events <= noted, (self.events, noted)

    async def leave(self) -> None:
        """Hangs up."""
        await self.http.aclose()


def _token(mail: Received) -> str:
    body = mail.message.get_body(("plain",))
    assert body is not None
    found = _LINK.search(body.get_content())
    return found[1] if found else ""
