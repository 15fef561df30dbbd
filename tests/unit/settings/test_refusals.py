"""Settings that make no sense, or would not be safe."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from wicketgate.core.errors import ConfigurationError
from wicketgate.core.limits import Limit
from wicketgate.settings import MIN_SECRET_BYTES, Settings

SECRET = "s" * MIN_SECRET_BYTES
LONG = f"{'x' * 300}.svg"
BREACH_URL = "https://api.pwnedpasswords.com/range/"


def refusal(**given: Any) -> str:
    """What is said of these settings, which is one line."""
    with pytest.raises(ConfigurationError) as caught:
        Settings(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("environment", "staging", "ENVIRONMENT must be one of development, production"),
        ("log_format", "xml", "LOG_FORMAT must be one of auto, json, text"),
        ("public_url", "", "PUBLIC_URL must be an origin such as https://app.example.com, without a path"),
        (
            "public_url",
            "https://app.example/login",
            "PUBLIC_URL must be an origin such as https://app.example.com, without a path",
        ),
        (
            "allowed_origins",
            ("https://a.example", "*"),
            "ALLOWED_ORIGINS holds '*', which is no origin such as https://a.example",
        ),
        ("trusted_proxies", ("10.0.0.0/33",), "TRUSTED_PROXIES holds '10.0.0.0/33', which is no address or network"),
        ("trusted_proxies", ("proxy",), "TRUSTED_PROXIES holds 'proxy', which is no address or network"),
        ("api_token_prefix", "", "API_TOKEN_PREFIX must be letters and digits"),
        ("api_token_prefix", "a_b", "API_TOKEN_PREFIX must be letters and digits"),
        ("api_token_prefix", "ä", "API_TOKEN_PREFIX must be letters and digits"),
        *(
            ("password_breach_url", url, f"PASSWORD_BREACH_URL must be an address such as {BREACH_URL}")
            for url in ("", "api.pwnedpasswords.com", "ftp://host/range/", "https://", "https:///range/")
        ),
        (
            "security_notices",
            ("password", "mail"),
            "SECURITY_NOTICES holds 'mail', which is none of sign_in, password, email, token, none",
        ),
        ("sqlite_path", "", "SQLITE_PATH must name a file"),
        ("sqlite_path", "/", "SQLITE_PATH must name a file"),
        ("accent_color", "red", "ACCENT_COLOR must be a colour such as #0d6b61"),
        ("accent_color", "#0d6b61;", "ACCENT_COLOR must be a colour such as #0d6b61"),
        ("accent_color", "#0d6b61\n", "ACCENT_COLOR must be a colour such as #0d6b61"),
        ("logo_file", "/no/such.svg", "LOGO_FILE is '/no/such.svg', which is no .svg, .png or .webp file"),
        ("logo_file", LONG, f"LOGO_FILE is '{LONG}', which is no .svg, .png or .webp file"),
        ("jwt_secret", "broken\udcff", "JWT_SECRET must be UTF-8"),
        ("api_token_secret", "broken\udcff", "API_TOKEN_SECRET must be UTF-8"),
        ("jwt_secret_previous", SECRET, "JWT_SECRET_PREVIOUS is set, but JWT_SECRET is not"),
        ("api_token_secret_previous", SECRET, "API_TOKEN_SECRET_PREVIOUS is set, but API_TOKEN_SECRET is not"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(setting: str, value: object, message: str) -> None:
    """The message names the variable and says what it must be."""
    said = refusal(**{setting: value})

    assert said == message


@pytest.mark.parametrize(
    ("setting", "least", "most"),
    [
        ("jwt_expiration_hours", 1, 8784),
        ("rate_limit_max_requests", 0, 1000),
        ("rate_limit_window_ms", 1000, 604_800_000),
        ("signup_limit_max_requests", 0, 1000),
        ("account_limit_max_failures", 0, 1000),
        ("user_limit_max_requests", 0, 1000),
        ("bcrypt_cost", 4, 16),
        ("hash_queue_size", 0, 100_000),
        ("metrics_port", 0, 65_535),
    ],
)
def test_a_number_has_bounds(setting: str, least: int, most: int) -> None:
    """Each number is taken at its bounds and refused beyond them."""
    message = f"{setting.upper()} must be between {least} and {most}"

    assert refusal(**{setting: least - 1}) == message
    assert refusal(**{setting: most + 1}) == message
    assert getattr(Settings(**{setting: least}), setting) == least  # type: ignore[arg-type]
    assert getattr(Settings(**{setting: most}), setting) == most  # type: ignore[arg-type]


def test_a_logo_is_a_picture(tmp_path: Path) -> None:
    """A file of another kind is no logo, although it is there."""
    (tmp_path / "logo.html").write_text("<script>")

    said = refusal(logo_file=str(tmp_path / "logo.html"))

    assert said.endswith("which is no .svg, .png or .webp file")


@pytest.mark.parametrize("name", ["jwt_secret", "api_token_secret"])
def test_a_rotation_needs_two_secrets(name: str) -> None:
    """The same secret twice is no rotation."""
    said = refusal(**{name: SECRET, f"{name}_previous": SECRET})

    assert said == f"{name.upper()} and {name.upper()}_PREVIOUS are the same"


def test_production_needs_a_secret() -> None:
    """Production does not start with a made-up secret, and says how to make one."""
    said = refusal(environment="production")

    assert said == "JWT_SECRET is not set; make one with `wicketgate secret`"


def test_production_asks_about_breaches_over_https() -> None:
    """In production nobody on the way may answer in the range service's place."""
    url = "http://mirror.example/range/"

    message = refusal(environment="production", jwt_secret=SECRET, password_breach_url=url)

    assert message == f"PASSWORD_BREACH_URL must be an address such as {BREACH_URL}"
    assert Settings(password_breach_url=url).password_breach_url == url


@pytest.mark.parametrize(
    "name", ["jwt_secret", "jwt_secret_previous", "api_token_secret", "api_token_secret_previous"]
)
def test_production_needs_long_secrets(name: str) -> None:
    """No secret of production is under 32 bytes, previous ones included."""
    given = {"jwt_secret": SECRET, "api_token_secret": "a" * 32, name: "x" * 31}

    said = refusal(environment="production", **given)

    assert said == f"{name.upper()} has fewer than 32 bytes; make one with `wicketgate secret`"
    assert Settings(**given)  # type: ignore[arg-type]


def test_bytes_count_and_not_characters() -> None:
    """A secret of 16 characters with two bytes each is long enough."""
    settings = Settings(environment="production", jwt_secret="é" * 16)

    assert settings.production


def test_production_is_https() -> None:
    """An http address is refused in production and taken in development."""
    said = refusal(environment="production", jwt_secret=SECRET, public_url="http://app.example")

    assert said == "PUBLIC_URL must start with https:// in production"
    assert Settings(public_url="http://app.example").own_origin == "http://app.example"


def test_production_may_leave_the_address_open() -> None:
    """Without an address production uses that of each request."""
    settings = Settings(environment="production", jwt_secret=SECRET)

    assert settings.own_origin is None


def test_what_is_made_of_settings() -> None:
    """Origins are normalised, networks parsed, and each limit has its number and the shared window."""
    settings = Settings(
        public_url="HTTPS://App.Example:443/",
        allowed_origins=("https://A.example", "https://b.example:443"),
        trusted_proxies=("10.1.2.3/8", "::1"),
        jwt_expiration_hours=2,
        rate_limit_max_requests=1,
        signup_limit_max_requests=2,
        account_limit_max_failures=3,
        rate_limit_window_ms=4000,
    )

    assert settings.own_origin == "https://app.example"
    assert settings.other_origins == {"https://a.example", "https://b.example"}
    assert settings.trusted_networks == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert settings.session_seconds == 7200
    assert settings.login_limit == Limit("login", 1, 4000)
    assert settings.signup_limit == Limit("signup", 2, 4000)
    assert settings.account_limit == Limit("account", 3, 4000)
    assert not settings.production
