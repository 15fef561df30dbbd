"""The real service in a process of its own, as people run it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.browser.letters import Letters
from tests.support.dynamodb_local import endpoint_environment, random_table
from tests.support.service import API_TOKEN_SECRET, JWT_SECRET

PATIENCE = 60
ROOT = Path(__file__).parents[2]
KNOWN = {
    "JWT_SECRET": JWT_SECRET,
    "API_TOKEN_SECRET": API_TOKEN_SECRET,
    "BCRYPT_COST": "4",
    # Every test comes from the same address; those about limits set their own.
    "RATE_LIMIT_MAX_REQUESTS": "0",
    "SIGNUP_LIMIT_MAX_REQUESTS": "0",
    "MAIL_LIMIT_MAX_REQUESTS": "0",
    "LINK_LIMIT_MAX_REQUESTS": "0",
}
EVERYTHING = {"EMAIL_VERIFICATION": "optional", "SESSION_LIST": "true"}


@dataclass(frozen=True, slots=True)
class MailedService:
    """A running service that sends mail."""

    address: str
    letters: Letters


@asynccontextmanager
async def service_on_sqlite(folder: Path, **settings: str) -> AsyncIterator[str]:
    """The address of a service that keeps its users in a file of this folder."""
    async with _running(folder, settings) as address:
        yield address


@asynccontextmanager
async def service_with_mail(folder: Path, **settings: str) -> AsyncIterator[MailedService]:
    """A service on a file of this folder with everything turned on, and what it mails."""
    letters = folder / "letters"
    letters.mkdir()
    variables = {**EVERYTHING, "TEST_LETTERS": str(letters), **settings}
    async with _running(folder, variables, module="tests.browser.mailing") as address:
        yield MailedService(address, Letters(letters))


@asynccontextmanager
async def service_without_mail(folder: Path, **settings: str) -> AsyncIterator[str]:
    """The address of a service on a file of this folder that can send no mail."""
    async with _running(folder, settings, module="tests.browser.mailing") as address:
        yield address


@asynccontextmanager
async def service_on_dynamodb(folder: Path, endpoint: str, **settings: str) -> AsyncIterator[str]:
    """The address of a service that keeps its users in a new table."""
    variables = {**endpoint_environment(endpoint, random_table()), **settings}
    made = await _started(folder, variables, "table", "create")
    said = (await asyncio.wait_for(made.communicate(), PATIENCE))[1]
    assert made.returncode == 0, said.decode()
    async with _running(folder, variables) as address:
        yield address


@asynccontextmanager
async def _running(folder: Path, settings: Mapping[str, str], module: str = "wicketgate") -> AsyncIterator[str]:
    process = await _started(folder, settings, "serve", "--port", "0", module=module)
    assert process.stderr is not None
    log: list[str] = []
    reading: asyncio.Task[None] | None = None
    try:
        address = await asyncio.wait_for(_announced(process.stderr, log), PATIENCE)
        reading = asyncio.create_task(_read(process.stderr, log))
        await asyncio.wait_for(_answering(address), PATIENCE)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)
        if reading is not None:
            await reading


async def _started(
    folder: Path, settings: Mapping[str, str], *arguments: str, module: str = "wicketgate"
) -> asyncio.subprocess.Process:
    """In a folder of its own, so that no `.env` of the developer's counts."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        **KNOWN,
        "SQLITE_PATH": str(folder / "users.db"),
        **settings,
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _announced(said: asyncio.StreamReader, log: list[str]) -> str:
    """The address in the line with which the service begins."""
    async for line in said:
        log.append(line.decode())
        found = re.search(r"listens on (http://[\d.]+:\d+)", log[-1])
        if found:
            return found[1]
    raise RuntimeError(f"the service did not start:\n{''.join(log)}")


async def _read(said: asyncio.StreamReader, log: list[str]) -> None:
    """To the end: a service whose log nobody reads would stop at a full pipe."""
    log.extend([line.decode() async for line in said])


async def _answering(address: str) -> None:
    """The line is printed a moment before the port is open."""
    transport = httpx.AsyncHTTPTransport(retries=20)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        (await client.get(f"{address}/healthz")).raise_for_status()
