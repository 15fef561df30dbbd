"""Mail by real processes: one that dies before it has sent, and one that comes after."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from tests.support.mail_server import MailServer, mail_server
from tests.support.ports import free_port, running_service
from wicketgate.core.clock import system_clock
from wicketgate.stores.sqlite import SqliteStore

ADA = {"email": "ada@example.com", "password": "correct horse battery"}


def variables(server: MailServer) -> dict[str, str]:
    """The way to the server, as the environment says it."""
    return {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_TLS": "off",
        "MAIL_FROM": "Acme <login@acme.example>",
        "JWT_SECRET": "a secret that several processes share, long",
    }


async def forget(port: int) -> int:
    """The status of asking for a link."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
        assert (await http.post("/api/auth/signup", json=ADA)).status_code == 201
        return (await http.post("/api/auth/password/forgot", json={"email": ADA["email"]})).status_code


async def lease_runs_out(folder: Path) -> int:
    """Has the five minutes of every job passed. Returns how many there are."""
    store = SqliteStore(folder / "wicketgate.db")
    jobs = await store.jobs(10)
    for job in jobs:
        await store.postpone_job(job, system_clock())
    await store.close()
    return len(jobs)


async def test_a_mail_outlives_its_process(tmp_path: Path) -> None:
    """A process is killed with the mail on its way, long after the request was answered; the next one sends it."""
    async with mail_server() as server, asyncio.timeout(120):
        server.open.clear()
        port = free_port()
        with running_service(port, tmp_path, **variables(server)) as process:
            status = await forget(port)
            await server.asked.wait()
            process.kill()
            process.wait(30)
        server.open.set()
        assert (status, server.received, await lease_runs_out(tmp_path)) == (200, [], 1)

        server.asked.clear()
        with running_service(free_port(), tmp_path, **variables(server)):
            while not server.received:
                await server.asked.wait()
                await asyncio.sleep(0.01)

    (received,) = server.received
    assert received.to == ADA["email"]
    assert "Choose a new password" in received.message["Subject"]


async def test_a_service_that_is_told_to_stop_gives_its_mail_back(tmp_path: Path) -> None:
    """What could not be sent by then is due at once, so that the next process need not wait for a lease."""
    async with mail_server() as server, asyncio.timeout(120):
        server.open.clear()
        port = free_port()
        with running_service(port, tmp_path, **variables(server)):
            await forget(port)
            await server.asked.wait()
        store = SqliteStore(tmp_path / "wicketgate.db")
        (job,) = await store.jobs(10)
        await store.close()

    assert job.due_ms <= system_clock()
