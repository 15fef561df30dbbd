"""Where credentials come from."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from aiodynamo.credentials import ChainCredentials, Credentials, EnvironmentCredentials, Key, TooManyRetries
from aiodynamo.errors import NoCredentialsFound
from aiodynamo.http.types import HttpImplementation, Request, Response
from botocore.exceptions import CredentialRetrievalError, ProfileNotFound  # type: ignore[import-untyped]

from tests.support.service import Service
from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable
from wicketgate.stores.dynamodb import DynamoDBStore, calls
from wicketgate.stores.dynamodb import credentials as module
from wicketgate.stores.dynamodb.credentials import BotocoreCredentials, Keys, default_credentials

_AWS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)


async def no_http(request: Request) -> Response:
    """No metadata service is asked here."""
    raise AssertionError(request.url)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without AWS in it."""
    for name in _AWS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return monkeypatch


@pytest.fixture
def without_botocore(environment: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As if `wicketgate[aws]` were not installed."""
    environment.setattr(importlib.util, "find_spec", lambda _: None)
    return environment


async def test_the_environment_comes_first(environment: pytest.MonkeyPatch) -> None:
    """Keys in the environment are used without looking further."""
    environment.setenv("AWS_ACCESS_KEY_ID", "id")
    environment.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    found = default_credentials()

    assert isinstance(found, EnvironmentCredentials)
    assert await found.get_key(no_http) == Key("id", "secret")


async def test_a_profile_is_read_from_where_it_is_said_to_be(
    without_botocore: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Static keys of a profile are found in `AWS_SHARED_CREDENTIALS_FILE`."""
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = id\naws_secret_access_key = secret\n")

    found = default_credentials()

    assert isinstance(found, ChainCredentials)
    assert await found.get_key(no_http) == Key("id", "secret")


@pytest.mark.parametrize("name", ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"])
def test_a_pod_does_not_fall_back_to_its_node(without_botocore: pytest.MonkeyPatch, name: str) -> None:
    """Where the pod has an identity that needs botocore, its absence is said instead of using the node's role."""
    without_botocore.setenv(name, "/var/run/token")

    with pytest.raises(StoreMisconfigured, match=r"install wicketgate\[aws\]"):
        default_credentials()


async def test_no_credentials_at_all_is_a_fault_of_the_set_up(without_botocore: pytest.MonkeyPatch) -> None:
    """A machine that offers none is told so, with where was looked."""
    store = DynamoDBStore("users-dev", "us-east-1", "http://127.0.0.1:9")

    with pytest.raises(StoreMisconfigured, match="no AWS credentials"):
        await store.get("ann")

    await store.close()


@dataclass
class Frozen:
    """A key as botocore hands it out."""

    access_key: str
    secret_key: str = "secret"
    token: str | None = "token"


@dataclass
class Renewed:
    """Credentials as botocore keeps them, which count how often they are asked."""

    stale: bool = True
    asked: list[str] = field(default_factory=list)

    def refresh_needed(self) -> bool:
        return self.stale

    def get_frozen_credentials(self) -> Frozen:
        self.asked.append("asked")
        return Frozen(f"id{len(self.asked)}")


class Static:
    """Credentials that botocore never renews."""

    def get_frozen_credentials(self) -> Frozen:
        return Frozen("id", token=None)


async def test_botocore_is_asked_when_its_key_runs_out() -> None:
    """The key is kept while it lasts and asked for anew when botocore says so."""
    renewed = Renewed(stale=False)
    credentials = BotocoreCredentials(lambda: renewed)
    first = [await credentials.get_key(no_http) for _ in range(3)]
    renewed.stale = True

    second = await credentials.get_key(no_http)

    assert first == [Key("id1", "secret", "token")] * 3
    assert second == Key("id2", "secret", "token")


async def test_a_refused_key_is_forgotten() -> None:
    """After AWS calls a key expired, the chain is walked anew."""
    made = [Renewed(stale=False), Renewed(stale=False)]
    chains = iter(made)
    credentials = BotocoreCredentials(lambda: next(chains))
    await credentials.get_key(no_http)

    assert credentials.invalidate() is True
    assert await credentials.get_key(no_http) == Key("id1", "secret", "token")
    assert [chain.asked for chain in made] == [["asked"], ["asked"]]


async def test_static_keys_of_botocore_are_kept() -> None:
    """Keys that are never renewed work as well."""
    credentials = BotocoreCredentials(Static)

    assert [await credentials.get_key(no_http) for _ in range(2)] == [Key("id", "secret")] * 2
    assert credentials.is_disabled() is False


async def test_botocore_s_chain_is_walked_when_it_is_there(environment: pytest.MonkeyPatch) -> None:
    """With `wicketgate[aws]` installed, what the environment has no keys for is left to botocore's own chain."""
    package, session = ModuleType("botocore"), ModuleType("botocore.session")
    session.Session = lambda: session  # type: ignore[attr-defined]
    session.get_credentials = Static  # type: ignore[attr-defined]
    environment.setitem(sys.modules, "botocore", package)
    environment.setitem(sys.modules, "botocore.session", session)
    environment.setattr(importlib.util, "find_spec", lambda _: ModuleSpec("botocore", None))
    environment.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token")

    found = default_credentials()

    assert isinstance(found, BotocoreCredentials)
    assert await found.get_key(no_http) == Key("id", "secret")


async def test_botocore_may_have_none() -> None:
    """None of botocore's sources having a key is no key."""
    assert await BotocoreCredentials(lambda: None).get_key(no_http) is None


async def test_a_key_that_is_refused_while_another_is_asked_for() -> None:
    """Forgetting a key while a thread asks for the next one leaves nothing half done."""
    asked, go_on = threading.Event(), threading.Event()

    class Slow(Renewed):
        def get_frozen_credentials(self) -> Frozen:
            asked.set()
            assert go_on.wait(10)
            return super().get_frozen_credentials()

    credentials = BotocoreCredentials(lambda: Slow(stale=False))
    first = asyncio.ensure_future(credentials.get_key(no_http))
    await asyncio.to_thread(asked.wait)
    credentials.invalidate()
    go_on.set()

    assert await first == await credentials.get_key(no_http) == Key("id1", "secret", "token")


class Failing:
    """Credentials that botocore cannot renew."""

    def refresh_needed(self) -> bool:
        return True

    def get_frozen_credentials(self) -> Frozen:
        raise CredentialRetrievalError(provider="sso", error_msg="the session has expired")


def unknown_profile() -> Renewed:
    """As botocore does when the configuration is at fault."""
    raise ProfileNotFound(profile="acme")


class Garbled(Credentials):
    """A metadata service that answers something else than a key."""

    async def get_key(self, http: HttpImplementation) -> Key | None:
        raise KeyError("AccessKeyId")

    def invalidate(self) -> bool:
        return False

    def is_disabled(self) -> bool:
        return False


class Unreachable(Garbled):
    """A metadata service that is not there."""

    async def get_key(self, http: HttpImplementation) -> Key | None:
        raise TooManyRetries


class Absent(Garbled):
    """A source that says itself that it has none."""

    async def get_key(self, http: HttpImplementation) -> Key | None:
        raise NoCredentialsFound


FAILING: list[tuple[Callable[[], Credentials], str]] = [
    (lambda: BotocoreCredentials(Failing), "AWS credentials: CredentialRetrievalError: .*the session has expired"),
    (lambda: BotocoreCredentials(unknown_profile), "AWS credentials: ProfileNotFound: .*acme"),
    (Garbled, "AWS credentials: KeyError: 'AccessKeyId'"),
    (Unreachable, "AWS credentials: TooManyRetries"),
]


@pytest.mark.parametrize(("source", "reason"), FAILING)
async def test_a_source_that_fails_is_a_store_out_of_reach(source: Callable[[], Credentials], reason: str) -> None:
    """Whatever a source raises, the answer is 503, the log has the reason, and the service starts all the same."""
    store = DynamoDBStore("users-dev", "us-east-1", "http://127.0.0.1:9", credentials=source)
    service = Service(store)
    with pytest.raises(StoreUnavailable, match=reason):
        await store.get("ann")

    await service.app.start()
    answer = await service.caller().get("/readyz")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert [line for line in service.lines if re.search(reason, str(line))]
    await service.app.stop()


@pytest.mark.parametrize("source", [Absent, lambda: BotocoreCredentials(lambda: None)])
async def test_no_credentials_are_no_failure(source: Callable[[], Credentials]) -> None:
    """A source that works and has none is a fault of the set-up."""
    store = DynamoDBStore("users-dev", "us-east-1", "http://127.0.0.1:9", credentials=source)

    with pytest.raises(StoreMisconfigured, match="no AWS credentials"):
        await store.get("ann")

    await store.close()


class Source(Credentials):
    """A source that has another key each time it is asked, or hangs."""

    def __init__(self) -> None:
        self.asked = 0
        self.hangs = False

    async def get_key(self, http: HttpImplementation) -> Key | None:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(60)
        return Key(f"id{self.asked}", "secret")

    def invalidate(self) -> bool:
        return True

    def is_disabled(self) -> bool:
        return False


async def test_a_source_is_asked_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is at hand for a minute, or until it is refused."""
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    keys = Keys(Source(), no_http)

    assert keys.at_hand is None
    assert await keys.looked_up() == Key("id1", "secret")
    now += 59
    assert keys.at_hand == Key("id1", "secret")
    now += 1
    assert keys.at_hand is None
    assert await keys.looked_up() == keys.at_hand == Key("id2", "secret")
    assert keys.invalidate() is True
    assert keys.at_hand is None


async def test_a_source_that_hangs_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a key is part of a call's time, and the next call asks again."""
    monkeypatch.setattr(calls, "DEADLINE_SECONDS", 0.1)
    source = Source()
    source.hangs = True
    store = DynamoDBStore("users-dev", "us-east-1", "http://127.0.0.1:9", credentials=lambda: source)

    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="no answer in time"):
            await store.get("ann")

    assert source.asked == 2
    await store.close()
