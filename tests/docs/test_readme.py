"""What README says is run as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.dynamodb_local import endpoint_environment, random_table
from tests.support.ports import free_port, running_service
from wicketgate.settings import variables

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
SHELL = [text for language, text in BLOCKS if language == "sh"]
RUN_BY_CI = ("make run\n", "make test\n")
CURL = [text for text in SHELL if "curl" in text]


def shape(value: Any) -> Any:
    """The names in a JSON value, without what they stand for."""
    return {name: shape(inner) for name, inner in value.items()} if isinstance(value, dict) else type(value).__name__


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A service as `make run` starts it, but for its port."""
    number = free_port()
    with running_service(number, cwd=tmp_path):
        yield number


def test_the_curl_session_answers_as_shown(port: int, tmp_path: Path) -> None:
    """The commands, run one after the other in one shell, print JSON with the names that README shows."""
    shown = [
        json.loads(line) for language, text in BLOCKS if language == "json" for line in text.splitlines() if line
    ]
    line_by_line = 'curl() { command curl "$@"; echo; }\n'
    script = line_by_line + "".join(CURL).replace("localhost:8000", f"127.0.0.1:{port}")

    ran = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=True)

    answers = [json.loads(line) for line in ran.stdout.splitlines() if line]
    assert [shape(answer) for answer in answers] == [shape(example) for example in shown]


def test_the_fastapi_example_runs(tmp_path: Path) -> None:
    """The Python block is an application whose route asks for a session."""
    (code,) = [text for language, text in BLOCKS if language == "python"]
    (tmp_path / "main.py").write_text(code)
    number = free_port()

    with running_service(number, cwd=tmp_path, command=["-m", "uvicorn", "main:app", "--port", str(number)]):
        answer = httpx.get(f"http://127.0.0.1:{number}/dashboard")

    assert (answer.status_code, answer.json()["error"]) == (401, "Authentication required")


def test_the_dynamodb_commands_run(dynamodb_local: str, tmp_path: Path) -> None:
    """The table is made and checked by the commands as they stand, and the service starts on it."""
    (text,) = [block for block in SHELL if "DYNAMODB_TABLE_NAME" in block]
    number = free_port()
    script = text.replace("users-prod", random_table()).replace("eu-central-1", "us-east-1")
    commands, _, serve = script.partition("wicketgate serve")
    environment = {**os.environ, **endpoint_environment(dynamodb_local, "unused")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    ran = subprocess.run(
        ["bash", "-euc", f"{commands}\necho $DYNAMODB_TABLE_NAME"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    table = ran.stdout.split()[-1]
    arguments = ["-m", "wicketgate", "serve", *serve.split(), "--port", str(number)]
    with running_service(number, cwd=tmp_path, command=arguments, DYNAMODB_TABLE_NAME=table, **_aws(environment)):
        assert httpx.get(f"http://127.0.0.1:{number}/readyz").json() == {"status": "ok"}


def _aws(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("AWS_")}


def test_every_other_command_is_run_by_ci() -> None:
    """No shell block is left that nobody runs."""
    script = (ROOT / ".ci" / "run").read_text()

    others = [block for block in SHELL if block not in CURL and "DYNAMODB_TABLE_NAME" not in block]

    assert sorted(others) == sorted(RUN_BY_CI)
    assert all(command.strip() in script for command in RUN_BY_CI)


def test_the_table_of_settings_is_complete() -> None:
    """README names every variable that the service reads, and no other, with its default where there is one."""
    rows = dict(re.findall(r"(?m)^\| `([A-Z_]+)` \|([^|]*)\|", README))

    assert set(rows) == {name for name, _ in variables()}
    for name, default in variables():
        assert not default or rows[name].strip() == f"`{default}`", name


def test_what_readme_links_to_exists() -> None:
    """Every file that README names is there."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_list_of_commands_is_complete() -> None:
    """README names every command that `wicketgate --help` does, and every verb of those that have verbs."""
    (listed,) = [text for language, text in BLOCKS if language == "" and text.startswith("wicketgate serve")]
    lines = {line.split()[1]: line.split()[2:] for line in listed.splitlines()}

    commands = _verbs()

    assert set(lines) == set(commands)
    for command in commands:
        told = [word.rstrip(":") for word in lines[command] if word != "|"]
        verbs = _verbs(command)
        assert told[: len(verbs)] == verbs, command


def _verbs(*command: str) -> list[str]:
    """What can follow a command, as its help says; none where nothing can."""
    help_text = subprocess.run(
        [sys.executable, "-m", "wicketgate", *command, "--help"], capture_output=True, text=True, check=True
    ).stdout
    return re.findall(r"(?m)^    ([a-z-]+)(?: |$)", help_text.partition("COMMAND\n")[2])
