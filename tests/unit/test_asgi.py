"""The service for servers that are given a name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.web.kit import ask, scope
from wicketgate import Wicketgate, asgi
from wicketgate.core.errors import ConfigurationError


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory of its own, and quick hashes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BCRYPT_COST", "4")
    monkeypatch.setenv("LOG_FORMAT", "json")
    return tmp_path


async def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """The service is made of the environment's settings and logs to standard output."""
    monkeypatch.setenv("API_TOKEN_PREFIX", "acme")
    service = asgi.create()
    asked = scope("GET", "/healthz")

    answer = await ask(service, asked)

    assert service.settings.api_token_prefix == "acme"
    assert answer.status == 200
    assert json.loads(capfd.readouterr().out)["route"] == "/healthz"
    await service.store.close()


def test_a_server_asks_for_app() -> None:
    """The module's `app` is made when it is asked for, and not by the import."""
    service = asgi.app

    assert isinstance(service, Wicketgate)


def test_there_is_nothing_else() -> None:
    """Another name is an ordinary error."""
    with pytest.raises(AttributeError, match="application"):
        _ = asgi.application


def test_a_setting_that_makes_no_sense_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that loads the service fails with the message of the settings."""
    monkeypatch.setenv("BCRYPT_COST", "99")

    with pytest.raises(ConfigurationError, match="BCRYPT_COST must be between 4 and 16"):
        asgi.create()
