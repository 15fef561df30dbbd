"""Every setting, from the environment (or `.env`) into one frozen object that is checked at start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from wicketgate.core import origin, webhooks
from wicketgate.core.errors import ConfigurationError
from wicketgate.core.limits import Limit, Network

Environment = Literal["development", "production"]
MIN_SECRET_BYTES = 32
"""An HS256 key shorter than its hash can be guessed offline from one token (RFC 7518, 3.2)."""

RECOMMENDED_BCRYPT_COST = 10
"""The least that OWASP's password storage cheat sheet asks for."""


NOTICES = ("sign_in", "password", "email", "token", "none")
"""What users may be told by mail; `none`, since a variable that is empty is unset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's settings. Each is read from the variable of its name in capitals by `from_env`.

    Raises ConfigurationError, in one line, for a value that makes no sense, and in production for one that
    would not be safe.
    """

    environment: Environment = "development"
    public_url: str | None = None
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    hsts_subdomains: bool = False

    sqlite_path: str = "wicketgate.db"
    dynamodb_table_name: str | None = None
    aws_region: str = "us-east-1"
    aws_endpoint_url_dynamodb: str | None = None

    jwt_secret: str | None = field(default=None, repr=False)
    jwt_secret_previous: str | None = field(default=None, repr=False)
    api_token_secret: str | None = field(default=None, repr=False)
    api_token_secret_previous: str | None = field(default=None, repr=False)
    jwt_expiration_hours: int = 24
    api_token_prefix: str = "wg"  # noqa: S105 - not a secret

    rate_limit_max_requests: int = 5
    rate_limit_window_ms: int = 900_000
    signup_limit_max_requests: int = 20
    account_limit_max_failures: int = 50

    mail_limit_max_requests: int = 10
    mail_limit_per_address: int = 5
    link_limit_max_requests: int = 20
    device_limit_max_failures: int = 10
    user_limit_max_requests: int = 60

    bcrypt_cost: int = 12
    hash_queue_size: int = 128
    password_letter_and_digit: bool = False
    password_refuse_common: bool = True
    password_breach_check: bool = False
    password_breach_url: str = "https://api.pwnedpasswords.com/range/"  # noqa: S105
    device_cookie: Literal["auto", "on", "off"] = "auto"

    email_verification: Literal["off", "optional", "required"] = "off"
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_tls: Literal["starttls", "implicit", "off"] = "starttls"
    smtp_username: str | None = None
    smtp_password: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    mail_templates: str | None = None
    security_notices: tuple[str, ...] = ("sign_in", "password", "email", "token")

    session_list: bool = False
    audit_days: int = 90
    audit_logins: bool = False
    audit_webhook_url: str | None = None
    audit_webhook_secret: str | None = field(default=None, repr=False)

    pages: bool = True
    product_name: str = "Wicketgate"
    logo_file: str | None = None
    accent_color: str | None = None

    log_format: Literal["auto", "json", "text"] = "auto"
    metrics: bool = False
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 9464
    traces: bool = False

    def __post_init__(self) -> None:
        for check in _CHECKS:
            check(self)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, env_file: str | Path | None = ".env") -> Settings:
        """The settings from variables, those of the environment before those of the file. An empty one is unset."""
        variables = {**_read_file(env_file), **(os.environ if environ is None else environ)}
        hints = _kinds()
        given = {setting.name: variables.get(setting.name.upper(), "") for setting in fields(cls)}
        return cls(**{name: _parse(name, text, hints[name]) for name, text in given.items() if text.strip()})

    @property
    def production(self) -> bool:
        """Whether real people use this."""
        return self.environment == "production"

    @property
    def device_cookies(self) -> bool:
        """Whether browsers that have logged in keep a mark: in production, unless said otherwise."""
        return self.production if self.device_cookie == "auto" else self.device_cookie == "on"

    @property
    def session_seconds(self) -> int:
        """How long a session lasts."""
        return self.jwt_expiration_hours * 3600

    @property
    def own_origin(self) -> str | None:
        """The origin of `PUBLIC_URL`; None while that is unset and the request's own must do."""
        return origin.normalise(self.public_url) if self.public_url else None

    @property
    def other_origins(self) -> frozenset[str]:
        """`ALLOWED_ORIGINS` as browsers spell them."""
        return frozenset(filter(None, map(origin.normalise, self.allowed_origins)))

    @property
    def trusted_networks(self) -> tuple[Network, ...]:
        """`TRUSTED_PROXIES` as networks."""
        return tuple(ip_network(text, strict=False) for text in self.trusted_proxies)

    @property
    def login_limit(self) -> Limit:
        """Login attempts of one source."""
        return Limit("login", self.rate_limit_max_requests, self.rate_limit_window_ms)

    @property
    def signup_limit(self) -> Limit:
        """Sign-ups of one source."""
        return Limit("signup", self.signup_limit_max_requests, self.rate_limit_window_ms)

    @property
    def mail_limit(self) -> Limit:
        """Calls of one source that send mail."""
        return Limit("mail", self.mail_limit_max_requests, self.rate_limit_window_ms)

    @property
    def address_limit(self) -> Limit:
        """Mails to one address that somebody without a session asked for."""
        return Limit("address", self.mail_limit_per_address, self.rate_limit_window_ms)

    @property
    def link_limit(self) -> Limit:
        """Links that one source tries."""
        return Limit("link", self.link_limit_max_requests, self.rate_limit_window_ms)

    @property
    def account_limit(self) -> Limit:
        """Failed logins of one account."""
        return Limit("account", self.account_limit_max_failures, self.rate_limit_window_ms)

    @property
    def notice_limit(self) -> Limit:
        """Security notices of one kind to one user."""
        return Limit("notice", self.mail_limit_per_address, self.rate_limit_window_ms)

    @property
    def device_limit(self) -> Limit:
        """Failed logins of one known browser."""
        return Limit("device", self.device_limit_max_failures, self.rate_limit_window_ms)

    @property
    def user_limit(self) -> Limit:
        """Calls of one user that hash a password or make an API token."""
        return Limit("user", self.user_limit_max_requests, self.rate_limit_window_ms)

    @property
    def webhook_key(self) -> bytes:
        """What webhooks are signed with; empty without a secret."""
        return webhooks.key_of(self.audit_webhook_secret or "")


def variables() -> list[tuple[str, str]]:
    """Every setting's variable with its default, for documentation."""
    defaults = Settings()
    return [(setting.name.upper(), _shown(getattr(defaults, setting.name))) for setting in fields(Settings)]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _read_file(path: str | Path | None) -> dict[str, str]:
    if path is None or not Path(path).is_file():
        return {}
    from dotenv import dotenv_values  # 10 ms that a service configured by its environment never spends

    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _parse(name: str, text: str, kind: Any) -> Any:
    if "secret" in name or name == "smtp_password":
        return text  # a key is its bytes, spaces at the ends included
    text = text.strip()
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool:
        if text.lower() not in ("true", "false", "1", "0", "on", "off", "yes", "no"):
            raise ConfigurationError(f"{name.upper()} must be true or false, not {text!r}")
        return text.lower() in ("true", "1", "on", "yes")
    if kind is int:
        if not re.fullmatch("[0-9]{1,18}", text):
            raise ConfigurationError(f"{name.upper()} must be a whole number, not {text!r}")
        return int(text)
    return text


@cache
def _kinds() -> Mapping[str, Any]:
    """What kind of value each setting has."""
    return get_type_hints(Settings)


def _check_choices(settings: Settings) -> None:
    for name, kind in _kinds().items():
        choices = get_args(kind) if getattr(kind, "__origin__", None) is Literal else ()
        if choices and getattr(settings, name) not in choices:
            raise ConfigurationError(f"{name.upper()} must be one of {', '.join(choices)}")


_RANGES = {
    "jwt_expiration_hours": (1, 24 * 366),
    "rate_limit_max_requests": (0, 1000),
    "rate_limit_window_ms": (1000, 7 * 24 * 3_600_000),
    "signup_limit_max_requests": (0, 1000),
    "account_limit_max_failures": (0, 1000),
    "mail_limit_max_requests": (0, 1000),
    "mail_limit_per_address": (0, 1000),
    "link_limit_max_requests": (0, 1000),
    "device_limit_max_failures": (1, 1000),
    "user_limit_max_requests": (0, 1000),
    "smtp_port": (1, 65_535),
    "audit_days": (0, 3660),
    "bcrypt_cost": (4, 16),
    "hash_queue_size": (0, 100_000),
    "metrics_port": (0, 65_535),
}


def _check_numbers(settings: Settings) -> None:
    for name, (least, most) in _RANGES.items():
        if not least <= getattr(settings, name) <= most:
            raise ConfigurationError(f"{name.upper()} must be between {least} and {most}")


def _check_addresses(settings: Settings) -> None:
    if settings.public_url is not None and settings.own_origin is None:
        raise ConfigurationError("PUBLIC_URL must be an origin such as https://app.example.com, without a path")
    for allowed in settings.allowed_origins:
        if origin.normalise(allowed) is None:
            raise ConfigurationError(
                f"ALLOWED_ORIGINS holds {allowed!r}, which is no origin such as https://a.example"
            )
    for network in settings.trusted_proxies:
        try:
            ip_network(network, strict=False)
        except ValueError:
            raise ConfigurationError(f"TRUSTED_PROXIES holds {network!r}, which is no address or network") from None
    if not (settings.api_token_prefix.isascii() and settings.api_token_prefix.isalnum()):
        raise ConfigurationError("API_TOKEN_PREFIX must be letters and digits")
    if not Path(settings.sqlite_path).name:
        raise ConfigurationError("SQLITE_PATH must name a file")


def _check_look(settings: Settings) -> None:
    if settings.accent_color is not None and not re.fullmatch("#[0-9a-fA-F]{6}", settings.accent_color):
        raise ConfigurationError("ACCENT_COLOR must be a colour such as #0d6b61")
    if settings.logo_file is not None:
        # A name too long for a file makes `Path.is_file` raise before Python 3.14.
        known, there = (".svg", ".png", ".webp"), os.path.isfile(settings.logo_file)  # noqa: PTH113
        if Path(settings.logo_file).suffix not in known or not there:
            raise ConfigurationError(f"LOGO_FILE is {settings.logo_file!r}, which is no .svg, .png or .webp file")


_SECRETS = ("jwt_secret", "jwt_secret_previous", "api_token_secret", "api_token_secret_previous")


def _check_secrets(settings: Settings) -> None:
    for name in _SECRETS:
        # Bytes of the environment that are no UTF-8 arrive as lone surrogates, which have no bytes of their own.
        if any("\ud800" <= character <= "\udfff" for character in getattr(settings, name) or ""):
            raise ConfigurationError(f"{name.upper()} must be UTF-8")
    for name in ("jwt_secret", "api_token_secret"):
        if getattr(settings, f"{name}_previous") and not getattr(settings, name):
            raise ConfigurationError(f"{name.upper()}_PREVIOUS is set, but {name.upper()} is not")
        if getattr(settings, name) and getattr(settings, name) == getattr(settings, f"{name}_previous"):
            raise ConfigurationError(f"{name.upper()} and {name.upper()}_PREVIOUS are the same")


_MAIL_FROM = re.compile(r"(?:[^<>\r\n]*<)?([^\s<>@]+@[^\s<>@]+)>?")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _check_mail(settings: Settings) -> None:
    sender, host, username = settings.mail_from, settings.smtp_host, settings.smtp_username
    if sender is not None and not _MAIL_FROM.fullmatch(sender):
        raise ConfigurationError("MAIL_FROM must be an address such as Acme <login@acme.example>")
    if host is None:
        return
    if any(part in host for part in ("/", "@", "[", " ")):
        raise ConfigurationError("SMTP_HOST must be a name such as smtp.acme.example; its port is SMTP_PORT")
    if sender is None:
        raise ConfigurationError("MAIL_FROM is not set, and mail needs a sender such as Acme <login@acme.example>")
    if (username is None) != (settings.smtp_password is None):
        raise ConfigurationError("SMTP_USERNAME and SMTP_PASSWORD belong together, and one of them is not set")
    if not f"{username}{settings.smtp_password}".isascii():
        raise ConfigurationError("SMTP_USERNAME and SMTP_PASSWORD must be ASCII")
    if settings.production and username is not None and settings.smtp_tls == "off" and host not in _LOOPBACK:
        raise ConfigurationError("SMTP_TLS is off, which would send SMTP_PASSWORD in the clear")


def _check_notices(settings: Settings) -> None:
    for category in settings.security_notices:
        if category not in NOTICES:
            raise ConfigurationError(f"SECURITY_NOTICES holds {category!r}, which is none of {', '.join(NOTICES)}")


def _check_webhook(settings: Settings) -> None:
    url, secret = settings.audit_webhook_url, settings.audit_webhook_secret
    if not url:
        return
    scheme, _, rest = url.partition("://")
    if scheme not in (("https",) if settings.production else ("http", "https")) or rest[:1] in ("", "/"):
        raise ConfigurationError("AUDIT_WEBHOOK_URL must be an address such as https://audit.example.com/events")
    try:
        length = len(webhooks.key_of(secret or ""))
    except ValueError:
        raise ConfigurationError("AUDIT_WEBHOOK_SECRET must be UTF-8, and after whsec_ base64") from None
    if not length or (settings.production and length < webhooks.MIN_KEY_BYTES):
        raise ConfigurationError(
            f"AUDIT_WEBHOOK_SECRET must have {webhooks.MIN_KEY_BYTES} bytes; make one with `wicketgate secret`"
        )


def _check_breaches(settings: Settings) -> None:
    scheme, _, rest = settings.password_breach_url.partition("://")
    if scheme not in (("https",) if settings.production else ("http", "https")) or rest[:1] in ("", "/"):
        raise ConfigurationError(
            "PASSWORD_BREACH_URL must be an address such as https://api.pwnedpasswords.com/range/"
        )


def _check_production(settings: Settings) -> None:
    if not settings.production:
        return
    if not settings.jwt_secret:
        raise ConfigurationError("JWT_SECRET is not set; make one with `wicketgate secret`")
    for name in _SECRETS:
        secret = getattr(settings, name)
        if secret and len(secret.encode()) < MIN_SECRET_BYTES:
            raise ConfigurationError(
                f"{name.upper()} has fewer than {MIN_SECRET_BYTES} bytes; make one with `wicketgate secret`"
            )
    if settings.own_origin is not None and not settings.own_origin.startswith("https://"):
        raise ConfigurationError("PUBLIC_URL must start with https:// in production")
    if settings.smtp_host is not None and settings.own_origin is None:
        raise ConfigurationError("PUBLIC_URL is not set, and links in mail must lead there")


_CHECKS = (
    _check_choices,
    _check_numbers,
    _check_addresses,
    _check_look,
    _check_secrets,
    _check_mail,
    _check_webhook,
    _check_notices,
    _check_breaches,
    _check_production,
)
