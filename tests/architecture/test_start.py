"""What a start loads. Timings are in `bench/`; here is what makes them, which is the same on every machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import wicketgate
from tests.architecture.source import ROOT

MAIL = {"smtplib", "email.message"}
# What is loaded when it is needed, and for whom.
LATER = {
    "email_validator": "addresses that are not everyday ones",
    "smtplib": "who sends mail",
    "email.message": "who sends mail",
    "importlib.metadata": "who asks for the version",
    "importlib.resources": "nobody, since it brings tempfile and more along for what Path does as well",
    "ctypes": "who hashes",
    "dotenv": "who has a .env",
    "starlette.requests": "applications that embed the service",
    "starlette.responses": "applications that embed the service",
    "fastapi": "applications that embed the service",
    "pydantic": "applications that embed the service",
    "anyio": "applications that embed the service",
    "aiohttp": "nobody, but aiodynamo would if it could",
    "httpx": "nobody, but aiodynamo would if it could",
    "botocore": "who wants its whole chain of credentials",
    "http.client": "who asks about breaches or sends webhooks",
    "urllib.request": "who asks about breaches or sends webhooks",
    "prometheus_client": "who counts",
    "opentelemetry": "who traces",
    "wicketgate.moving": "who moves in or out",
    "wicketgate.crypto.foreign": "users with hashes of other programs",
    "wicketgate.stores.memory": "tests",
}
_ANSWER = """
import asyncio, sys
from wicketgate.asgi import create

async def answered():
    sent = asyncio.Queue()
    scope = {"type": "http", "method": "GET", "path": "/healthz", "query_string": b"", "headers": [], "root_path": "",
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    await create()(scope, None, sent.put)
    assert (await sent.get())["status"] == 200

asyncio.run(answered())
print(*sys.modules)
"""
_SQLITE = {"SQLITE_PATH": "users.db"}
_DYNAMODB = {"DYNAMODB_TABLE_NAME": "users"}
_MAIL = {"SMTP_HOST": "mail.example", "MAIL_FROM": "Acme <login@acme.example>"}


@pytest.mark.parametrize(
    ("module", "settings", "needless"),
    [
        ("cli.serve", _SQLITE, {"aiodynamo", "wicketgate.stores.dynamodb", "wicketgate.aws_lambda"}),
        ("cli.serve", _DYNAMODB, {"apsw", "wicketgate.stores.sqlite", "wicketgate.aws_lambda"}),
        ("aws_lambda", _DYNAMODB, {"apsw", "uvicorn", "uvloop", "argparse", "wicketgate.cli"}),
        ("cli.serve", {**_SQLITE, **_MAIL}, set()),
    ],
    ids=["serve, SQLite", "serve, DynamoDB", "Lambda", "serve, mail"],
)
def test_a_first_answer_loads_only_what_it_needs(
    tmp_path: Path, module: str, settings: dict[str, str], needless: set[str]
) -> None:
    """From the start to the first answer nothing is imported that only others need, or another way of running."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "JWT_SECRET": "s" * 32, **settings}
    command = [sys.executable, "-c", f"import wicketgate.{module}\n{_ANSWER}"]

    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    allowed = MAIL if "SMTP_HOST" in settings else set()
    assert set(ran.stdout.split()) & (LATER.keys() | needless) <= allowed


def test_the_package_alone_loads_nothing() -> None:
    """So that a function, a command or a test that wants one part does not wait for the others."""
    command = [sys.executable, "-c", "import wicketgate.aws_lambda, sys\nprint(*sys.modules)"]

    loaded = subprocess.run(
        command, env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=True
    )

    assert {name for name in loaded.stdout.split() if name.startswith("wicketgate")} == {
        "wicketgate",
        "wicketgate.aws_lambda",
    }


def test_the_package_gives_what_it_names_and_nothing_else() -> None:
    """Each public name is there, and another is an ordinary error."""
    assert [getattr(wicketgate, name).__name__ for name in wicketgate.__all__] == wicketgate.__all__
    with pytest.raises(AttributeError, match="Wicket'"):
        _ = wicketgate.Wicket
