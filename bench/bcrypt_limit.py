"""The machine's own limit: verifications by the fastest bcrypt there is, a thread for each core, and nothing else.

`python -m bench.bcrypt_limit COST SECONDS CORE…` prints verifications a second, and those a second of processor time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import bcrypt

from bench import machine
from bench.servers import ROOT, clean_environment
from wicketgate.crypto import libxcrypt

_PASSWORD = b"correct horse battery"

Hash = Callable[[bytes, bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Limit:
    """Verifications a second, and a second of processor time."""

    per_second: float
    per_cpu_second: float


def measured(cost: int, seconds: float, cores: machine.Cores) -> Limit:
    """The limit, in a process of its own on these cores."""
    command = [sys.executable, "-m", "bench.bcrypt_limit", str(cost), str(seconds), *map(str, sorted(cores))]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment({}), capture_output=True, text=True, check=True)
    per_second, per_cpu_second = map(float, done.stdout.split())
    return Limit(per_second, per_cpu_second)


def libraries() -> dict[str, Hash]:
    """Every bcrypt that is known to be quick and is here, bare."""
    system = libxcrypt.found()
    return {"PyPI's bcrypt": bcrypt.hashpw, **({"libxcrypt": system.crypt} if system else {})}


def thread_seconds(hashing: Hash, salt: bytes, times: int) -> float:
    """Of processor time, for one hash."""
    before = time.thread_time()
    for _ in range(times):
        hashing(_PASSWORD, salt)
    return (time.thread_time() - before) / times


def _verifying(hashing: Hash, salt: bytes, seconds: float) -> tuple[int, float]:
    started = time.perf_counter()
    count = 0
    while time.perf_counter() - started < seconds:
        hashing(_PASSWORD, salt)
        count += 1
    return count, time.perf_counter() - started


def main() -> None:
    """Measures and prints."""
    cost, seconds, *cores = sys.argv[1:]
    os.sched_setaffinity(0, set(map(int, cores)))
    salt = bcrypt.gensalt(int(cost))
    fastest = min(libraries().values(), key=lambda hashing: thread_seconds(hashing, salt, 3))
    before = time.process_time()
    with ThreadPoolExecutor(len(cores)) as pool:
        done = list(pool.map(lambda _: _verifying(fastest, salt, float(seconds)), cores))
    cpu = time.process_time() - before
    print(sum(count / took for count, took in done), sum(count for count, _ in done) / cpu)


if __name__ == "__main__":
    main()
