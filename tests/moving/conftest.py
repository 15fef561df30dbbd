"""The command line with a store of each kind, in an empty folder."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.dynamodb_local import dynamodb_store, endpoint_environment, random_table
from wicketgate.cli import main
from wicketgate.core.ports import Store
from wicketgate.core.users import UserRecord
from wicketgate.settings import Settings, variables
from wicketgate.stores.sqlite import SqliteStore


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What was exported."""
        return [json.loads(line) for line in self.out.split("\n") if line]


Run = Callable[..., Ran]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], dynamodb_local: str
) -> Run:
    """`run("users", "import", "-", stdin=b"…")`, on SQLite in a folder where nothing is yet.

    DynamoDB Local is asked for here because it must start before the folder changes.
    """
    monkeypatch.chdir(tmp_path)
    for name, _ in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BCRYPT_COST", "4")

    def command(*arguments: str, stdin: bytes = b"") -> Ran:
        given = io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin)))
        monkeypatch.setattr("sys.stdin", given)
        code = main(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return command


@pytest.fixture(params=["sqlite", "dynamodb"])
def cli(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` with an empty store of each kind."""
    if request.param == "dynamodb":
        use_dynamodb(monkeypatch, request.getfixturevalue("dynamodb_local"))
        assert run("table", "create").code == 0
    return run


@pytest.fixture
def on_dynamodb(run: Run, dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` with an empty table in DynamoDB Local."""
    use_dynamodb(monkeypatch, dynamodb_local)
    assert run("table", "create").code == 0
    return run


def use_dynamodb(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """From here on commands use a table that is not there yet."""
    for name, value in endpoint_environment(endpoint, random_table()).items():
        monkeypatch.setenv(name, value)


def store_of_commands() -> Store:
    """The store that the commands use. Whoever asks closes it."""
    settings = Settings.from_env(os.environ)
    if settings.dynamodb_table_name is None:
        return SqliteStore(Path(settings.sqlite_path))
    assert settings.aws_endpoint_url_dynamodb is not None
    return dynamodb_store(settings.aws_endpoint_url_dynamodb, settings.dynamodb_table_name)


def everyone() -> dict[str, UserRecord]:
    """Every user that the commands know, by address."""

    async def listed() -> Sequence[UserRecord]:
        store = store_of_commands()
        found: list[UserRecord] = []
        after: str | None = None
        while True:
            records, after = await store.page(after, 1000)
            found += records
            if after is None:
                await store.close()
                return found

    return {record.email: record for record in asyncio.run(listed())}


def json_lines(*rows: Any) -> bytes:
    """A file of JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
