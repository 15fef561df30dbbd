"""Property 35: mail servers fail, and mail arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.mail_server import MailServer, mail_server
from tests.support.service import PASSWORD, fresh_email, some_settings
from wicketgate import Wicketgate
from wicketgate.core.outbox import WAITS_MS
from wicketgate.mail.office import PostOffice
from wicketgate.mail.smtp import Smtp, SmtpServer
from wicketgate.mail.templates import MailLook, Templates
from wicketgate.outbox.worker import LEASE_MS

UNLIMITED = {"signup_limit_max_requests": 0, "mail_limit_max_requests": 0, "mail_limit_per_address": 0}


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server, shared by all examples."""
    async with mail_server() as running:
        yield running


def refuses(server: MailServer) -> None:
    """It wants to be asked later."""
    server.recipient = lambda _: "451 4.7.1 greylisted"


def breaks_off_early(server: MailServer) -> None:
    """It is gone before it has seen the message."""
    server.recipient = lambda _: None


def breaks_off_late(server: MailServer) -> None:
    """It is gone when it has seen the message, and has not taken it."""
    server.data = lambda: None


def refuses_late(server: MailServer) -> None:
    """It has seen the message and does not want it now."""
    server.data = lambda: "452 disk full"


def forgets(server: MailServer) -> None:
    """It takes the message, and is gone before it can say so."""
    server.forgets_to_answer = True


def is_down(server: MailServer) -> None:
    """It does not listen; `stop` has seen to that."""


FAULTS = (refuses, refuses_late, breaks_off_early, breaks_off_late, forgets, is_down)


async def behave(server: MailServer, fault: Callable[[MailServer], None] | None) -> None:
    """From now on the server fails in this way, or in none."""
    server.recipient, server.data, server.forgets_to_answer = lambda _: "250 OK", lambda: "250 OK", False
    await server.stop()
    if fault is not is_down:
        await server.start()
    if fault is not None:
        fault(server)


def service(world: World, server: MailServer) -> Wicketgate:
    """A service on the store of the world, with a real way to the server."""
    way = Smtp(SmtpServer("127.0.0.1", server.port, "off"), "Acme <login@acme.example>")
    office = PostOffice(Templates(MailLook("Acme", "https://app.example.com")), way)
    settings = some_settings(**UNLIMITED)
    return Wicketgate(settings, store=world.store, clock=world.clock, post=office, write_log=world.lines.append)


# Feature: user-authentication, Property 35: For any mail that is asked for and any sequence of ways in which the mail
# server fails before it works, every request should be answered meanwhile, and every mail should arrive.
@given(
    faults=st.lists(st.sampled_from(FAULTS), max_size=4), asked=st.lists(st.integers(1, 2), min_size=1, max_size=4)
)
async def test_no_mail_is_lost(
    world: World, server: MailServer, faults: list[Callable[[MailServer], None]], asked: list[int]
) -> None:
    """People ask while the server fails in one way after another; each of their letters is there in the end."""
    app = service(world, server)
    wanted: dict[str, int] = {}
    transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.example") as http:
        for turn, fault in enumerate([*faults, None]):
            await behave(server, fault)
            for _ in range(asked[turn % len(asked)]):
                address = fresh_email()
                wanted[address] = 1
                signed_up = await http.post("/api/auth/signup", json={"email": address, "password": PASSWORD})
                answer = await http.post("/api/auth/password/forgot", json={"email": address})
                assert (signed_up.status_code, answer.status_code) == (201, 200)
            await app.outbox.settle()
            world.clock.advance(int(max(WAITS_MS[turn], LEASE_MS)))
            await app.outbox.do_due()

    assert await world.store.jobs(10) == []
    for address in wanted:
        links = {_link(received.message.as_string()) for received in server.to(address)}
        assert len(links) == 1, address
        assert len(server.to(address)) >= 1


def _link(message: str) -> str:
    """The link of a message as it was sent: the same however often it was."""
    unfolded = message.replace("=\r\n", "").replace("=\n", "")
    return unfolded.partition("/reset-password#")[2].partition("\n")[0].strip()
