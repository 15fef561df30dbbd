"""Request units of what lies on a user's own item: listed sessions and named API tokens.

`python -m bench.kept` measures them on DynamoDB Local and prints the table of docs/costs.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.support.clock import HOUR
from tests.support.dynamodb_local import dynamodb_store, random_table, running
from tests.support.service import EMAIL, Caller, Service, bearer
from wicketgate.core.session_list import MOST
from wicketgate.stores.dynamodb.capacity import Meter

_FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_AUTH: Final = "/api/auth"


@dataclass(frozen=True, slots=True)
class Kept:
    """What one request consumed, with all that it began in the background."""

    name: str
    reads: float
    writes: float


class _House:
    """Ada's account in a service that lists sessions, and a meter."""

    def __init__(self, endpoint: str) -> None:
        self.meter = Meter()
        self.store = dynamodb_store(endpoint, random_table(), self.meter)
        quiet: dict[str, Any] = {"audit_days": 0, "security_notices": ("none",)}
        self.service = Service(self.store, session_list=True, rate_limit_max_requests=100, **quiet)
        self.token = ""
        self.found: list[Kept] = []

    async def move_in(self) -> None:
        await self.store.create_table()
        _, login = await self.service.user(EMAIL)
        self.token = login["token"]
        await self.log_in()

    async def log_in(self) -> httpx.Response:
        answer = await self._caller().log_in(EMAIL)
        await self.service.settle()
        return answer

    async def call(self, method: str, path: str, token: str = "", **body: Any) -> httpx.Response:
        return await self._caller().request(method, path, headers=bearer(token or self.token), json=body or None)

    async def make(self, **more: Any) -> httpx.Response:
        body = {"name": "Nightly report", "scopes": ["reports:read"], "expires_in_days": 90, **more}
        return await self.call("POST", f"{_AUTH}/api-tokens", **body)

    async def measure(self, name: str, request: Awaitable[httpx.Response]) -> dict[str, Any]:
        """What was answered; what it consumed is noted."""
        await self.service.settle()
        reads, writes = self.meter.read, self.meter.write
        answer = await request
        await self.service.settle()
        assert answer.is_success, answer.text
        self.found.append(Kept(name, self.meter.read - reads, self.meter.write - writes))
        said: dict[str, Any] = answer.json()
        return said

    def _caller(self) -> Caller:
        return self.service.caller("203.0.113.7", headers={"User-Agent": _FIREFOX})


async def measured(endpoint: str) -> list[Kept]:
    """Each request once: on a usual account, then on one that is as full as it may be."""
    house = _House(endpoint)
    await house.move_in()
    await _usual(house)
    await _full(house)
    await house.store.close()
    return house.found


async def _usual(house: _House) -> None:
    await house.measure("login, remembered", house.log_in())
    await house.measure("session check", house.call("GET", "/api/profile"))
    house.service.clock.advance(HOUR)
    await house.measure("the same, its use noted", house.call("GET", "/api/profile"))
    listed = await house.measure("list of sessions", house.call("GET", f"{_AUTH}/sessions"))
    other = next(session["id"] for session in listed["sessions"] if not session["current"])
    await house.measure("ending one", house.call("POST", f"{_AUTH}/sessions/end", id=other))
    made = await house.measure("making a token", house.make())
    verify = f"{_AUTH}/verify"
    await house.measure("its check, the use noted", house.call("GET", verify, made["api_token"]))
    await house.measure("its check", house.call("GET", verify, made["api_token"]))
    limited = (await house.make(limit=100)).json()["api_token"]
    await house.call("GET", verify, limited)
    await house.measure("check of a token with a limit", house.call("GET", verify, limited))
    await house.measure("revoking a token", house.call("POST", f"{_AUTH}/api-tokens/revoke", id=made["token"]["id"]))


async def _full(house: _House) -> None:
    for _ in range(MOST):
        house.token = (await house.log_in()).json()["token"]
    await house.measure("session check, 20 sessions", house.call("GET", "/api/profile"))
    while (made := await house.make()).is_success:
        await house.call("GET", f"{_AUTH}/verify", made.json()["api_token"])
        await house.service.settle()
    await house.measure("session check, 20 sessions and all tokens", house.call("GET", "/api/profile"))
    await house.measure("login there, the oldest ended", house.log_in())


def kept_table(rows: list[Kept]) -> Iterator[str]:
    """Units of each request, as Markdown."""
    yield "| request | read units | write units |"
    yield "| --- | ---: | ---: |"
    for row in rows:
        yield f"| {row.name} | {row.reads:g} | {row.writes:g} |"


def main() -> None:
    """Prints the table."""
    print("\n".join(kept_table(asyncio.run(measured(running().endpoint)))))


if __name__ == "__main__":
    main()
