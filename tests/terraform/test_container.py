"""The container: rules that a reader of the Dockerfile relies on. No test here builds it, which takes an engine."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.container import DOCKERFILE, Instruction, hadolint, stages
from tests.terraform.module import ROOT
from wicketgate.cli.main import _parser

TEXT = DOCKERFILE.read_text("utf-8")
BUILD, FINAL = stages(TEXT)
COMPOSE = (ROOT / "examples" / "compose" / "compose.yaml").read_text("utf-8")


def test_base_images_are_pinned() -> None:
    """Both stages begin with one version of Python, and nothing is called latest, in the compose file neither."""
    assert [stage[0][1] for stage in (BUILD, FINAL)] == ["python:3.13-slim AS build", "python:3.13-slim"]
    images = re.findall(r"image: (\S+)", COMPOSE)
    assert "amazon/dynamodb-local" in {image.partition(":")[0] for image in images}
    for image in images:
        assert re.fullmatch(r"[^:]+:(?!latest)\S+", image)


def test_it_does_not_run_as_root() -> None:
    """The last USER is a number other than 0, as orchestrators want it, and owns the only place that is written."""
    number = _value(FINAL, "ARG").removeprefix("USER_ID=")
    assert number.isdigit()
    assert int(number) > 0
    assert _value(FINAL, "USER") == "${USER_ID}:${USER_ID}"
    assert _value(FINAL, "VOLUME") == '["/data"]'
    assert "--from=build --chown=${USER_ID}:${USER_ID} /data /data" in [
        rest for word, rest in FINAL if word == "COPY"
    ]
    assert "SQLITE_PATH=/data/wicketgate.db" in _value(FINAL, "ENV")


def test_final_stage_installs_nothing() -> None:
    """No RUN, hence no compiler, no Node and no package manager's leftovers."""
    assert {word for word, _ in FINAL} <= {"FROM", "ARG", "COPY", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE"} | {
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }


def test_dependencies_are_the_locked_ones() -> None:
    """Every dependency is installed as a wheel with the hash of the lock file."""
    installs = [rest for word, rest in BUILD if word == "RUN" and "requirements.lock" in rest]
    assert len(installs) == 1
    assert "--require-hashes --only-binary=:all:" in installs[0]


def test_commands_are_lists() -> None:
    """Entry point, command and health check are started without a shell, so that SIGTERM arrives."""
    assert json.loads(_value(FINAL, "ENTRYPOINT")) == ["wicketgate"]
    assert isinstance(json.loads(_value(FINAL, "CMD")), list)
    assert isinstance(_health_check(), list)


def test_command_is_one_that_the_service_has() -> None:
    """`wicketgate` understands the image's command, which listens where others can reach it, on the exposed port."""
    chosen = _parser().parse_args(json.loads(_value(FINAL, "CMD")))

    assert chosen.host == "0.0.0.0"
    assert str(chosen.port) == _value(FINAL, "EXPOSE")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (500, 1)])
def test_health_check_tells_good_from_bad(status: int, code: int) -> None:
    """The health check, run as it is written, succeeds only when `/healthz` answers 200."""
    with _answering(status) as (port, asked):
        assert _checked(port) == code
    assert asked == ["/healthz"]


def test_health_check_fails_without_a_service() -> None:
    """With nobody listening the check fails."""
    with _answering(200) as (port, _):
        pass

    assert _checked(port) != 0


def test_everything_copied_is_there_and_let_in() -> None:
    """What the Dockerfile copies exists, and `.dockerignore`, which keeps all else out, names it."""
    copied = [name for word, rest in BUILD if word == "COPY" for name in rest.split()[:-1]]
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}

    assert set(copied) == let_in
    for name in copied:
        assert (ROOT / name).exists(), name


def test_no_secret_can_get_into_the_image() -> None:
    """Settings files, databases and development secrets are kept out wherever they lie."""
    kept_out = (ROOT / ".dockerignore").read_text("utf-8").splitlines()

    assert kept_out[1] == "*"
    assert {"**/.env", "**/*.db", "**/*.secret"} <= set(kept_out)


def test_example_runs_as_hardened_as_it_says() -> None:
    """The compose file's services are read-only, without capabilities, and reachable from this machine only."""
    assert "read_only: true" in COMPOSE
    assert "cap_drop: [ALL]" in COMPOSE
    assert "no-new-privileges:true" in COMPOSE
    assert re.findall(r'ports: \["([^"]+)"\]', COMPOSE) == ["127.0.0.1:8000:8000"]


if (LINTER := hadolint()) is not None:

    def test_linter_has_nothing_to_say() -> None:
        """hadolint finds no fault with the Dockerfile."""
        assert LINTER is not None
        linted = subprocess.run([LINTER, str(DOCKERFILE)], capture_output=True, text=True, check=False)

        assert (linted.returncode, linted.stdout) == (0, "")


def _value(stage: list[Instruction], word: str) -> str:
    """What follows the last instruction of this kind."""
    return [rest for found, rest in stage if found == word][-1]


def _health_check() -> list[str]:
    words = _value(FINAL, "HEALTHCHECK").partition("CMD ")
    found: list[str] = json.loads(words[2])
    assert all(option.startswith("--") for option in shlex.split(words[0]))
    return found


def _checked(port: int) -> int:
    python, *arguments = [part.replace("8000", str(port)) for part in _health_check()]
    assert python == "python"
    return subprocess.run([sys.executable, *arguments], capture_output=True, timeout=30, check=False).returncode


@contextmanager
def _answering(status: int) -> Iterator[tuple[int, list[str]]]:
    """A server that answers with this status, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


def test_example_names_the_dockerfile_s_folder() -> None:
    """The compose file builds this repository's own Dockerfile."""
    folder = re.findall(r"build: (\S+)", COMPOSE)

    assert [Path(ROOT, "examples", "compose", name).resolve() for name in folder] == [ROOT]
