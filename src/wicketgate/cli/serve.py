"""`wicketgate serve`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from wicketgate import asgi
from wicketgate.app import Wicketgate
from wicketgate.cli.descriptors import room_for
from wicketgate.cli.patience import Bounds, Patience
from wicketgate.cli.protocol import BoundedProtocol
from wicketgate.core.errors import ConfigurationError
from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store
from wicketgate.watching.folder import shared_folder

_GRACE = 25
"""Seconds for requests in flight after SIGTERM; most platforms kill after 30."""

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def serve(chosen: argparse.Namespace) -> int:
    """Serves until it is told to stop. Refuses to start, in one line, what could not work."""
    settings = Settings.from_env()
    with ExitStack() as stack:
        shared = settings.metrics and chosen.workers > 1
        folder = stack.enter_context(shared_folder()) if shared else None
        gate = asgi.create(settings)
        asyncio.run(_check(settings))
        if settings.metrics:
            _show_metrics(stack, settings, chosen.port, folder)
        return _serve(gate, settings, chosen)


def _show_metrics(stack: ExitStack, settings: Settings, port: int, folder: Path | None) -> None:
    """Shows them beside the service; with a folder, those of all who use it."""
    from wicketgate.watching.exporter import exporting
    from wicketgate.watching.workers import all_workers

    if settings.metrics_port == port != 0:
        raise ConfigurationError(f"METRICS_PORT is {port}, which is the service's own; metrics need another")
    registry = {} if folder is None else {"registry": all_workers(folder)}
    shown = stack.enter_context(exporting(settings.metrics_host, settings.metrics_port, **registry))
    print(f"Metrics are on {_url(settings.metrics_host, shown)}/metrics", file=sys.stderr)


def _serve(gate: Wicketgate, settings: Settings, chosen: argparse.Namespace) -> int:
    if chosen.workers > 1:
        _announce(settings, chosen.host, chosen.port)
        uvicorn.run("wicketgate.cli.worker:create", factory=True, workers=chosen.workers, **options(chosen))
        return 0
    config = uvicorn.Config(gate, **options(chosen))
    listening = config.bind_socket()
    port = listening.getsockname()[1]
    gate.lead_mail_to(_url("localhost" if chosen.host in _EVERYWHERE else chosen.host, port))
    _announce(settings, chosen.host, port)
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def options(chosen: argparse.Namespace) -> dict[str, Any]:
    """What uvicorn is told."""
    return {
        "host": chosen.host,
        "port": chosen.port,
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,  # the service reads X-Forwarded-For itself, by TRUSTED_PROXIES
        "http": partial(BoundedProtocol, patience=Patience(Bounds(connections=room_for(chosen.connections)))),
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
