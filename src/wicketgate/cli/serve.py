"""`wicketgate serve`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

import uvicorn

from wicketgate import asgi
from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store

_GRACE = 25
"""Seconds for requests in flight after SIGTERM; most platforms kill after 30."""


def serve(chosen: argparse.Namespace) -> int:
    """Serves until it is told to stop. Refuses to start, in one line, what could not work."""
    settings = Settings.from_env()
    gate = asgi.create()
    asyncio.run(_check(settings))
    if chosen.workers > 1:
        _announce(settings, chosen.host, chosen.port)
        uvicorn.run("wicketgate.asgi:create", factory=True, workers=chosen.workers, **_options(chosen))
        return 0
    config = uvicorn.Config(gate, **_options(chosen))
    listening = config.bind_socket()
    _announce(settings, chosen.host, listening.getsockname()[1])
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _options(chosen: argparse.Namespace) -> dict[str, Any]:
    return {
        "host": chosen.host,
        "port": chosen.port,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,  # the service reads X-Forwarded-For itself, by TRUSTED_PROXIES
        "ws": "none",
        "timeout_graceful_shutdown": _GRACE,
    }


def _announce(settings: Settings, host: str, port: int) -> None:
    users = settings.dynamodb_table_name or settings.sqlite_path
    print(f"Wicketgate listens on {_url(host, port)}, users in {users}. Ctrl+C stops it.", file=sys.stderr)


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def _check(settings: Settings) -> None:
    """In a store of its own, since the one that serves belongs to the server's event loop."""
    store = open_store(settings)
    try:
        await store.check()
    finally:
        await store.close()
