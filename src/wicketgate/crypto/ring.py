"""Which keys the settings give: a list, the newest first to sign with, all to verify."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from wicketgate.core.errors import ConfigurationError
from wicketgate.crypto.keys import Key, b64url, derive, key
from wicketgate.settings import Settings


def session_keys(settings: Settings) -> list[Key]:
    """The keys of session tokens: the secrets' own bytes, so that other libraries can check our tokens."""
    return [key(secret.encode()) for secret in _jwt_secrets(settings)]


def api_token_keys(settings: Settings) -> list[Key]:
    """The keys of API tokens, from secrets of their own or else derived from those of the sessions."""
    own = [settings.api_token_secret, settings.api_token_secret_previous]
    given = [secret for secret in own if secret] or [derived_api_token_secret(s) for s in _jwt_secrets(settings)]
    return [key(secret.encode()) for secret in given]


def derived_api_token_secret(jwt_secret: str) -> str:
    """What stands for an unset `API_TOKEN_SECRET`. Setting it to this keeps every API token alive."""
    return b64url(derive(jwt_secret.encode(), "wicketgate api token"))


def new_secret() -> str:
    """A secret of 256 random bits, for `JWT_SECRET` or `API_TOKEN_SECRET`."""
    return secrets.token_urlsafe(32)


def development_secret_path(settings: Settings) -> Path:
    """Where the secret that was made for development is kept: beside the database."""
    return Path(settings.sqlite_path).with_suffix(".secret")


def _jwt_secrets(settings: Settings) -> list[str]:
    if settings.jwt_secret is None:
        return [_development_secret(development_secret_path(settings))]
    return [secret for secret in (settings.jwt_secret, settings.jwt_secret_previous) if secret]


def _development_secret(path: Path) -> str:
    """The secret in this file, made once and readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            make_secret_file(path)
        secret = path.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"JWT_SECRET is not set and {path} cannot be used: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"JWT_SECRET is not set and {path} cannot be used: it is not text") from None
    if not secret:
        raise ConfigurationError(f"JWT_SECRET is not set and {path} is empty; remove it or set JWT_SECRET")
    return secret


def make_secret_file(path: Path) -> None:
    """Writes a new secret, readable by its owner only; a file that is there by then stays as it is.

    A hard link, so that no other process sees half a file and of several that make one the first wins.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_secret())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
