"""Several processes, and processes that end: on one SQLite file."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.ports import free_port, running_service

ACCOUNT = {"email": "ada@example.com", "password": "correct horse battery"}
SECRET = "a secret that several processes share, long"


def client(port: int) -> httpx.Client:
    """A client of the process at this port, with patience that ends."""
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20)


@contextmanager
def two_processes(folder: Path, **variables: str) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two processes on one file, each with a client."""
    first, second = free_port(), free_port()
    with ExitStack() as stack:
        for port in (first, second):
            stack.enter_context(running_service(port, folder, JWT_SECRET=SECRET, **variables))
        yield stack.enter_context(client(first)), stack.enter_context(client(second))


def test_a_logout_holds_in_the_other_process_at_once(tmp_path: Path) -> None:
    """A session opened here works there, and once ended there is dead here, again and again."""
    with two_processes(tmp_path, RATE_LIMIT_MAX_REQUESTS="0") as (here, there):
        here.post("/api/auth/signup", json=ACCOUNT)
        for _ in range(20):
            token = here.post("/api/auth/login", json=ACCOUNT).json()["token"]
            proof = {"Authorization": f"Bearer {token}"}
            before = [process.get("/api/profile", headers=proof).status_code for process in (here, there)]

            there.post("/api/auth/logout", headers=proof)

            after = [process.get("/api/profile", headers=proof).status_code for process in (here, there)]
            assert (before, after) == ([200, 200], [401, 401])


def test_a_change_is_seen_in_the_other_process_at_once(tmp_path: Path) -> None:
    """What one process acknowledged, the other shows."""
    with two_processes(tmp_path) as (here, there):
        here.post("/api/auth/signup", json=ACCOUNT)
        proof = {"Authorization": f"Bearer {there.post('/api/auth/login', json=ACCOUNT).json()['token']}"}
        for number in range(20):
            here.put("/api/profile/update", json={"bio": str(number)}, headers=proof)

            assert there.get("/api/profile", headers=proof).json()["user"]["bio"] == str(number)


def test_the_login_limit_is_exact_over_two_processes(tmp_path: Path) -> None:
    """Of forty logins at once on two processes five are looked at."""
    with two_processes(tmp_path) as processes, ThreadPoolExecutor(20) as pool:
        processes[0].post("/api/auth/signup", json=ACCOUNT)

        answers = pool.map(lambda number: processes[number % 2].post("/api/auth/login", json=ACCOUNT), range(40))

        assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 35}


def test_one_address_is_taken_once_over_two_processes(tmp_path: Path) -> None:
    """Of many who sign up with one address at once on two processes, one wins."""
    with two_processes(tmp_path) as processes, ThreadPoolExecutor(16) as pool:
        for round_ in range(5):
            account = {**ACCOUNT, "email": f"ada{round_}@example.com"}
            work = [pool.submit(processes[n % 2].post, "/api/auth/signup", json=account) for n in range(4)]

            statuses = Counter(done.result().status_code for done in work)

            assert statuses == {201: 1, 400: 3}


def test_workers_share_one_count(tmp_path: Path) -> None:
    """`--workers 2` is one service: one limit, one set of sessions."""
    port = free_port()
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", "2"]
    with running_service(port, tmp_path, command), ThreadPoolExecutor(10) as pool:
        httpx.post(f"http://127.0.0.1:{port}/api/auth/signup", json=ACCOUNT)

        work = [pool.submit(httpx.post, f"http://127.0.0.1:{port}/api/auth/login", json=ACCOUNT) for _ in range(30)]
        answers = [done.result() for done in work]
        tokens = [answer.json()["token"] for answer in answers if answer.status_code == 200]

        assert Counter(answer.status_code for answer in answers) == {200: 5, 429: 25}
        for token in tokens:
            proof = {"Authorization": f"Bearer {token}"}
            statuses = [
                httpx.get(f"http://127.0.0.1:{port}/api/profile", headers=proof).status_code for _ in range(6)
            ]
            assert statuses == [200] * 6


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_finishes_requests_in_flight(tmp_path: Path, workers: str) -> None:
    """Sign-ups that were being hashed when the process was told to stop are answered and kept."""
    port = free_port()
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", workers]
    accounts = [{**ACCOUNT, "email": f"ada{number}@example.com"} for number in range(2)]
    url = f"http://127.0.0.1:{port}/api/auth/signup"
    with (
        ThreadPoolExecutor(2) as pool,
        running_service(port, tmp_path, command, JWT_SECRET=SECRET, BCRYPT_COST="13") as process,
    ):
        work = [pool.submit(httpx.post, url, json=account, timeout=60) for account in accounts]
        time.sleep(0.4)
        process.send_signal(signal.SIGTERM)

        statuses = [done.result().status_code for done in work]
        process.wait(30)

    assert statuses == [201] * 2
    assert process.returncode in (0, -signal.SIGTERM)
    with running_service(port, tmp_path, JWT_SECRET=SECRET), client(port) as again:
        assert [again.post("/api/auth/login", json=account).status_code for account in accounts] == [200] * 2


def test_workers_end_when_their_parent_was_killed(tmp_path: Path) -> None:
    """They finish what they are at and let go of the port, so that whoever restarts the service gets it."""
    port = free_port()
    command = ["-m", "wicketgate", "serve", "--port", str(port), "--workers", "2"]
    with ThreadPoolExecutor(1) as pool:
        with running_service(port, tmp_path, command, JWT_SECRET=SECRET, BCRYPT_COST="13") as parent:
            signing_up = pool.submit(httpx.post, f"http://127.0.0.1:{port}/api/auth/signup", json=ACCOUNT, timeout=60)
            time.sleep(0.4)
            parent.kill()
            parent.wait(30)

            assert signing_up.result().status_code == 201
            assert until_free(port)

        with running_service(port, tmp_path, command, JWT_SECRET=SECRET), client(port) as again:
            assert again.post("/api/auth/login", json=ACCOUNT).status_code == 200


def until_free(port: int) -> bool:
    """Whether nobody listens there any more, within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED:
                return True
        time.sleep(0.1)
    return False


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Whoever was told of their account has it after the process was killed, and logouts hold."""
    port, unlimited = free_port(), {"RATE_LIMIT_MAX_REQUESTS": "0", "SIGNUP_LIMIT_MAX_REQUESTS": "0"}
    acknowledged: list[dict[str, str]] = []
    with running_service(port, tmp_path, JWT_SECRET=SECRET, **unlimited) as process, ThreadPoolExecutor(4) as pool:
        with client(port) as first:
            first.post("/api/auth/signup", json=ACCOUNT)
            dead = first.post("/api/auth/login", json=ACCOUNT).json()["token"]
            first.post("/api/auth/logout", headers={"Authorization": f"Bearer {dead}"})
        work = [pool.submit(sign_up_until_it_ends, port, writer, acknowledged) for writer in range(4)]
        for _ in range(200):
            if len(acknowledged) > 40:
                break
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        for done in work:
            done.result()

    assert len(acknowledged) > 40
    with running_service(port, tmp_path, JWT_SECRET=SECRET, **unlimited), client(port) as again:
        assert again.get("/api/profile", headers={"Authorization": f"Bearer {dead}"}).status_code == 401
        for account in acknowledged:
            assert again.post("/api/auth/login", json=account).status_code == 200


def sign_up_until_it_ends(port: int, writer: int, acknowledged: list[dict[str, str]]) -> None:
    """Signs up one after another until nobody answers, noting those that were."""
    with client(port) as mine:
        for number in range(10_000):
            account = {**ACCOUNT, "email": f"user{writer}.{number}@example.com"}
            try:
                answer = mine.post("/api/auth/signup", json=account)
            except httpx.TransportError:
                return
            if answer.status_code == 201:
                acknowledged.append(account)


def test_a_file_that_is_locked(tmp_path: Path) -> None:
    """While another program keeps the turn to write, writing is 503 within seconds and reading goes on."""
    port = free_port()
    with running_service(port, tmp_path, JWT_SECRET=SECRET), client(port) as mine:
        mine.post("/api/auth/signup", json=ACCOUNT)
        proof = {"Authorization": f"Bearer {mine.post('/api/auth/login', json=ACCOUNT).json()['token']}"}
        lock = os.open(tmp_path / "wicketgate.db-turn", os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_EX)

        started = time.monotonic()
        refused = mine.post("/api/auth/login", json=ACCOUNT)
        took = time.monotonic() - started
        read = mine.get("/api/profile", headers=proof)
        os.close(lock)
        recovered = mine.post("/api/auth/login", json=ACCOUNT)

    assert (refused.status_code, read.status_code, recovered.status_code) == (503, 200, 200)
    assert int(refused.headers["retry-after"]) >= 1
    assert took < 3.5


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """The service says in one line why it does not start."""
    (tmp_path / "wicketgate.db").write_bytes(b"this is no database " * 500)

    with pytest.raises(RuntimeError, match="not an SQLite database"), running_service(free_port(), tmp_path):
        raise AssertionError("it started")
