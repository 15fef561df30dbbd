"""The way of a request: each check in its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from msgspec import Struct

from tests.unit.fakes import ADA, ManualClock, OpenTokens, add
from tests.unit.web.kit import Answer, Wire, ask, scope
from tests.unit.web.routes import route
from wicketgate.core import fields
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.session_book import SessionBook
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.bodies import MAX_BYTES
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.cors import Cors
from wicketgate.web.dispatch import Dispatcher
from wicketgate.web.endpoint import Access, Call
from wicketgate.web.guard import Guard
from wicketgate.web.http import Reply, json_reply

FRIEND = "https://friend.example"


class Form(Struct):
    """A body."""

    name: str


async def seen(call: Call) -> Reply:
    """200, saying what the handler was given."""
    name = call.body.name if call.body is not None else None
    user = call.maybe_session.record.id if call.maybe_session else None
    return json_reply({"name": name, "user": user, "api_token": call.api_token, "source": call.source})


async def needy(call: Call) -> Reply:
    """Asks for a session on a route that has none."""
    return json_reply(call.session.record.id)


async def broken(call: Call) -> Reply:
    """A handler with a fault."""
    raise RuntimeError("secret")


async def out_of_reach(call: Call) -> Reply:
    """A handler whose store is gone."""
    raise StoreUnavailable("secret")


RULES: fields.Rules = {"name": fields.name}
ROUTES = (
    route("GET", "/open", handler=seen),
    route("POST", "/open", handler=seen, body=Form, rules=RULES),
    route("GET", "/mine", handler=seen, access=Access.SESSION),
    route("PUT", "/mine", handler=seen, access=Access.SESSION, body=Form, rules=RULES),
    route("POST", "/out", handler=seen, access=Access.OPTIONAL_SESSION),
    route("GET", "/token", handler=seen, access=Access.API_TOKEN),
    route("GET", "/needy", handler=needy),
    route("GET", "/broken", handler=broken),
    route("GET", "/gone", handler=out_of_reach),
)


@dataclass
class House:
    """A dispatcher, and a live session of Ada's."""

    app: Dispatcher
    token: str
    csrf: str

    def cookie(self, **more: str) -> dict[str, str]:
        """The headers of a page of ours whose cookie brings the session."""
        return {"cookie": f"auth_token={self.token}", **{name.replace("_", "-"): text for name, text in more.items()}}

    async def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """The answer to a request."""
        return await ask(self.app, scope(method, path, headers), Wire([body]))


@pytest.fixture
async def house() -> House:
    """The routes above, guarded."""
    store = MemoryStore()
    await add(store)
    sessions = SessionBook(store, store, OpenTokens(), ManualClock(), 60)
    cookies = SessionCookies(production=False, max_age=60)
    guard = Guard(sessions, cookies, "https://app.example", frozenset({FRIEND}))
    opened = sessions.open(ADA)
    return House(Dispatcher(ROUTES, guard, Cors(frozenset({FRIEND}))), opened.token, opened.csrf_token)


CROSS = {"origin": "https://evil.example"}
LONG = {"content-length": str(MAX_BYTES + 1)}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "wrong", "status"),
    [
        ("BREW", "/nowhere", CROSS | LONG, 404),
        ("BREW", "/mine", CROSS | LONG, 405),
        ("PUT", "/mine", CROSS | LONG, 403),
        ("PUT", "/mine", LONG, 413),
        ("PUT", "/mine", {"cookie": "auth_token=dead"}, 415),
        ("PUT", "/mine", JSON | {"cookie": "auth_token=dead"}, 401),
        ("PUT", "/mine", JSON | {"cookie": "GOOD"}, 403),
        ("PUT", "/mine", JSON | {"cookie": "GOOD", "x-csrf-token": "GOOD"}, 400),
    ],
)
async def test_the_first_of_several_wrongs_is_told(
    house: House, method: str, path: str, wrong: dict[str, str], status: int
) -> None:
    """A request with everything wrong from one check on is answered by that check."""
    good = {"cookie": f"auth_token={house.token}", "x-csrf-token": house.csrf}
    headers = {name: good[name] if value == "GOOD" else value for name, value in wrong.items()}

    answer = await house.ask(method, path, headers, b"not json")

    assert answer.status == status
    assert answer.json["success"] is False


async def test_a_good_request_reaches_its_handler(house: House) -> None:
    """The handler gets the cleaned body, the session, and the source."""
    headers = house.cookie(x_csrf_token=house.csrf, content_type="application/json")

    answer = await house.ask("PUT", "/mine", headers, b'{"name": " Ada "}')

    assert (answer.status, answer.json) == (
        200,
        {"name": "Ada", "user": ADA.id, "api_token": "", "source": "203.0.113.7"},
    )


@pytest.mark.parametrize(
    ("method", "path", "headers", "given"),
    [
        ("GET", "/open", {}, {}),
        ("GET", "/open", {"cookie": "GOOD"}, {}),
        ("GET", "/open", {"authorization": "nonsense"}, {}),
        ("GET", "/mine", {"cookie": "GOOD"}, {"user": ADA.id}),
        ("HEAD", "/mine", {"cookie": "GOOD"}, {"user": ADA.id}),
        ("GET", "/mine", {"authorization": "Bearer GOOD"}, {"user": ADA.id}),
        ("POST", "/out", {}, {}),
        ("POST", "/out", {"cookie": "auth_token=dead"}, {}),
        ("POST", "/out", {"authorization": "Bearer GOOD"}, {"user": ADA.id}),
        ("GET", "/token", {"authorization": "Bearer wg_x"}, {"api_token": "wg_x"}),
    ],
)
async def test_a_handler_knows_what_its_route_asks_for(
    house: House, method: str, path: str, headers: dict[str, str], given: dict[str, Any]
) -> None:
    """A session or an API token reaches the handler of a route that takes one, and of no other."""
    cookie = f"auth_token={house.token}"
    shown = {
        name: value.replace("GOOD", house.token if name == "authorization" else cookie)
        for name, value in headers.items()
    }

    answer = await house.ask(method, path, shown)

    nothing = {"name": None, "user": None, "api_token": "", "source": "203.0.113.7"}
    assert (answer.status, answer.json) == (200, nothing | given)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/mine", 401), ("GET", "/token", 401), ("GET", "/needy", 401), ("POST", "/out", 200)],
)
async def test_without_a_session(house: House, method: str, path: str, status: int) -> None:
    """A route that needs a session or a token refuses a request without one."""
    answer = await house.ask(method, path, {})

    assert answer.status == status


async def test_logging_out_by_cookie_needs_the_csrf_token(house: House) -> None:
    """A live session is not ended by a page that cannot read its cookies."""
    answer = await house.ask("POST", "/out", house.cookie())

    assert answer.status == 403


async def test_an_api_token_by_cookie_is_none(house: House) -> None:
    """A route for API tokens takes no cookie."""
    answer = await house.ask("GET", "/token", house.cookie())

    assert answer.status == 401


@pytest.mark.parametrize(
    ("path", "status", "kind"), [("/broken", 500, RuntimeError), ("/gone", 503, StoreUnavailable)]
)
async def test_a_fault_tells_nothing_and_is_noted(
    house: House, path: str, status: int, kind: type[Exception]
) -> None:
    """A fault is answered without its message, and kept for the log."""
    asked = scope("GET", path)

    answer = await ask(house.app, asked)

    assert answer.status == status
    assert b"secret" not in answer.body
    assert isinstance(asked["wicketgate.exchange"].fault, kind)


async def test_a_refusal_is_no_fault(house: House) -> None:
    """What a client did wrong is not logged as ours."""
    asked = scope("GET", "/mine")

    await ask(house.app, asked)

    assert asked["wicketgate.exchange"].fault is None


async def test_a_client_that_has_gone_gets_no_answer(house: House) -> None:
    """Nothing is sent to who left in the middle of a body."""
    wire = Wire([b"{"], complete=False)

    await ask(house.app, scope("POST", "/open", JSON), wire)

    assert wire.starts == 0


@pytest.mark.parametrize(("path", "route_"), [("/mine", "/mine"), ("/nowhere/secret", None)])
async def test_the_log_learns_routes_and_no_paths(house: House, path: str, route_: str | None) -> None:
    """A known path is noted, an unknown one is not, since anything may stand in it."""
    asked = scope("BREW", path)

    await ask(house.app, asked)

    assert asked["wicketgate.exchange"].route == route_


async def test_the_log_learns_who_it_was(house: House) -> None:
    """The user of a live session is noted even when the request is refused afterwards."""
    asked = scope("PUT", "/mine", {**house.cookie(), **JSON})

    answer = await ask(house.app, asked)

    assert answer.status == 403
    assert asked["wicketgate.exchange"].user_id == ADA.id


async def test_a_friends_page_may_ask_and_read(house: House) -> None:
    """A preflight of an allowed origin is answered, and so are its errors, each header once."""
    asking = {"origin": FRIEND, "access-control-request-method": "PUT"}

    preflight = await house.ask("OPTIONS", "/mine", asking)
    refused = await house.ask("PUT", "/mine", {"origin": FRIEND, **JSON})

    assert (preflight.status, preflight.one("access-control-allow-methods")) == (204, "GET, HEAD, PUT")
    assert (refused.status, refused.one("access-control-allow-origin")) == (401, FRIEND)
    assert preflight.one("access-control-allow-origin") == FRIEND


async def test_sources_are_networks(house: House) -> None:
    """A handler sees the client as the limits do."""
    answer = await ask(house.app, scope("GET", "/open", (), **{"wicketgate.client": "2001:db8::5"}))

    assert answer.json["source"] == "2001:db8::/64"
