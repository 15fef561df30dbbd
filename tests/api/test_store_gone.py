"""DynamoDB hanging, gone and back again, seen through a real process."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.support.dynamodb_local import endpoint_environment
from tests.support.frozen import Freezer, dynamodb_to_freeze
from tests.support.ports import free_port, running_service

ACCOUNT = {"email": "ada@example.com", "password": "correct horse battery"}
LONGEST = 3.5
"""Seconds: the contract's three, and some for a busy machine."""


def requests(client: httpx.Client, proof: dict[str, str]) -> dict[str, Callable[[], httpx.Response]]:
    """One call of each kind that needs the store."""
    return {
        "ready": lambda: client.get("/readyz"),
        "profile": lambda: client.get("/api/profile", headers=proof),
        "update": lambda: client.put("/api/profile/update", json={"name": "New"}, headers=proof),
        "log in": lambda: client.post("/api/auth/login", json=ACCOUNT),
        "sign up": lambda: client.post("/api/auth/signup", json={**ACCOUNT, "email": "new@example.com"}),
    }


def all_unavailable(client: httpx.Client, proof: dict[str, str]) -> None:
    """Asserts that each call is 503 in time, while the process says that it is alive."""
    for name, call in requests(client, proof).items():
        started = time.monotonic()
        answer = call()
        took = time.monotonic() - started
        assert answer.status_code == 503, name
        assert answer.json() == {"success": False, "error": "An error occurred, please try again"}
        assert int(answer.headers["retry-after"]) >= 1
        assert took < LONGEST, name
        assert client.get("/healthz").status_code == 200


def until_ready(client: httpx.Client) -> bool:
    """Whether the service is ready again before patience ends."""
    for _ in range(100):
        if client.get("/readyz").status_code == 200:
            return True
        time.sleep(0.1)
    return False


def test_a_store_that_hangs_and_comes_back_and_goes(tmp_path: Path) -> None:
    """503 within 3 seconds while it hangs, recovery by itself when it goes on, and 503 again when it is gone."""
    with dynamodb_to_freeze() as dynamodb:
        variables = {**endpoint_environment(dynamodb.endpoint, "users-test"), "RATE_LIMIT_MAX_REQUESTS": "0"}
        make_table(tmp_path, variables)
        port = free_port()
        with (
            running_service(port, tmp_path, **variables),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
        ):
            client.post("/api/auth/signup", json=ACCOUNT)
            proof = {"Authorization": f"Bearer {client.post('/api/auth/login', json=ACCOUNT).json()['token']}"}
            through_a_freeze(dynamodb, client, proof)
            dynamodb.end()

            all_unavailable(client, proof)


def through_a_freeze(dynamodb: Freezer, client: httpx.Client, proof: dict[str, str]) -> None:
    """Freezes the store, looks, thaws it, and looks whether everything is as before."""
    dynamodb.freeze()
    all_unavailable(client, proof)
    dynamodb.thaw()

    assert until_ready(client)
    statuses = {name: call().status_code for name, call in requests(client, proof).items()}
    assert statuses | {"sign up": 0} == {"ready": 200, "profile": 200, "update": 200, "log in": 200, "sign up": 0}
    assert statuses["sign up"] in (201, 400)


def make_table(folder: Path, variables: dict[str, str]) -> None:
    """Runs `wicketgate table create` as an operator would."""
    done = subprocess.run(
        [sys.executable, "-m", "wicketgate", "table", "create"],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
