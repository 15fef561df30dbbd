"""Which way mail goes, by the settings and by what a program says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wicketgate import Settings, Wicketgate
from wicketgate.core.errors import ConfigurationError
from wicketgate.core.ports import Letter
from wicketgate.mail.choice import DEVELOPMENT_ORIGIN, chosen
from wicketgate.mail.mail import Mail
from wicketgate.stores.memory import MemoryStore

SERVER: dict[str, Any] = {"smtp_host": "mail.example", "mail_from": "login@acme.example"}
PRODUCTION: dict[str, Any] = {"environment": "production", "jwt_secret": "s" * 32}
PUBLIC = "https://app.example.com"


async def nowhere(mail: Mail) -> None:
    """A function of an application."""


def test_development_prints() -> None:
    """Without a server there is the console."""
    office = chosen(Settings())

    assert office is not None
    assert office.console is not None


def test_production_sends_none_without_a_server() -> None:
    """Nobody's links are printed there."""
    assert chosen(Settings(**PRODUCTION, public_url=PUBLIC)) is None


@pytest.mark.parametrize("settings", [Settings(**SERVER), Settings(**SERVER, **PRODUCTION, public_url=PUBLIC)])
def test_a_server_is_used(settings: Settings) -> None:
    """Wherever one is set, nothing is printed."""
    office = chosen(settings)

    assert office is not None
    assert office.console is None


def test_a_function_comes_first() -> None:
    """A program that carries mail itself is asked, whatever the settings say."""
    office = chosen(Settings(**SERVER), nowhere)

    assert office is not None
    assert office.console is None


def test_a_program_may_want_none() -> None:
    """Then nobody carries any, not even in development."""
    assert chosen(Settings(**SERVER), False) is None


def test_a_function_in_production_needs_our_address() -> None:
    """Links must lead somewhere that no visitor can choose."""
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        chosen(Settings(**PRODUCTION), nowhere)


def test_a_sender_is_looked_at_closely() -> None:
    """What passes for an address at first sight is refused when the way is made."""
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        chosen(Settings(smtp_host="mail.example", mail_from="login@acme..example"))


def test_templates_of_ones_own(tmp_path: Path) -> None:
    """The folder that the settings name is read."""
    (tmp_path / "test.txt").write_text("Subject: Grüße\n\nHallo\n", "utf-8")
    office = chosen(Settings(mail_templates=str(tmp_path)))

    assert office is not None
    assert office.templates.filled(Letter("ada@example.com", "test", {})).subject == "Grüße"


def link_of(gate: Wicketgate) -> str:
    """Where a letter of this service leads."""
    post: Any = gate.post
    text: str = post.templates.filled(Letter("ada@example.com", "reset_password", {"link": "/r"})).text
    return next(line for line in text.splitlines() if line.endswith("/r"))


def gate(**settings: Any) -> Wicketgate:
    """A service in development."""
    return Wicketgate(Settings(jwt_secret="s" * 32, bcrypt_cost=4, **settings), store=MemoryStore())


def test_links_in_development_lead_to_this_machine() -> None:
    """Until somebody says where the service listens."""
    made = gate()
    assert link_of(made) == f"{DEVELOPMENT_ORIGIN}/r"

    made.lead_mail_to("http://127.0.0.1:9000")

    assert link_of(made) == "http://127.0.0.1:9000/r"


def test_links_lead_to_the_public_address() -> None:
    """Which nobody but the settings decides."""
    made = gate(public_url=PUBLIC)

    made.lead_mail_to("http://127.0.0.1:9000")

    assert link_of(made) == f"{PUBLIC}/r"


def test_a_service_without_mail_has_nothing_to_lead() -> None:
    """Telling it where it listens does no harm."""
    made = Wicketgate(Settings(jwt_secret="s" * 32, bcrypt_cost=4), store=MemoryStore(), send_mail=False)

    made.lead_mail_to("http://127.0.0.1:9000")

    assert made.post is None


def test_confirmed_addresses_need_mail() -> None:
    """A service that asks everybody to confirm and cannot write does not start."""
    with pytest.raises(ConfigurationError, match="EMAIL_VERIFICATION"):
        Wicketgate(Settings(**PRODUCTION, email_verification="required"), store=MemoryStore())
