"""`wicketgate secret` and `wicketgate openapi`."""

from __future__ import annotations

import argparse
import json

from wicketgate.app import Wicketgate
from wicketgate.core.errors import ConfigurationError
from wicketgate.crypto import ring
from wicketgate.settings import Settings


def secret(chosen: argparse.Namespace) -> int:
    """Prints a secret."""
    if not chosen.derived_api_token:
        print(ring.new_secret())
        return 0
    settings = Settings.from_env()
    if settings.jwt_secret is None:
        raise ConfigurationError("JWT_SECRET is not set, so nothing is derived from it")
    print(ring.derived_api_token_secret(settings.jwt_secret))
    return 0


def openapi(_: argparse.Namespace) -> int:
    """Prints the OpenAPI document of a service with everything turned on, whatever the settings here are."""
    from wicketgate.stores.memory import MemoryStore

    settings = Settings(jwt_secret=ring.new_secret(), bcrypt_cost=4, email_verification="optional", session_list=True)
    print(json.dumps(Wicketgate(settings, store=MemoryStore()).openapi(), indent=2))
    return 0
