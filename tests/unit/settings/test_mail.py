"""Settings of mail that make no sense, or would not be safe."""

from __future__ import annotations

from typing import Any

import pytest

from wicketgate.core.errors import ConfigurationError
from wicketgate.settings import Settings

GOOD: dict[str, Any] = {"smtp_host": "mail.example", "mail_from": "Acme <login@acme.example>"}
PRODUCTION: dict[str, Any] = {"environment": "production", "jwt_secret": "s" * 32, "public_url": "https://a.example"}
LOGIN: dict[str, Any] = {"smtp_username": "acme", "smtp_password": "p"}


@pytest.mark.parametrize(
    "given", [GOOD, {**GOOD, **PRODUCTION, **LOGIN}, {**GOOD, "mail_from": "login@acme.example"}, {**GOOD, **LOGIN}]
)
def test_what_does(given: dict[str, Any]) -> None:
    """A server and a sender, with a login or without."""
    assert Settings(**given).smtp_host == "mail.example"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"smtp_host": "mail.example"}, "MAIL_FROM is not set"),
        ({"mail_from": "Acme"}, "MAIL_FROM must be an address"),
        ({"mail_from": "a@b.example\r\nBcc: c@d.example"}, "MAIL_FROM must be an address"),
        ({**GOOD, "smtp_host": "smtp://mail.example"}, "SMTP_HOST must be a name"),
        ({**GOOD, "smtp_username": "acme"}, "SMTP_USERNAME and SMTP_PASSWORD belong together"),
        ({**GOOD, "smtp_password": "p"}, "SMTP_USERNAME and SMTP_PASSWORD belong together"),
        ({**GOOD, "smtp_username": "acme", "smtp_password": "pä"}, "must be ASCII"),
        ({**GOOD, **PRODUCTION, **LOGIN, "smtp_tls": "off"}, "SMTP_TLS is off"),
        ({**GOOD, **PRODUCTION, "public_url": None}, "PUBLIC_URL is not set"),
        ({"smtp_tls": "ssl"}, "SMTP_TLS must be one of starttls, implicit, off"),
        ({"smtp_port": 0}, "SMTP_PORT must be between 1 and 65535"),
    ],
)
def test_what_does_not(given: dict[str, Any], message: str) -> None:
    """Each is refused in one line that names the setting, and never says the password."""
    with pytest.raises(ConfigurationError) as caught:
        Settings(**given)

    assert message in str(caught.value)


def test_a_server_on_this_machine_needs_no_tls() -> None:
    """A password that does not leave the machine may go in the clear."""
    assert Settings(**{**GOOD, **PRODUCTION, **LOGIN, "smtp_tls": "off", "smtp_host": "127.0.0.1"}).smtp_tls == "off"
