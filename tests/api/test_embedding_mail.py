"""Mail from a service inside an application: with a lifespan or without, and with several services in one process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from fastapi import FastAPI

from tests.support.embedded import TestClient
from tests.support.service import PASSWORD, some_settings
from wicketgate import Mail, Wicketgate
from wicketgate.core.clock import system_clock
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Store
from wicketgate.fastapi import install
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore

ADA = "ada@example.com"


class Application:
    """An application with a service, and the mail that it sends."""

    def __init__(self, store: Store) -> None:
        self.mails: list[Mail] = []
        self.sent = asyncio.Event()
        self.app = FastAPI()
        self.gate = Wicketgate(some_settings(), store=store, send_mail=self.send, write_log=lambda _: None)
        install(self.app, self.gate)

    async def send(self, mail: Mail) -> None:
        """Keeps the mail."""
        self.mails.append(mail)
        self.sent.set()

    async def forget(self, address: str) -> None:
        """Has a link asked for by somebody who has just signed up."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test") as http:
            await http.post("/api/auth/signup", json={"email": address, "password": PASSWORD})
            await http.post("/api/auth/password/forgot", json={"email": address})


async def test_no_lifespan_is_needed() -> None:
    """A job is begun as it is left, whoever runs the application."""
    application = Application(MemoryStore())

    await application.forget(ADA)

    async with asyncio.timeout(30):
        await application.sent.wait()
    assert [mail.to for mail in application.mails] == [ADA]


async def test_several_services_in_one_process() -> None:
    """Each sends its own, and none another's."""
    applications = [Application(MemoryStore()) for _ in range(3)]

    await asyncio.gather(*(each.forget(f"u{number}@example.com") for number, each in enumerate(applications)))
    for each in applications:
        await each.gate.outbox.settle()

    assert [[mail.to for mail in each.mails] for each in applications] == [
        ["u0@example.com"],
        ["u1@example.com"],
        ["u2@example.com"],
    ]


async def test_services_on_one_store_share_what_waits(tmp_path: Path) -> None:
    """What one of them left is sent by one of them, once."""
    path = tmp_path / "users.db"
    applications = [Application(SqliteStore(path)) for _ in range(3)]
    await applications[0].forget(ADA)
    for number in range(20):
        job = Job(f"left-{number}", "reset_password", {"email": ADA, "source": "s"}, system_clock(), attempts=1)
        await applications[0].gate.store.put_job(job)

    await asyncio.gather(*(each.gate.outbox.do_due() for each in applications))
    for each in applications:
        await each.gate.stop()

    assert sum(len(each.mails) for each in applications) == 21


def test_a_lifespan_sends_what_was_left(tmp_path: Path) -> None:
    """An application that starts looks at once, on whatever event loop it runs."""
    application = Application(SqliteStore(tmp_path / "users.db"))

    async def leave() -> None:
        await application.forget(ADA)
        await application.gate.outbox.settle()
        job = Job("left", "reset_password", {"email": ADA, "source": "s"}, system_clock())
        await application.gate.store.put_job(job)
        await application.gate.store.close()

    asyncio.run(leave())
    with TestClient(application.app) as client:
        assert client.get("/healthz").status_code == 200

    assert [mail.to for mail in application.mails] == [ADA, ADA]
