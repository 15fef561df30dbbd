"""The peers: how each is installed, started and spoken to. All hash with bcrypt at one cost, in one process each."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench import machine, servers
from bench.compare import speech
from bench.compare.speech import Speech
from bench.plan import COST
from bench.servers import Server
from tests.support.dynamodb_local import dynamodb_store
from tools import npm

_HERE = Path(__file__).parent
_CACHE = servers.ROOT / ".cache" / "compare"
SECRET = "a secret of the comparison, long enough for everybody in it"

Start = Callable[[machine.Cores, Path, bool], Server]
"""Starts a server on these cores with its data in a folder, its limits on or off."""

Count = Callable[[Path, str], int]
"""How many accounts of an address the store of the server last started in a folder holds."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One way to have users. `store` is what it keeps them in; `count` how many there are of an address."""

    name: str
    store: str
    speech: Speech
    start: Start
    count: Count


def peers(dynamodb: Callable[[], Mapping[str, str]]) -> list[Peer]:
    """Everybody, ourselves on each store included. `dynamodb` makes a table and returns what names it."""
    tables: list[Mapping[str, str]] = []

    def new_table() -> Mapping[str, str]:
        with ThreadPoolExecutor(1) as apart:  # making a table needs an event loop of its own
            tables.append(apart.submit(dynamodb).result())
        return tables[-1]

    def in_table(_: Path, email: str) -> int:
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(asyncio.run, _listed(tables[-1], email)).result()

    return [
        Peer("Wicketgate", "SQLite", speech.WICKETGATE, _wicketgate, _rows("users")),
        Peer("Better Auth", "SQLite", speech.BETTER_AUTH, _better_auth, _rows("user")),
        Peer("fastapi-users", "SQLite", speech.FASTAPI_USERS, _fastapi_users, _rows("user")),
        Peer("django-allauth", "SQLite", speech.ALLAUTH, _allauth, _rows("auth_user")),
        Peer("Wicketgate", "DynamoDB", speech.WICKETGATE, _on(new_table, _wicketgate_with), in_table),
        Peer("the design in Next.js", "DynamoDB", speech.NEXT_DESIGN, _on(new_table, _next_design), in_table),
    ]


def _rows(table: str) -> Count:
    def count(folder: Path, email: str) -> int:
        with closing(sqlite3.connect(folder / "users.db")) as connection:
            query = f'SELECT count(*) FROM "{table}" WHERE email = ?'
            return int(connection.execute(query, (email,)).fetchone()[0])

    return count


async def _listed(table: Mapping[str, str], email: str) -> int:
    store = dynamodb_store(table["AWS_ENDPOINT_URL_DYNAMODB"], table["DYNAMODB_TABLE_NAME"])
    records, _ = await store.page(None, 1000)
    await store.close()
    return sum(record.email == email for record in records)


_NAMED = ("fastapi-users", "django-allauth", "Django", "bcrypt")


def versions() -> dict[str, str]:
    """What was compared with."""
    listed = subprocess.run([_python(), "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True)
    found = dict(line.split("==") for line in listed.stdout.splitlines() if "==" in line)
    named = {name: str(found[name]) for name in _NAMED if name in found}
    shown = subprocess.run([_node(), "--version"], capture_output=True, text=True).stdout.strip()
    return {
        **named,
        "node": shown,
        **_npm_versions("better_auth", "better-auth"),
        **_npm_versions("next_design", "next"),
    }


def _variables(folder: Path, port: int, limits: bool) -> dict[str, str]:
    return {
        "COST": str(COST),
        "SECRET": SECRET,
        "DATABASE": str(folder / "users.db"),
        "PORT": str(port),
        "LIMITS": "on" if limits else "off",
    }


def _wicketgate(cores: machine.Cores, folder: Path, limits: bool) -> Server:
    return _wicketgate_with(cores, folder, limits, {"SQLITE_PATH": str(folder / "users.db")})


def _wicketgate_with(cores: machine.Cores, _: Path, limits: bool, store: Mapping[str, str]) -> Server:
    off = {} if limits else dict.fromkeys(_LIMITS, "0")
    return servers.wicketgate({"JWT_SECRET": SECRET, "BCRYPT_COST": str(COST), **off, **store}, cores)


_LIMITS = ("RATE_LIMIT_MAX_REQUESTS", "SIGNUP_LIMIT_MAX_REQUESTS", "ACCOUNT_LIMIT_MAX_FAILURES")


def _better_auth(cores: machine.Cores, folder: Path, limits: bool) -> Server:
    port = servers.free_port()
    return Server([_node(), str(_npm("better_auth") / "server.mjs")], port, cores, _variables(folder, port, limits))


def _next_design(cores: machine.Cores, folder: Path, limits: bool, store: Mapping[str, str]) -> Server:
    port = servers.free_port()
    home = _npm("next_design")
    if not (home / ".next" / "BUILD_ID").exists():
        subprocess.run(
            [_node(), "node_modules/next/dist/bin/next", "build"], cwd=home, check=True, capture_output=True
        )
    command = [_node(), str(home / "node_modules/next/dist/bin/next"), "start", str(home), "-p", str(port)]
    return Server(command, port, cores, {**_variables(folder, port, limits), **store, "NODE_ENV": "production"})


def _fastapi_users(cores: machine.Cores, folder: Path, limits: bool) -> Server:
    port = servers.free_port()
    command = [
        _python(),
        "-m",
        "uvicorn",
        "bench.compare.fastapi_users_app:app",
        "--port",
        str(port),
        "--no-access-log",
    ]
    return Server(command, port, cores, _variables(folder, port, limits))


def _allauth(cores: machine.Cores, folder: Path, limits: bool) -> Server:
    port = servers.free_port()
    server = [
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--threads",
        "16",
        "--keep-alive",
        "75",
    ]
    command = [_python(), *server, "--no-control-socket", "bench.compare.allauth_app:application"]
    return Server(command, port, cores, _variables(folder, port, limits))


def _on(
    new_table: Callable[[], Mapping[str, str]],
    start: Callable[[machine.Cores, Path, bool, Mapping[str, str]], Server],
) -> Start:
    return lambda cores, folder, limits: start(cores, folder, limits, new_table())


def _python() -> str:
    """The interpreter with the peers' libraries, installed when they are first needed."""
    home = _CACHE / "python"
    done, wanted = home / "installed", (_HERE / "requirements.txt").read_text()
    if not done.exists() or done.read_text() != wanted:
        _say("Python")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(_HERE / "requirements.txt")]
        subprocess.run(pip, check=True)
        done.write_text(wanted)
    return str(home / "bin" / "python")


def _npm(name: str) -> Path:
    """A copy of the peer's folder with what it needs installed beside it."""
    home, wanted = _CACHE / name, (_HERE / name / "package-lock.json").read_text()
    done = home / "node_modules" / ".installed"
    if not done.exists() or done.read_text() != wanted:
        _say(name)
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(_HERE / name, home, ignore=shutil.ignore_patterns("node_modules", ".next"))
        if npm.run(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], home) != 0:
            raise RuntimeError(f"npm could not install what {name} needs")
        done.write_text(wanted)
    return home


def _npm_versions(name: str, package: str) -> dict[str, str]:
    described = _CACHE / name / "node_modules" / package / "package.json"
    return {package: json.loads(described.read_text())["version"]} if described.exists() else {}


def _node() -> str:
    """The Node from PyPI: new enough to have an SQLite of its own."""
    found = npm.of_wheel() or npm.find()
    return found.program


def _say(what: str) -> None:
    print(f"installing the peers' libraries for {what} …", file=sys.stderr, flush=True)
