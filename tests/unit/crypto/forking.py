"""A process that hashes, forks, and hashes in the child: `python -m tests.unit.crypto.forking VERB`.

It prints what the child found.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable

from tests.unit.crypto.counting import CountingBcrypt
from wicketgate.core.errors import HashingBusy
from wicketgate.crypto.passwords import BcryptHasher

CALLS = 4
FOREIGN = "pbkdf2_sha256$1000$NaClNaClNaCl$6pSWcACOiLC9VxgyPr7MGV/r8O0OPG0eX+wjtgoBWPI="


async def answers(hasher: BcryptHasher, calls: int = CALLS, stored: str | None = None) -> str:
    """What so many calls at once come to."""
    return " ".join(await asyncio.gather(*(_answer(hasher, stored) for _ in range(calls))))


async def _answer(hasher: BcryptHasher, stored: str | None) -> str:
    try:
        async with asyncio.timeout(5):
            await hasher.verify("password", stored)
    except (TimeoutError, HashingBusy) as error:
        return type(error).__name__
    return "answered"


def after_hashing() -> None:
    """All threads of the parent have hashed, and wait for more."""
    hasher = BcryptHasher(4, threads=2, queue=2)
    asyncio.run(answers(hasher))
    in_a_child(lambda: asyncio.run(answers(hasher)))


def while_hashing() -> None:
    """All threads of the parent hash, and its queue is full."""
    library = CountingBcrypt()
    hasher = BcryptHasher(4, threads=2, queue=2, library=library)
    library.gate.clear()
    parent = threading.Thread(target=lambda: asyncio.run(answers(hasher)))
    parent.start()
    for _ in range(2):
        library.entered.acquire()

    def child() -> str:
        library.gate.set()
        return asyncio.run(answers(hasher))

    in_a_child(child)
    library.gate.set()
    parent.join()


def while_measuring() -> None:
    """A thread of the parent finds out how long a hash takes."""
    library = CountingBcrypt()
    hasher = BcryptHasher(4, threads=2, queue=2, library=library)
    library.gate.clear()
    parent = threading.Thread(target=lambda: asyncio.run(answers(hasher, 1, FOREIGN)))
    parent.start()
    library.entered.acquire()

    def child() -> str:
        for _ in range(4):  # These get the numbers of the parent's threads, which would pass for those otherwise.
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        library.gate.set()
        return asyncio.run(answers(hasher, stored=FOREIGN))

    in_a_child(child)
    library.gate.set()
    parent.join()


def in_a_child(work: Callable[[], str]) -> None:
    """Forks, and prints what the child's work came to."""
    child = os.fork()
    if child == 0:
        print(work(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)


VERBS = {verb.__name__: verb for verb in (after_hashing, while_hashing, while_measuring)}

if __name__ == "__main__":
    signal.alarm(30)
    VERBS[sys.argv[1]]()
