"""`wicketgate users export`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from wicketgate.core.errors import ConfigurationError
from wicketgate.moving.exporting import exported
from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store


def export_users(chosen: argparse.Namespace) -> int:
    """Writes every user as a line of JSON."""
    with _output(chosen.file) as output:
        users = asyncio.run(_export(Settings.from_env(), output, with_hashes=chosen.with_hashes))
    if chosen.file != "-":
        print(f"Exported {users:,} users to {chosen.file}", file=sys.stderr)
    return 0


async def _export(settings: Settings, output: BinaryIO, *, with_hashes: bool) -> int:
    users = 0
    store = open_store(settings)
    try:
        await store.check()
        async for lines in exported(store, with_hashes=with_hashes):
            output.write(lines)
            users += lines.count(b"\n")
        output.flush()
    finally:
        await store.close()
    return users


@contextmanager
def _output(name: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that its owner alone may read and that is there only when it is whole."""
    if name == "-":
        yield sys.stdout.buffer
        return
    path = Path(name)
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.unlink(missing_ok=True)
        opened = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise ConfigurationError(f"cannot write {draft}: {error.strerror}") from None
    try:
        with os.fdopen(opened, "wb") as stream:
            yield stream
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
