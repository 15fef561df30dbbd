"""The settings of the webhook."""

from __future__ import annotations

import pytest

from tests.unit.settings.test_refusals import SECRET, refusal
from wicketgate.settings import Settings

URL = "https://audit.example.com/events"
LONG = "k" * 24


@pytest.mark.parametrize("url", ["audit.example.com", "ftp://audit.example.com", "https://", "https:///events", " "])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """The message shows what an address looks like."""
    said = refusal(audit_webhook_url=url, audit_webhook_secret=LONG)

    assert said == "AUDIT_WEBHOOK_URL must be an address such as https://audit.example.com/events"


@pytest.mark.parametrize("secret", [None, "", "whsec_"])
def test_nothing_is_sent_unsigned(secret: str | None) -> None:
    """A webhook needs a secret, in development as well."""
    said = refusal(audit_webhook_url=URL, audit_webhook_secret=secret)

    assert said == "AUDIT_WEBHOOK_SECRET must have 24 bytes; make one with `wicketgate secret`"


@pytest.mark.parametrize("secret", ["whsec_***", "broken\udcff"])
def test_a_broken_secret_is_refused(secret: str) -> None:
    """What cannot be read as a key is no key."""
    said = refusal(audit_webhook_url=URL, audit_webhook_secret=secret)

    assert said == "AUDIT_WEBHOOK_SECRET must be UTF-8, and after whsec_ base64"


def test_production_asks_for_more() -> None:
    """There a secret has the length that the specification asks for, and nothing goes over plain http."""
    common = {"environment": "production", "jwt_secret": SECRET}

    short = refusal(**common, audit_webhook_url=URL, audit_webhook_secret=LONG[1:])
    plain = refusal(**common, audit_webhook_url="http://audit.example.com", audit_webhook_secret=LONG)

    assert short.startswith("AUDIT_WEBHOOK_SECRET must have 24 bytes")
    assert plain.startswith("AUDIT_WEBHOOK_URL must be")


def test_what_does() -> None:
    """A good pair is taken, and the secret is shown nowhere."""
    settings = Settings(environment="production", jwt_secret=SECRET, audit_webhook_url=URL, audit_webhook_secret=LONG)

    assert settings.webhook_key == LONG.encode()
    assert LONG not in repr(settings)


def test_without_a_webhook_there_is_no_key() -> None:
    """A secret is not asked for."""
    settings = Settings()

    assert settings.webhook_key == b""
