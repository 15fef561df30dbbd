"""bcrypt in threads of its own, with a bounded queue in front. Hashes of other programs are checked there too."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from wicketgate import forks
from wicketgate.core.errors import HashingBusy, Unavailable
from wicketgate.crypto import cores
from wicketgate.crypto.bcrypt_hashes import BcryptHash, bcrypt_input, cost_of, plain
from wicketgate.crypto.system_bcrypt import SystemBcrypt

if TYPE_CHECKING:
    from wicketgate.crypto.foreign import ForeignHash

_LOWEST_COST: Final = 4
_QUICK_COST: Final = 6
_TRIES: Final = 4

Result = TypeVar("Result")


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
    """Hashes in `threads` threads (default: one a core), which hold no lock and go behind whoever answers.

    At most `queue` calls wait; one more raises HashingBusy, so that a flood of logins is told to come back
    and does not pile up. Serves every event loop of the process.
    """

    _pool: ThreadPoolExecutor

    def __init__(
        self,
        cost: int,
        threads: int | None = None,
        queue: int = 128,
        library: Bcrypt | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._library = library = library or SystemBcrypt()
        self._timer = timer
        self._cost = cost
        self._threads = threads or cores.count()
        self._queue = queue
        self._measured: float | None = None
        self._begin()
        forks.watch(self)
        # No password made this one. It takes as long to check as any, and making a real one would hold up each start.
        self._nobody = library.gensalt(cost) + os.urandom(16).hex()[:31].encode()

    @property
    def threads(self) -> int:
        """How many hash at once."""
        return self._threads

    async def hash(self, password: str) -> str:
        """A new `$2b$` hash at today's cost."""
        return await self._run(lambda: self._hash(bcrypt_input(password), self._cost).decode())

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether the password made the hash. None, or what is no hash, takes the same time and is never right."""
        return await self._run(lambda: self._verify(password, stored))

    def outdated(self, stored: str) -> bool:
        """Whether a hash is of lower cost than one made today, or another program's."""
        cost = cost_of(stored) if stored.startswith("$2b$") else None
        return cost is None or cost < self._cost

    def close(self) -> None:
        """Ends the threads; calls that wait are still served. Another call starts others."""
        with self._lock:
            ended, self._pool = self._pool, self._idle_pool()
        ended.shutdown(wait=False)

    def before_fork(self) -> None:
        """Nothing: whatever the parent's threads are at, a child does without."""

    def after_fork(self, child: bool) -> None:
        """A child has a queue and threads of its own."""
        if child:
            self._begin()

    def _begin(self) -> None:
        self._places = threading.Semaphore(self._threads + self._queue)
        self._lock = threading.Lock()
        self._pool = self._idle_pool()

    def _seconds(self) -> float:
        """The seconds of one hash, reckoned from the quickest of a few cheap ones when it is first asked for.

        No `cached_property`: in Python 3.11 it has a lock, which a child would find held for good.
        """
        if self._measured is None:
            cost = min(self._cost, _QUICK_COST)
            quickest = min(self._timed(cost) for _ in range(_TRIES))
            self._measured = max(quickest, 1e-9) * 2.0 ** (self._cost - cost)
        return self._measured

    def _timed(self, cost: int) -> float:
        began = self._timer()
        self._hash(b"", cost)
        return self._timer() - began

    def _idle_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, "bcrypt", initializer=cores.step_back)

    def _hash(self, secret: bytes, cost: int) -> bytes:
        return self._library.hashpw(secret, self._library.gensalt(cost))

    def _verify(self, password: str, stored: str | None) -> bool:
        hashed = self._read(stored) if stored is not None else None
        if hashed is None:
            self._library.checkpw(bcrypt_input(password), self._nobody)
            return False
        if isinstance(hashed, BcryptHash):
            return self._verify_bcrypt(password, hashed)
        return self._verify_foreign(password, hashed)

    def _read(self, stored: str) -> BcryptHash | ForeignHash | None:
        """None for what is no hash."""
        if (hashed := plain(stored)) is not None:
            return hashed
        # Loaded when the first hash of another program is met, as most services never see one.
        from wicketgate.crypto import foreign
        from wicketgate.crypto.foreign_limits import LibraryMissing, UnusableHash

        try:
            return foreign.kept(stored)
        except LibraryMissing as missing:
            raise Unavailable(str(missing)) from None
        except UnusableHash:
            return None

    def _verify_bcrypt(self, password: str, hashed: BcryptHash) -> bool:
        secret = hashed.secret(password)
        right = self._library.checkpw(secret, hashed.text)
        if not right:
            self._pad(2**self._cost - 2**hashed.cost)
        return right

    def _verify_foreign(self, password: str, hashed: ForeignHash) -> bool:
        began = self._timer()
        right = hashed.opens(password)
        if not right:
            whole = self._seconds()  # the first time it is measured here, and the measuring counts as spent
            self._pad(round(2**self._cost * (1 - (self._timer() - began) / whole)))
        return right

    def _pad(self, rounds: int) -> None:
        """Does so many rounds of bcrypt, to within the fewest that it can do at once.

        A wrong password against a hash that is checked faster than ours must take as long as one against no
        hash at all.
        """
        for cost in reversed(range(_LOWEST_COST, self._cost + 1)):
            if rounds >= 2**cost:
                self._hash(b"", cost)
                rounds -= 2**cost

    async def _run(self, work: Callable[[], Result]) -> Result:
        places = self._places
        if not places.acquire(blocking=False):
            raise HashingBusy("password hashing", retry_after=2)
        future: Future[Result]
        try:
            with self._lock:
                future = self._pool.submit(work)
        except BaseException:
            places.release()
            raise
        future.add_done_callback(lambda _: places.release())
        return await asyncio.wrap_future(future)
