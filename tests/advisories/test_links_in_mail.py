"""Whoever asks for a link does not choose where it leads.

A link to choose a new password is mailed to the owner, but anybody may ask for it. Services that take the origin of
the link from the request (`Host`, `X-Forwarded-Host`, `Forwarded`, `Origin`) let a stranger have a link mailed that
bears the owner's good token and leads to the stranger's server, one click away from the account (known as password
reset poisoning; CVE-2017-8295 in WordPress was one). Here no request has a say: links lead to `PUBLIC_URL`, which
production cannot do without as soon as it sends mail.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.service import PASSWORD, some_settings
from wicketgate import Mail, Settings, Wicketgate
from wicketgate.core.errors import ConfigurationError
from wicketgate.stores.memory import MemoryStore

ADA = "ada@example.com"
EVIL = "evil.example"
PUBLIC = "https://app.example.com"
CLAIMS = (
    {"Host": EVIL},
    {"Host": f"{EVIL}:443"},
    {"X-Forwarded-Host": EVIL},
    {"Forwarded": f"host={EVIL}"},
    {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"},
    {"X-Original-URL": f"https://{EVIL}/"},
    {"Referer": f"https://{EVIL}/"},
)


class Letters:
    """What is mailed, as an application's own function gets it."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def __call__(self, mail: Mail) -> None:
        self.mails.append(mail)


async def ask(app: Wicketgate, path: str, body: dict[str, str], headers: dict[str, str]) -> int:
    """The status of a call from a proxy that is trusted, with whatever headers it lets pass."""
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="https://app.example.com") as http:
        return (await http.post(path, json=body, headers=headers)).status_code


@pytest.mark.parametrize("claims", CLAIMS, ids=lambda claims: "+".join(claims))
@pytest.mark.parametrize("environment", ["production", "development"])
async def test_no_request_chooses_where_a_link_leads(claims: dict[str, str], environment: str) -> None:
    """Neither in production nor, without `PUBLIC_URL`, in development."""
    letters = Letters()
    chosen: dict[str, Any] = {"environment": environment, "trusted_proxies": ("127.0.0.1",)}
    if environment == "production":
        chosen["public_url"] = PUBLIC
    app = Wicketgate(some_settings(**chosen), store=MemoryStore(), send_mail=letters, write_log=lambda _: None)
    https = {"X-Forwarded-Proto": "https"}
    assert await ask(app, "/api/auth/signup", {"email": ADA, "password": PASSWORD}, https) == 201

    status = await ask(app, "/api/auth/password/forgot", {"email": ADA}, {**https, **claims})
    await app.outbox.settle()

    (mail,) = letters.mails
    assert status == 200
    assert EVIL not in mail.text + mail.html + mail.subject
    assert ("https://app.example.com/" if environment == "production" else "http://localhost:8000/") in mail.text


def test_production_does_not_start_without_knowing_where_it_is() -> None:
    """With a mail server or with a function that sends."""
    production: dict[str, Any] = {"environment": "production", "jwt_secret": "s" * 32}

    with pytest.raises(ConfigurationError, match="PUBLIC_URL is not set"):
        Settings(**production, smtp_host="mail.example", mail_from="login@acme.example")
    with pytest.raises(ConfigurationError, match="PUBLIC_URL is not set"):
        Wicketgate(Settings(**production), store=MemoryStore(), send_mail=Letters())
