"""bcrypt in threads of its own, with a bounded queue in front and every character of a password counting."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

import bcrypt

from wicketgate.core.errors import HashingBusy

MAX_BYTES = 72
"""What bcrypt reads of a password; older versions ignored the rest, so any two equal in 72 bytes were one."""

Result = TypeVar("Result")

# Exactly what bcrypt can check: of a salt's last character only two bits count, and the others must be 0.
_HASH = re.compile(r"\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}")


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
    found = _HASH.fullmatch(stored)
    return int(found[1]) if found else None


class Bcrypt(Protocol):
    """What is used of the library."""

    def gensalt(self, rounds: int = 12) -> bytes:
        """A salt that asks for 2 to the power of `rounds`."""
        ...

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        """The hash, salt included."""
        ...

    def checkpw(self, password: bytes, hashed_password: bytes) -> bool:
        """Whether the password made the hash."""
        ...


class BcryptHasher:
    """Hashes in `threads` threads (default: one a core); bcrypt lets go of the interpreter's lock.

    At most `queue` calls wait; one more raises HashingBusy, so that a flood of logins is told to come back
    and does not pile up. Serves every event loop of the process.
    """

    def __init__(self, cost: int, threads: int | None = None, queue: int = 128, library: Bcrypt = bcrypt) -> None:
        self._library = library
        self._cost = cost
        self._threads = threads or os.cpu_count() or 1
        self._places = threading.Semaphore(self._threads + queue)
        self._lock = threading.Lock()
        self._pool = self._idle_pool()
        self._nobody = library.hashpw(os.urandom(16).hex().encode(), library.gensalt(cost))

    async def hash(self, password: str) -> str:
        """A new `$2b$` hash at today's cost."""
        return await self._run(lambda: self._hash(bcrypt_input(password), self._cost).decode())

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

    def _hash(self, secret: bytes, cost: int) -> bytes:
        return self._library.hashpw(secret, self._library.gensalt(cost))

    def _verify(self, password: str, stored: str | None) -> bool:
        secret = bcrypt_input(password)
        cost = cost_of(stored) if stored is not None else None
        if stored is None or cost is None:
            self._library.checkpw(secret, self._nobody)
            return False
        right = self._library.checkpw(secret, stored.encode())
        if not right:
            self._pad(secret, cost)
        return right

    def _pad(self, secret: bytes, cost: int) -> None:
        # A wrong password against an old, cheaper hash must take as long as one against no hash at all:
        # the rounds still missing are 2^cost + 2^(cost+1) + … up to today's cost.
        for missing in range(cost, self._cost):
            self._hash(secret, missing)

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
