"""The runbook's commands are run as they stand there, and do what it says."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.support.dynamodb_local import endpoint_environment, random_table
from tests.support.ports import free_port, running_service
from tests.watching.shell import ROOT, Shell, sections
from wicketgate import Settings, Wicketgate

RUNBOOK = sections("runbook.md")
ADA = {"email": "ada@example.com", "password": "correct horse battery"}
BORN = "the secret of the beginning, long enough"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A terminal in an empty folder."""
    return Shell(tmp_path, {"JWT_SECRET": BORN})


class Process:
    """One process of the service, with the settings that a terminal had when it started."""

    def __init__(self, shell: Shell) -> None:
        settings = Settings.from_env(shell.variables, env_file=None)
        path = shell.folder / settings.sqlite_path
        settings = replace(settings, sqlite_path=str(path), rate_limit_max_requests=0)
        self._app = Wicketgate(settings, write_log=lambda _: None)

    async def ask(self, method: str, path: str, token: str = "", body: object = None) -> httpx.Response:
        """The answer to one request."""
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here", trust_env=False) as caller:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return await caller.request(method, path, headers=headers, json=body)

    async def log_in(self) -> tuple[str, str]:
        """Ada's new session token and her API token."""
        said = (await self.ask("POST", "/api/auth/login", body=ADA)).json()
        return said["token"], said["api_token"]

    async def knows(self, session: str) -> bool:
        """Whether a session is alive."""
        return (await self.ask("GET", "/api/profile", session)).status_code == 200

    async def verifies(self, api_token: str) -> bool:
        """Whether an API token is good."""
        return (await self.ask("GET", "/api/auth/verify", api_token)).status_code == 200

    async def close(self) -> None:
        """Ends it."""
        await self._app.store.close()


@asynccontextmanager
async def started(shell: Shell) -> AsyncIterator[Process]:
    """A process that ends with the block."""
    process = Process(shell)
    yield process
    await process.close()


async def signed_up(shell: Shell) -> tuple[str, str]:
    """Ada has an account, a session and an API token."""
    async with started(shell) as process:
        await process.ask("POST", "/api/auth/signup", body=ADA)
        return await process.log_in()


@pytest.mark.parametrize("own_api_secret", [False, True])
async def test_rotating_the_session_secret_logs_nobody_out(shell: Shell, own_api_secret: bool) -> None:
    """After each step sessions from before and after it work in processes on both sides of it; API tokens go on."""
    if own_api_secret:
        shell.variables["API_TOKEN_SECRET"] = "a secret of API tokens, long enough to be one"
    session, api_token = await signed_up(shell)
    pin, add, exchange, forget = RUNBOOK["Rotate JWT_SECRET"]

    for step in (pin, add, exchange):
        before = Process(shell)
        shell.run(step)
        async with started(shell) as after:
            made = [session, (await before.log_in())[0], (await after.log_in())[0]]
            known = [await process.knows(token) for process in (before, after) for token in made]
            tokens = [await process.verifies(api_token) for process in (before, after)]
        await before.close()

        assert (known, tokens) == ([True] * 6, [True] * 2), step

    async with started(shell) as during:
        late, _ = await during.log_in()
    shell.run(forget)
    async with started(shell) as end:
        assert [await end.knows(session), await end.knows(late), await end.verifies(api_token)] == [False, True, True]
    assert shell.variables["JWT_SECRET"] != BORN


async def test_rotating_the_secret_of_api_tokens_leaves_time(shell: Shell) -> None:
    """Old tokens live until the last step, a login shows one that outlives it, and sessions never notice."""
    shell.variables["API_TOKEN_SECRET"] = "a secret of API tokens, long enough to be one"
    session, old = await signed_up(shell)
    add, exchange, forget = RUNBOOK["Rotate API_TOKEN_SECRET"]

    shell.run(add)
    between = Process(shell)
    shell.run(exchange)
    async with started(shell) as exchanged:
        _, new = await exchanged.log_in()
        during = [await exchanged.verifies(old), await exchanged.verifies(new), await between.verifies(new)]
    await between.close()
    shell.run(forget)

    async with started(shell) as end:
        after = [await end.verifies(old), await end.verifies(new), await end.knows(session)]
    assert (during, after) == ([True, True, True], [False, True, True])


@pytest.mark.parametrize("lines", ["all", "without the first"])
async def test_ending_all_sessions(shell: Shell, lines: str) -> None:
    """Every session is dead and the password works; API tokens live, unless the line that saves them is left out."""
    session, api_token = await signed_up(shell)
    (block,) = RUNBOOK["End all sessions of everyone"]

    shell.run(block if lines == "all" else block.partition("\n")[2])

    async with started(shell) as process:
        alive = [await process.knows(session), await process.verifies(api_token)]
        again, _ = await process.log_in()
        assert alive == [False, lines == "all"]
        assert await process.knows(again)


async def test_a_leak_of_the_session_secret(shell: Shell) -> None:
    """With a secret of their own API tokens go on while all sessions end."""
    shell.variables["API_TOKEN_SECRET"] = "a secret of API tokens, long enough to be one"
    session, api_token = await signed_up(shell)

    shell.run(RUNBOOK["A secret has leaked"][0])

    async with started(shell) as process:
        assert [await process.knows(session), await process.verifies(api_token)] == [False, True]


@pytest.mark.parametrize("own_api_secret", [False, True])
async def test_a_leak_of_both(shell: Shell, own_api_secret: bool) -> None:
    """After both blocks neither sessions nor API tokens are alive, and a login gives new ones."""
    if own_api_secret:
        shell.variables["API_TOKEN_SECRET"] = "a secret of API tokens, long enough to be one"
    session, api_token = await signed_up(shell)

    for block in RUNBOOK["A secret has leaked"]:
        shell.run(block)

    async with started(shell) as process:
        assert [await process.knows(session), await process.verifies(api_token)] == [False, False]
        _, new = await process.log_in()
        assert await process.verifies(new)


async def test_the_addresses_after_a_leak_of_the_table(shell: Shell) -> None:
    """The list has everyone's address and no hash."""
    await signed_up(shell)

    shell.run(RUNBOOK["The table has leaked"][0])

    (line,) = (shell.folder / "people.jsonl").read_text().splitlines()
    assert json.loads(line)["email"] == ADA["email"]
    assert "$2b$" not in line


async def test_an_owner_is_let_in_while_somebody_guesses(shell: Shell) -> None:
    """A spent account limit refuses the right password; with the limit off it is taken."""
    await signed_up(shell)
    shown, limit_off = RUNBOOK["Somebody cannot log in"]
    assert ADA["email"] in shell.run(shown)
    async with started(shell) as process:
        for _ in range(50):
            await process.ask("POST", "/api/auth/login", body={**ADA, "password": "wrong"})
        refused = await process.ask("POST", "/api/auth/login", body=ADA)

    shell.run(limit_off)

    async with started(shell) as process:
        taken = await process.ask("POST", "/api/auth/login", body=ADA)
    assert (refused.status_code, taken.status_code) == (429, 200)


async def test_an_account_in_other_hands(shell: Shell) -> None:
    """Its sessions end at once in a process that runs; deleting it frees the address."""
    session, api_token = await signed_up(shell)
    end, delete = RUNBOOK["A user's account is in other hands"]
    async with started(shell) as process:
        shell.run(end)
        ended = [await process.knows(session), await process.verifies(api_token)]
        shell.run(delete)
        deleted = await process.verifies(api_token)
        again = await process.ask("POST", "/api/auth/signup", body=ADA)

    assert (ended, deleted, again.status_code) == ([False, True], False, 201)


def test_a_backup_while_people_sign_up(shell: Shell) -> None:
    """The copy is whole, only its owner can read it, and it holds everybody whose sign-up was answered before it."""
    backup, trial = RUNBOOK["Back up SQLite"]
    port, acknowledged, enough = free_port(), 0, threading.Event()
    unlimited = {"SIGNUP_LIMIT_MAX_REQUESTS": "0", "JWT_SECRET": BORN}

    def crowd() -> None:
        nonlocal acknowledged
        while not enough.is_set():
            account = {**ADA, "email": f"user{acknowledged}@example.com"}
            answer = httpx.post(f"http://127.0.0.1:{port}/api/auth/signup", json=account, trust_env=False)
            acknowledged += answer.status_code == 201

    with running_service(port, shell.folder, **unlimited):
        people = threading.Thread(target=crowd)
        people.start()
        while acknowledged < 20 and people.is_alive():
            time.sleep(0.01)
        before = acknowledged
        shell.run(backup)
        enough.set()
        people.join()
    said = shell.run(trial)

    copy = shell.folder / "backup.db"
    with sqlite3.connect(copy) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (users,) = database.execute("SELECT count(*) FROM users").fetchone()
    database.close()
    assert before <= users <= acknowledged
    assert copy.stat().st_mode & 0o077 == 0
    assert f"users{users:>33}" in said


async def test_a_backup_is_put_back(shell: Shell) -> None:
    """What came after the backup is gone, a session that was ended since is alive again, and ending all helps."""
    session, _ = await signed_up(shell)
    shell.run(RUNBOOK["Back up SQLite"][0])
    async with started(shell) as process:
        await process.ask("POST", "/api/auth/logout", session)
        await process.ask("POST", "/api/auth/signup", body={**ADA, "email": "late@example.com"})

    shell.run(RUNBOOK["Put a backup of SQLite back"][0])

    async with started(shell) as process:
        revived = await process.knows(session)
        late = await process.ask("POST", "/api/auth/login", body={**ADA, "email": "late@example.com"})
    shell.run(RUNBOOK["End all sessions of everyone"][0])
    async with started(shell) as process:
        assert (revived, late.status_code, await process.knows(session)) == (True, 401, False)


async def test_moving_to_another_disk(shell: Shell) -> None:
    """The file at the other place has the users, sessions go on, and `check` is content."""
    session, _ = await signed_up(shell)
    other = shell.folder / "other" / "disk"
    other.mkdir(parents=True)

    shell.run(RUNBOOK["The disk under SQLite is full"][0], **{"/other/disk": str(other)})

    (shell.folder / "wicketgate.db").unlink()
    async with started(shell) as process:
        assert await process.knows(session)


def on_dynamodb(shell: Shell, endpoint: str, table: str) -> None:
    """The terminal is one that reaches DynamoDB."""
    shell.variables |= endpoint_environment(endpoint, table)


def test_missing_users_come_back_from_a_restored_table(shell: Shell, dynamodb_local: str) -> None:
    """Who was deleted is back, who is there stays as now, and nobody's hash is left lying about."""
    live, restored = random_table(), random_table()
    on_dynamodb(shell, dynamodb_local, live)
    for table in (live, restored):
        shell.run(f"DYNAMODB_TABLE_NAME={table} wicketgate table create")
    for person in ("ada", "bob"):
        shell.run(f"wicketgate users create {person}@example.com", stdin="correct horse battery\n")
    shell.run("wicketgate users export --with-hashes then.jsonl")
    shell.run(f"DYNAMODB_TABLE_NAME={restored} wicketgate users import then.jsonl")  # plays AWS
    shell.run("wicketgate users delete ada@example.com --yes; wicketgate users set-plan bob@example.com pro")
    (block,) = RUNBOOK["Restore DynamoDB from PITR"]

    shell.run(block, **{"users-prod-restored": restored, "users-prod ": f"{live} "})

    plans = {line.split()[1]: line.split()[2] for line in shell.run("wicketgate users list").splitlines()}
    assert plans == {"ada@example.com": "free", "bob@example.com": "pro"}
    assert not (shell.folder / "restored.jsonl").exists()


def test_moving_to_another_region(shell: Shell, dynamodb_local: str) -> None:
    """Users, sessions, the sessions that were ended and API tokens are the same in the other region."""
    on_dynamodb(shell, dynamodb_local, "users-prod")
    shell.run("wicketgate table create")
    port = free_port()

    def statuses(tokens: list[str], path: str) -> list[int]:
        ask = (httpx.get(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {t}"}) for t in tokens)
        return [answer.status_code for answer in ask]

    with running_service(port, shell.folder, **service(shell)):
        httpx.post(f"http://127.0.0.1:{port}/api/auth/signup", json=ADA)
        said = [httpx.post(f"http://127.0.0.1:{port}/api/auth/login", json=ADA).json() for _ in range(2)]
        httpx.post(
            f"http://127.0.0.1:{port}/api/auth/logout", headers={"Authorization": f"Bearer {said[0]['token']}"}
        )
    (block,) = RUNBOOK["Move to another region"]

    shell.run(block)

    moved = {**service(shell), "AWS_REGION": "eu-central-1"}
    with running_service(port, shell.folder, **moved):
        assert statuses([one["token"] for one in said], "/api/profile") == [401, 200]
        assert statuses([said[0]["api_token"]], "/api/auth/verify") == [200]
    assert not (shell.folder / "moving.jsonl").exists()


def service(shell: Shell) -> dict[str, str]:
    """What a service needs of a terminal's variables."""
    return {name: value for name, value in shell.variables.items() if name not in ("PATH", "HOME", "PWD", "SHLVL")}


def test_every_block_is_run() -> None:
    """No `sh` block of the runbook is left that nobody runs."""
    counts = {title: len(blocks) for title, blocks in RUNBOOK.items() if blocks}

    assert counts == {
        "Rotate JWT_SECRET": 4,
        "Rotate API_TOKEN_SECRET": 3,
        "End all sessions of everyone": 1,
        "A secret has leaked": 2,
        "The table has leaked": 1,
        "Somebody cannot log in": 2,
        "A user's account is in other hands": 2,
        "Back up SQLite": 2,
        "Put a backup of SQLite back": 1,
        "The disk under SQLite is full": 1,
        "Restore DynamoDB from PITR": 1,
        "Move to another region": 1,
    }


@pytest.mark.parametrize("page", ["runbook.md", "watching.md", "costs.md"])
def test_links_lead_somewhere(page: str) -> None:
    """Each link to a file or a heading finds it."""
    text = (ROOT / "docs" / page).read_text()

    for target in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        file = (ROOT / "docs" / path).resolve() if path else ROOT / "docs" / page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file.read_text()), target


def anchors(text: str) -> set[str]:
    """The headings' names in links, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
