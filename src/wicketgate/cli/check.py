"""`wicketgate check`: the settings and the store, in plain words."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from wicketgate.cli.table import place
from wicketgate.core.errors import ConfigurationError, WicketgateError
from wicketgate.crypto import libxcrypt
from wicketgate.crypto.ring import development_secret_path, session_keys
from wicketgate.mail import choice as mail
from wicketgate.settings import MIN_SECRET_BYTES, RECOMMENDED_BCRYPT_COST, Settings
from wicketgate.stores.choice import open_store
from wicketgate.web import static_files

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    level: Level
    subject: str
    message: str


def check(chosen: argparse.Namespace) -> int:
    """Prints the report. Exit code 1 when something would keep the service from working."""
    found = list(_report())
    if chosen.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        for finding in found:
            print(f"{finding.level:<8} {finding.subject:<18} {finding.message}")
    return 1 if any(finding.level == "error" for finding in found) else 0


def _report() -> Iterator[Finding]:
    try:
        settings = Settings.from_env()
    except ConfigurationError as error:
        yield Finding("error", "settings", str(error))
        return
    yield Finding("ok", "ENVIRONMENT", settings.environment)
    yield _secret(settings)
    yield from warnings(settings)
    yield _bcrypt()
    yield _origin(settings)
    yield _limits(settings)
    yield _pages(settings)
    yield _mail(settings)
    yield asyncio.run(_store(settings))


def warnings(settings: Settings) -> Iterator[Finding]:
    """What works and should still be changed."""
    if settings.jwt_secret is not None and len(settings.jwt_secret.encode()) < MIN_SECRET_BYTES:
        message = f"has fewer than {MIN_SECRET_BYTES} bytes; production refuses that. `wicketgate secret` makes one"
        yield Finding("warning", "JWT_SECRET", message)
    if settings.api_token_secret is None:
        message = "is not set, so API tokens hang on JWT_SECRET and would die when that is rotated twice"
        yield Finding("warning", "API_TOKEN_SECRET", message)
    if settings.bcrypt_cost < RECOMMENDED_BCRYPT_COST:
        message = f"is {settings.bcrypt_cost}; OWASP asks for {RECOMMENDED_BCRYPT_COST} or more"
        yield Finding("warning", "BCRYPT_COST", message)
    if settings.production and settings.public_url is None:
        message = "is not set, so the service believes the Host header about its own origin"
        yield Finding("warning", "PUBLIC_URL", message)


def _secret(settings: Settings) -> Finding:
    if settings.jwt_secret is not None:
        rotating = ", and the previous one verifies" if settings.jwt_secret_previous else ""
        return Finding("ok", "JWT_SECRET", f"is set{rotating}")
    try:
        session_keys(settings)
    except ConfigurationError as error:
        return Finding("error", "JWT_SECRET", str(error))
    return Finding("ok", "JWT_SECRET", f"is not set; development uses the one in {development_secret_path(settings)}")


def _bcrypt() -> Finding:
    library = libxcrypt.found()
    if library is None:
        return Finding("ok", "bcrypt", "is PyPI's; no libxcrypt is here, which makes the same hashes a little sooner")
    return Finding("ok", "bcrypt", f"is the system's libxcrypt ({library.name})")


def _origin(settings: Settings) -> Finding:
    own = settings.own_origin or "whatever the Host header says"
    others = ", ".join(sorted(settings.other_origins)) or "no other origin"
    return Finding("ok", "origins", f"ours is {own}; {others} may call too")


def _limits(settings: Settings) -> Finding:
    minutes = settings.rate_limit_window_ms / 60_000
    counts = (
        f"{settings.rate_limit_max_requests} logins and {settings.signup_limit_max_requests} sign-ups a source, "
        f"{settings.account_limit_max_failures} failures an account"
    )
    return Finding("ok", "limits", f"in {minutes:g} minutes {counts} (0 is no limit)")


def _mail(settings: Settings) -> Finding:
    """How mail goes, as far as that shows without sending any."""
    try:
        office = mail.chosen(settings)
    except ConfigurationError as error:
        return Finding("error", "mail", str(error))
    if office is None:
        levels: dict[str, Level] = {"off": "ok", "optional": "warning", "required": "error"}
        message = "is not sent: SMTP_HOST is not set, so nobody can choose a forgotten password anew"
        return Finding(levels[settings.email_verification], "mail", message)
    if office.console is not None:
        return Finding("ok", "mail", "is printed and shown at /dev/outbox, which is for development")
    secured = {"starttls": "STARTTLS", "implicit": "TLS", "off": "no TLS"}[settings.smtp_tls]
    who = f"as {settings.smtp_username}" if settings.smtp_username else "without a login"
    where = f"{settings.smtp_host}:{settings.smtp_port}, {secured}, {who}"
    return Finding("ok", "mail", f"goes to {where}; `wicketgate mail test ADDRESS` tries it")


def _pages(settings: Settings) -> Finding:
    if not settings.pages:
        return Finding("ok", "PAGES", "are turned off")
    if static_files.built() is None:
        message = "are not in this installation: it was made without the browser build. `pip install .` makes them"
        return Finding("warning", "PAGES", message)
    return Finding("ok", "PAGES", f"are shown as {settings.product_name}")


async def _store(settings: Settings) -> Finding:
    store = open_store(settings)
    try:
        await store.check()
        await store.ping()
    except WicketgateError as error:
        return Finding("error", "store", f"{place(settings)}: {error}")
    finally:
        await store.close()
    return Finding("ok", "store", f"{place(settings)} answers and fits")
