"""What each layer of a session read costs, measured one by one in this process: microseconds of processor time."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from starlette.types import Scope

from bench import empty
from bench.inside import ask, cost_of, cost_of_asking, scope
from bench.people import PASSWORD
from bench.results import Row
from wicketgate import Settings, Wicketgate
from wicketgate.features.profile.api import ProfileResponse
from wicketgate.logs import to_stream
from wicketgate.web.http import json_reply
from wicketgate.web.views import user_view

_SECTION = "Layers of a session read on SQLite, in process"
_HEADERS = {"Host": "127.0.0.1", "Accept": "*/*", "User-Agent": "bench"}


async def measured(settings: Mapping[str, str]) -> list[Row]:
    """Each layer, and the whole of them."""
    log = os.open(Path(settings["SQLITE_PATH"]).with_suffix(".log"), os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    made = Settings(
        sqlite_path=settings["SQLITE_PATH"],
        jwt_secret=settings["JWT_SECRET"],
        api_token_secret=settings["API_TOKEN_SECRET"],
        bcrypt_cost=4,
    )
    gate = Wicketgate(made, write_log=to_stream(log))
    token, asked = await _session(gate)
    session = await gate.sessions.check(token)
    record = session.record
    rows = {
        "an empty Starlette endpoint, whole": await cost_of_asking(empty.app, asked),
        "Wicketgate, whole": await cost_of_asking(gate, asked),
        "of it the session: token, time, user, revocation": await _awaited(lambda: gate.sessions.check(token)),
        "of that the store's read": await _awaited(lambda: gate.store.get(record.id)),
        "the answer as JSON": cost_of(lambda: json_reply(ProfileResponse(True, user_view(record)))),
        "the line in the log": cost_of(
            lambda: gate.log.request("0" * 16, "GET", "/api/profile", 200, 1.0, record.id)
        ),
        "the rest: middleware, routing, checks, headers": 0.0,
    }
    names = list(rows)
    rows[names[-1]] = rows[names[1]] - rows[names[2]] - rows[names[4]] - rows[names[5]]
    await gate.store.close()
    os.close(log)
    return [Row(_SECTION, name, cost, "µs") for name, cost in rows.items()]


async def _session(gate: Wicketgate) -> tuple[str, Scope]:
    """A new user's session, and the request for the profile with its cookies."""
    given = {"email": "ada@example.com", "password": PASSWORD}
    with_json = {**_HEADERS, "Content-Type": "application/json"}
    await ask(gate, scope("POST", "/api/auth/signup", with_json), json.dumps(given).encode())
    opened = await ask(gate, scope("POST", "/api/auth/login", with_json), json.dumps(given).encode())
    cookies = [value.decode().partition(";")[0] for name, value in opened.headers if name == b"set-cookie"]
    asked = scope("GET", "/api/profile", {**_HEADERS, "Cookie": "; ".join(cookies)})
    return json.loads(opened.body)["token"], asked


async def _awaited(work: Callable[[], Awaitable[Any]]) -> float:
    found = []
    for _ in range(25):
        before = time.thread_time()
        for _ in range(200):
            await work()
        found.append((time.thread_time() - before) / 200)
        await asyncio.sleep(0)
    return median(found) * 1e6
