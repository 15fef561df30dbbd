"""Watching is off by default, and then nothing of it is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.dynamodb_local import endpoint_environment, random_table
from tests.support.service import some_settings
from wicketgate import Wicketgate
from wicketgate.core.audit import AuditEntry
from wicketgate.core.errors import ConfigurationError
from wicketgate.stores.choice import open_store
from wicketgate.stores.memory import MemoryStore
from wicketgate.watching import folder
from wicketgate.watching.choice import chosen
from wicketgate.watching.store import WatchedStore

LIBRARIES = "[name for name in ('prometheus_client', 'opentelemetry') if name in sys.modules]"
MADE = (
    "import sys\n"
    "from wicketgate import Settings, Wicketgate\n"
    "from wicketgate.stores.memory import MemoryStore\n"
    "Wicketgate(Settings(jwt_secret='x' * 32, bcrypt_cost=4, {}), store=MemoryStore())\n"
)


def printed(code: str) -> str:
    """What a Python of its own prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("given", "imported"),
    [("", "[]"), ("metrics=True", "['prometheus_client']"), ("traces=True", "['opentelemetry']")],
)
def test_libraries_are_imported_when_they_are_asked_for(given: str, imported: str) -> None:
    """A service that nobody watches imports neither library."""
    assert printed(MADE.format(given) + f"print({LIBRARIES})") == imported


def test_nothing_is_laid_around_anything_by_default() -> None:
    """The store is the one that was given; with metrics it is watched."""
    store = MemoryStore()

    plain = Wicketgate(some_settings(), store=store, write_log=lambda _: None)
    watched = Wicketgate(some_settings(metrics=True), store=store, write_log=lambda _: None)

    assert plain.store is store
    assert isinstance(watched.store, WatchedStore)


def test_several_services_in_a_process_share_the_metrics() -> None:
    """A second service is no duplicate in the library's registry."""
    first, second = (Wicketgate(some_settings(metrics=True), store=MemoryStore()) for _ in range(2))

    assert first.store is not second.store


def test_both_can_be_on() -> None:
    """Metrics and traces lie around the same store, one around the other."""
    service = Wicketgate(some_settings(metrics=True, traces=True), store=MemoryStore())

    assert isinstance(service.store, WatchedStore)
    assert isinstance(service.store._store, WatchedStore)


@pytest.mark.parametrize(
    ("setting", "module", "extra"),
    [("metrics", "wicketgate.watching.metrics", "metrics"), ("traces", "wicketgate.watching.traces", "otel")],
)
def test_what_cannot_be_imported_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, setting: str, module: str, extra: str
) -> None:
    """The refusal names the setting and the extra."""
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ConfigurationError, match=rf"{setting.upper()} is on.*wicketgate\[{extra}\]"):
        chosen(some_settings(**{setting: True}))


@pytest.mark.parametrize(("setting", "extra"), [("metrics", "metrics"), ("traces", "otel")])
def test_a_missing_extra_is_said_in_one_line(setting: str, extra: str) -> None:
    """Without the library the service does not start, and says what to install."""
    blocked = {"metrics": "prometheus_client", "traces": "opentelemetry"}[setting]
    code = (
        f"import sys\nsys.modules[{blocked!r}] = None\n"
        "from wicketgate.core.errors import ConfigurationError\n"
        "from wicketgate import Settings\n"
        "from wicketgate.watching.choice import chosen\n"
        f"try:\n    chosen(Settings({setting}=True))\n"
        "except ConfigurationError as error:\n    print(error)\n"
    )

    said = printed(code)

    assert said == f"{setting.upper()} is on, but its library is missing: pip install 'wicketgate[{extra}]'"


async def test_units_are_counted_on_dynamodb(dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With metrics DynamoDB is asked what each call consumed; the store's own reads and writes are told apart."""
    told: list[tuple[str, str, float]] = []
    for name, value in endpoint_environment(dynamodb_local, random_table()).items():
        monkeypatch.setenv(name, value)
    settings = some_settings(
        dynamodb_table_name=random_table(), aws_endpoint_url_dynamodb=dynamodb_local, aws_region="us-east-1"
    )
    store = open_store(settings, lambda *units: told.append(units))
    await store.create_table()

    await store.get("nobody")
    await store.note_audit(AuditEntry("nobody", 4_000_000_000_000, "login", 4_000_000_060))
    await store.audit_of("nobody", 4_000_000_000_000, 4_000_000_000_000)
    await store.close()

    assert told == [("read", "GetItem", 1.0), ("write", "UpdateItem", 1.0), ("read", "BatchGetItem", 0.5)]


def test_a_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no place can be written to, the message names the variable that helps."""
    monkeypatch.delenv(folder.VARIABLE, raising=False)
    monkeypatch.setattr(folder, "_MEMORY", str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))

    with pytest.raises(ConfigurationError, match=folder.VARIABLE), folder.shared_folder():
        pass
