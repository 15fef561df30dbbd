"""The logs of limits, kept for a while.

Each use takes rows away that are over, so the table never holds many more rows than are live and no timer has
to sweep it.
"""

from __future__ import annotations

from typing import Final

import apsw
import msgspec

from wicketgate.core.limits import Limit, wait_ms

_LOG: Final = "SELECT log FROM limits WHERE key = ?"
_NOTE: Final = "INSERT OR REPLACE INTO limits (key, log, expires_at) VALUES (?, ?, ?)"
_SWEEP_LIMITS: Final = "DELETE FROM limits WHERE key IN (SELECT key FROM limits WHERE expires_at <= ? LIMIT 2)"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[int]).decode


def wait(connection: apsw.Connection, limit: Limit, source: str, now_ms: int) -> int:
    """The milliseconds until one more event fits, 0 if it fits now."""
    return wait_ms(_log(connection, limit.key(source)), limit, now_ms)


def take(connection: apsw.Connection, limit: Limit, source: str, now_ms: int) -> int:
    """0 after noting one event, else the milliseconds until one fits, with nothing noted."""
    key = limit.key(source)
    log = _log(connection, key)
    left = wait_ms(log, limit, now_ms)
    if left == 0:
        kept = [now_ms, *log][: limit.most]
        connection.execute(_NOTE, (key, _encode(kept).decode(), max(kept) + limit.window_ms))
        connection.execute(_SWEEP_LIMITS, (now_ms,))
    return left


def _log(connection: apsw.Connection, key: str) -> list[int]:
    row = connection.execute(_LOG, (key,)).get
    return [] if row is None else _decode(row)
