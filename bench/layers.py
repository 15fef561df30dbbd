"""What each layer of a session read costs, measured one by one in this process: microseconds of processor time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryFile
from typing import Any

from aiodynamo.utils import py2dy
from starlette.types import Scope

from bench import empty, floor
from bench.inside import ask, cost_of, cost_of_asking, scope
from bench.people import PASSWORD
from bench.results import Row
from tests.support.dynamodb_local import dynamodb_store
from wicketgate import Settings, Wicketgate
from wicketgate.features.profile.api import ProfileResponse
from wicketgate.logs import to_stream
from wicketgate.stores.dynamodb.calls import decode, encode
from wicketgate.stores.dynamodb.items import plain, to_item, to_record
from wicketgate.web.http import json_reply
from wicketgate.web.views import user_view

_SQLITE = "Layers of a session read on SQLite, in process"
_DYNAMODB = "Layers of a session read on DynamoDB, in process, 16 at once"
_HEADERS = {"Host": "127.0.0.1", "Accept": "*/*", "User-Agent": "bench"}
_BLOCKS = 25
_AT_ONCE = 16


async def on_sqlite(settings: Mapping[str, str]) -> list[Row]:
    """Each layer, and the whole of them."""
    made = Settings(
        sqlite_path=settings["SQLITE_PATH"],
        jwt_secret=settings["JWT_SECRET"],
        api_token_secret=settings["API_TOKEN_SECRET"],
        bcrypt_cost=4,
    )
    with _log() as log:
        gate = Wicketgate(made, write_log=to_stream(log))
        token, asked = await _session(gate)
        session = await gate.sessions.check(token)
        record = session.record
        rows = {
            "an empty Starlette endpoint, whole": await cost_of_asking(empty.app, asked),
            "Wicketgate, whole": await cost_of_asking(gate, asked),
            "of it the session: token, time, user, revocation": await _awaited(lambda: gate.sessions.check(token)),
            "of that the store's read": await _awaited(lambda: gate.store.get(record.id)),
            "of that the row alone": await _awaited(floor.reading_sqlite(settings["SQLITE_PATH"])),
            "the answer as JSON": cost_of(lambda: json_reply(ProfileResponse(True, user_view(record)))),
            "the line in the log": cost_of(
                lambda: gate.log.request("0" * 16, "GET", "/api/profile", 200, 1.0, record.id)
            ),
            "the rest: middleware, routing, checks, headers": 0.0,
        }
        names = list(rows)
        rows[names[-1]] = rows[names[1]] - rows[names[2]] - rows[names[5]] - rows[names[6]]
        await gate.store.close()
    return [Row(_SQLITE, name, cost, "µs") for name, cost in rows.items()]


async def on_dynamodb(settings: Mapping[str, str]) -> list[Row]:
    """The same with DynamoDB Local in another process, and what the store's read is made of."""
    endpoint, table = settings["AWS_ENDPOINT_URL_DYNAMODB"], settings["DYNAMODB_TABLE_NAME"]
    made = Settings(jwt_secret=settings["JWT_SECRET"], api_token_secret=settings["API_TOKEN_SECRET"], bcrypt_cost=4)
    store = dynamodb_store(endpoint, table)
    with _log() as log:
        gate = Wicketgate(made, store=store, write_log=to_stream(log))
        token, asked = await _session(gate)
        record = (await gate.sessions.check(token)).record
        question = await floor.question(endpoint, table)
        answer = encode({"Item": py2dy(to_item(record))})
        item = decode(answer)["Item"]
        rows = {
            "Wicketgate, whole": await _crowded(lambda: ask(gate, asked)),
            "of it the store's read": await _crowded(lambda: store.get(record.id)),
            "of that a bare read: the socket both ways, the event loop": await _crowded(
                floor.reading_dynamodb(question)
            ),
            "the question: JSON, signature, head": cost_of(lambda: question.request),
            "the answer from JSON": cost_of(lambda: decode(answer)),
            "the item as a user": cost_of(lambda: to_record(plain(item))),
            "the rest: HTTP, connections, attempts, time": 0.0,
        }
        names = list(rows)
        rows[names[-1]] = rows[names[1]] - sum(rows[name] for name in names[2:])
        await store.close()
    return [Row(_DYNAMODB, name, cost, "µs") for name, cost in rows.items()]


@contextmanager
def _log() -> Iterator[int]:
    with TemporaryFile() as file:
        yield file.fileno()


async def _session(gate: Wicketgate) -> tuple[str, Scope]:
    """A new user's session, and the request for the profile with its cookies."""
    given = {"email": "ada@example.com", "password": PASSWORD}
    with_json = {**_HEADERS, "Content-Type": "application/json"}
    await ask(gate, scope("POST", "/api/auth/signup", with_json), json.dumps(given).encode())
    opened = await ask(gate, scope("POST", "/api/auth/login", with_json), json.dumps(given).encode())
    cookies = [value.decode().partition(";")[0] for name, value in opened.headers if name == b"set-cookie"]
    asked = scope("GET", "/api/profile", {**_HEADERS, "Cookie": "; ".join(cookies)})
    return json.loads(opened.body)["token"], asked


async def _awaited(work: Callable[[], Awaitable[Any]], times: int = 200) -> float:
    found = []
    for _ in range(_BLOCKS):
        before = time.thread_time()
        for _ in range(times):
            await work()
        found.append((time.thread_time() - before) / times)
        await asyncio.sleep(0)
    return median(found) * 1e6


async def _crowded(work: Callable[[], Awaitable[Any]]) -> float:
    """As a server does it: with others at once, so that the loop wakes for several."""

    async def one() -> None:
        for _ in range(_BLOCKS):
            await work()

    return await _awaited(lambda: asyncio.gather(*(one() for _ in range(_AT_ONCE))), 1) / (_AT_ONCE * _BLOCKS)
