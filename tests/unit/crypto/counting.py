"""A bcrypt that counts rounds instead of doing them, and stops where it is told to."""

from __future__ import annotations

import base64
import hashlib
import threading


class CountingBcrypt:
    """The library's three functions, with `rounds` done so far. While `gate` is closed no call goes on."""

    def __init__(self) -> None:
        self.rounds = 0
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.threads: set[str] = set()

    def gensalt(self, rounds: int = 12) -> bytes:
        return b"$2b$%02d$%s" % (rounds, b"." * 22)

    def hashpw(self, password: bytes, salt: bytes) -> bytes:
        self.threads.add(threading.current_thread().name)
        self.entered.release()
        self.gate.wait()
        self.rounds += 2 ** int(salt[4:6])
        return salt[:29] + base64.b64encode(hashlib.sha256(password).digest(), b"./")[:31]

    def checkpw(self, password: bytes, hashed_password: bytes) -> bool:
        return self.hashpw(password, hashed_password[:29]) == hashed_password
