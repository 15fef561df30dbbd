"""Where AWS credentials come from: aiodynamo's sources, or botocore's whole chain with `wicketgate[aws]`."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, Final

from aiodynamo.credentials import (
    ChainCredentials,
    ContainerMetadataCredentials,
    Credentials,
    EnvironmentCredentials,
    FileCredentials,
    InstanceMetadataCredentialsV2,
    Key,
)
from aiodynamo.errors import AIODynamoError
from aiodynamo.http.types import HttpImplementation

from wicketgate.core.errors import StoreMisconfigured, StoreUnavailable, WicketgateError

_LOOK_SECONDS: Final = 60.0
_BOTOCORE_ONLY: Final = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")


def default_credentials() -> Credentials:
    """What the machine offers, in the order of the AWS SDKs. Raises StoreMisconfigured.

    botocore is loaded only when it is needed: it takes a third of a second, which a function that is handed its
    credentials in the environment, as on Lambda, should not pay.
    """
    environment = EnvironmentCredentials()
    if not environment.is_disabled():
        return environment
    if importlib.util.find_spec("botocore") is not None:
        return BotocoreCredentials(_botocore)
    _refuse_half_a_chain(os.environ)
    return ChainCredentials([_profile(os.environ), ContainerMetadataCredentials(), InstanceMetadataCredentialsV2()])


def _refuse_half_a_chain(environment: Mapping[str, str]) -> None:
    """Falling through to the instance role would use the rights of the node in place of those of the pod."""
    for name in _BOTOCORE_ONLY:
        if name in environment:
            raise StoreMisconfigured(f"{name} is set, which needs botocore: install wicketgate[aws]")


def _profile(environment: Mapping[str, str]) -> FileCredentials:
    path = environment.get("AWS_SHARED_CREDENTIALS_FILE")
    return FileCredentials(path=Path(path).expanduser() if path else None)


def _botocore() -> Any:
    return importlib.import_module("botocore.session").Session().get_credentials()


class Keys:
    """The key of a source, which is asked once a minute: all renew theirs when it has ten minutes left."""

    def __init__(self, source: Credentials, http: HttpImplementation) -> None:
        self.source = source
        self._http = http
        self._key: Key | None = None
        self._looked = 0.0

    @property
    def at_hand(self) -> Key | None:
        """The key that was found less than a minute ago."""
        return self._key if monotonic() - self._looked < _LOOK_SECONDS else None

    async def looked_up(self) -> Key | None:
        """What the source says now. Raises StoreUnavailable when it fails; each has errors of its own for that."""
        try:
            self._key = await self.source.get_key(self._http)
        except (WicketgateError, AIODynamoError):
            raise
        except Exception as error:
            raise StoreUnavailable(f"AWS credentials: {type(error).__name__}: {error}") from error
        self._looked = monotonic()
        return self._key

    def invalidate(self) -> bool:
        """Forgets the key. Returns whether the source may have another."""
        self._key = None
        return self.source.invalidate()


class BotocoreCredentials(Credentials):
    """Credentials of botocore: web identity, SSO, assumed roles, credential processes and all the rest.

    botocore blocks while it asks, so it asks in a thread; between two renewals the key is at hand.
    """

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._found: Any = None
        self._key: Key | None = None

    async def get_key(self, http: HttpImplementation) -> Key | None:
        """The key of the moment, None if no source has one."""
        if self._key is None or self._found is None or self._found.refresh_needed():
            self._key = await asyncio.to_thread(self._ask)
        return self._key

    def invalidate(self) -> bool:
        """Forgets the key, so that the next request asks anew."""
        self._found = self._key = None
        return True

    def is_disabled(self) -> bool:
        """Never: whether there is a key shows when it is asked for."""
        return False

    def _ask(self) -> Key | None:
        found = self._found or self._load()
        if found is None:
            return None
        self._found = found = found if hasattr(found, "refresh_needed") else _Lasting(found)
        frozen = found.get_frozen_credentials()
        return Key(frozen.access_key, frozen.secret_key, frozen.token)


class _Lasting:
    """Credentials that botocore never renews."""

    def __init__(self, found: Any) -> None:
        self._found = found

    def refresh_needed(self) -> bool:
        return False

    def get_frozen_credentials(self) -> Any:
        return self._found.get_frozen_credentials()
