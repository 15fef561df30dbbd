"""The example application: imported and driven, and its README followed to the letter."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from tests.support.embedded import caller, logged_in, some_gate
from tests.support.service import bearer

EXAMPLE = Path(__file__).parents[2] / "examples" / "fastapi"
README = EXAMPLE / "README.md"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """The example's one module."""
    spec = importlib.util.spec_from_file_location("notes_example", EXAMPLE / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # FastAPI reads the annotations of a module's functions from there
    spec.loader.exec_module(module)
    return module


async def test_the_example_keeps_notes(example: ModuleType) -> None:
    """Someone logged in adds a note and reads it, by session and, from a program, by API token."""
    app = example.create_app(some_gate())
    client, tokens = await logged_in(app)

    added = await client.post("/notes", json={"text": "Buy punch cards"}, headers=client.proof(None))
    read = await client.get("/notes")
    exported = await caller(app).get("/export", headers=bearer(tokens["api_token"]))

    assert (added.status_code, added.json()) == (201, {"id": 1, "text": "Buy punch cards"})
    assert read.json() == exported.json() == [added.json()]


async def test_the_example_keeps_each_user_s_notes_apart(example: ModuleType) -> None:
    """What one user wrote, another one does not see."""
    app = example.create_app(some_gate())
    ada, _ = await logged_in(app)
    grace, _ = await logged_in(app)
    await ada.post("/notes", json={"text": "Mine"}, headers=ada.proof(None))

    read = await grace.get("/notes")

    assert read.json() == []


async def test_the_example_greets(example: ModuleType) -> None:
    """The page is for everyone and names whoever is logged in, encoded for HTML."""
    app = example.create_app(some_gate())
    client, _ = await logged_in(app)
    await client.put("/api/profile/update", json={"name": "<b>Ada</b>"}, headers=client.proof(None))

    known, unknown = await client.get("/"), await caller(app).get("/")

    assert "Welcome back, &lt;b&gt;Ada&lt;/b&gt;." in known.text
    assert "Nobody is logged in." in unknown.text


@pytest.mark.parametrize(
    ("path", "status"), [("/about", 200), ("/", 200), ("/me", 401), ("/notes", 401), ("/export", 401)]
)
async def test_the_example_lets_in_whom_its_readme_says(example: ModuleType, path: str, status: int) -> None:
    """Without any proof the public routes answer and the protected ones do not."""
    client = caller(example.create_app(some_gate()))

    answer = await client.get(path)

    assert answer.status_code == status


def test_the_readme_works(tmp_path: Path) -> None:
    """The commands in the README, run in its order by a shell against the server they start, end as it says."""
    serve, *commands = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    port = free_port()
    shutil.copy(EXAMPLE / "app.py", tmp_path)

    with serving(serve.replace("8000", str(port)), tmp_path, port) as url:
        said = run("set -e\n" + "\necho\n".join(commands).replace("http://127.0.0.1:8000", url), tmp_path)

    answers = [json.loads(line) for line in re.sub(r"(?<=[\]}])(?=[{\[])", "\n", said).split("\n") if line]
    note = {"id": 1, "text": "Buy punch cards"}
    assert [answer["success"] for answer in answers[:2]] == [True, True]
    assert answers[2]["email"] == "ada@example.com"
    assert answers[3:] == [note, [note], [note]]


def test_the_readme_lists_every_route(example: ModuleType) -> None:
    """The table in the README names each of the example's routes, and no other."""
    named = set(re.findall(r"`((?:GET|POST) /\w*)`", README.read_text()))

    routes = {f"{method} {route.path}" for route in example.router.routes for method in route.methods}

    assert named == routes


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def environment() -> dict[str, str]:
    """A shell's environment with this interpreter's programs first and cheap hashes."""
    programs = str(Path(sys.executable).parent)
    known = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "TMPDIR")}
    return {**known, "PATH": f"{programs}:{os.environ['PATH']}", "BCRYPT_COST": "4", "NO_PROXY": "127.0.0.1"}


def run(script: str, folder: Path) -> str:
    """What the script prints."""
    ran = subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=True
    )
    return ran.stdout


@contextmanager
def serving(command: str, folder: Path, port: int) -> Iterator[str]:
    """The address of the server that the command starts, while it runs."""
    url = f"http://127.0.0.1:{port}"
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(
            ["sh", "-c", f"exec {command}"], cwd=folder, env=environment(), stdout=log, stderr=log
        )
        try:
            wait_for(url, server)
            yield url
        finally:
            server.terminate()
            assert server.wait(20) in (0, -15), (folder / "log.txt").read_text()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Returns when the server answers."""
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        try:
            httpx.get(f"{url}/healthz", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not answer")
