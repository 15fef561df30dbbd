"""bcrypt in threads of its own, with a bounded queue in front and every character of a password counting."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import bcrypt

from wicketgate.core.errors import HashingBusy

MAX_BYTES = 72
"""What bcrypt reads of a password; older versions ignored the rest, so any two equal in 72 bytes were one."""

Result = TypeVar("Result")


def bcrypt_input(password: str) -> bytes:
    """The bytes that stand for a password in bcrypt, all of its characters counting.

    A longer one, or one with a NUL (at which other bcrypts stop), is replaced by the base64 of its SHA-256
    behind the byte 0xFF. No UTF-8 text contains that byte, so someone who learns such a digest elsewhere can
    not log in by typing it ("password shucking").
    """
    encoded = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    if len(encoded) <= MAX_BYTES and b"\0" not in encoded:
        return encoded
    return b"\xff" + base64.b64encode(hashlib.sha256(encoded).digest())


def cost_of(stored: str) -> int | None:
    """The cost in a bcrypt hash, the binary logarithm of its rounds; None if it is no bcrypt hash."""
    parts = stored.split("$")
    if len(parts) == 4 and parts[1] in ("2a", "2b", "2y") and parts[2].isdigit() and len(stored) == 60:
        return int(parts[2])
    return None


class BcryptHasher:
    """Hashes in `threads` threads (default: one a core); bcrypt lets go of the interpreter's lock.

    At most `queue` calls wait; one more raises HashingBusy, so that a flood of logins is told to come back
    and does not pile up. Serves every event loop of the process.
    """

    def __init__(self, cost: int, threads: int | None = None, queue: int = 128) -> None:
        self._cost = cost
        self._threads = threads or os.cpu_count() or 1
        self._places = threading.Semaphore(self._threads + queue)
        self._lock = threading.Lock()
        self._pool = self._idle_pool()
        self._nobody = bcrypt.hashpw(os.urandom(16).hex().encode(), bcrypt.gensalt(cost)).decode()

    async def hash(self, password: str) -> str:
        """A new `$2b$` hash at today's cost."""
        return await self._run(lambda: bcrypt.hashpw(bcrypt_input(password), bcrypt.gensalt(self._cost)).decode())

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password made the hash. None, or what is no hash, takes the same time and is never right."""
        return await self._run(lambda: self._verify(password, stored))

    def outdated(self, stored: str) -> bool:
        """Whether a hash is of lower cost than one made today."""
        cost = cost_of(stored)
        return cost is None or cost < self._cost

    def close(self) -> None:
        """Ends the threads; calls that wait are still served. Another call starts others."""
        with self._lock:
            ended, self._pool = self._pool, self._idle_pool()
        ended.shutdown(wait=False)

    def _idle_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, "bcrypt")

    def _verify(self, password: str, stored: str | None) -> bool:
        secret = bcrypt_input(password)
        cost = cost_of(stored) if stored is not None else None
        right = _check(secret, stored if stored is not None and cost is not None else self._nobody)
        if stored is None or cost is None:
            return False
        if not right:
            self._pad(secret, cost)
        return right

    def _pad(self, secret: bytes, cost: int) -> None:
        # A wrong password against an old, cheaper hash must take as long as one against no hash at all:
        # the rounds still missing are 2^cost + 2^(cost+1) + … up to today's cost.
        for missing in range(cost, self._cost):
            bcrypt.hashpw(secret, bcrypt.gensalt(missing))

    async def _run(self, work: Callable[[], Result]) -> Result:
        if not self._places.acquire(blocking=False):
            raise HashingBusy("password hashing", retry_after=2)
        future: Future[Result]
        try:
            with self._lock:
                future = self._pool.submit(work)
        except BaseException:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _check(secret: bytes, stored: str) -> bool:
    try:
        return bcrypt.checkpw(secret, stored.encode())
    except ValueError:
        return False
