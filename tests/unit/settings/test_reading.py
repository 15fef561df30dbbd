"""Settings from variables."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from wicketgate.core.errors import ConfigurationError
from wicketgate.settings import Settings, variables

SECRET = "s" * 32
GIVEN: dict[str, tuple[str, Any]] = {
    "ENVIRONMENT": ("production", "production"),
    "PUBLIC_URL": (" https://app.example ", "https://app.example"),
    "ALLOWED_ORIGINS": (
        "https://a.example, https://b.example:8443 ,",
        ("https://a.example", "https://b.example:8443"),
    ),
    "TRUSTED_PROXIES": ("10.0.0.0/8,::1", ("10.0.0.0/8", "::1")),
    "SQLITE_PATH": ("/var/lib/users.db", "/var/lib/users.db"),
    "DYNAMODB_TABLE_NAME": ("users-production", "users-production"),
    "AWS_REGION": ("eu-central-1", "eu-central-1"),
    "AWS_ENDPOINT_URL_DYNAMODB": ("http://localhost:8000", "http://localhost:8000"),
    "JWT_SECRET": (f" {SECRET} ", f" {SECRET} "),
    "JWT_SECRET_PREVIOUS": ("p" * 32, "p" * 32),
    "API_TOKEN_SECRET": ("a" * 32, "a" * 32),
    "API_TOKEN_SECRET_PREVIOUS": ("b" * 32, "b" * 32),
    "JWT_EXPIRATION_HOURS": (" 12 ", 12),
    "API_TOKEN_PREFIX": ("acme", "acme"),
    "RATE_LIMIT_MAX_REQUESTS": ("0", 0),
    "RATE_LIMIT_WINDOW_MS": ("60000", 60_000),
    "SIGNUP_LIMIT_MAX_REQUESTS": ("7", 7),
    "ACCOUNT_LIMIT_MAX_FAILURES": ("9", 9),
    "MAIL_LIMIT_MAX_REQUESTS": ("11", 11),
    "MAIL_LIMIT_PER_ADDRESS": ("3", 3),
    "LINK_LIMIT_MAX_REQUESTS": ("12", 12),
    "DEVICE_LIMIT_MAX_FAILURES": ("13", 13),
    "USER_LIMIT_MAX_REQUESTS": ("14", 14),
    "BCRYPT_COST": ("10", 10),
    "HASH_QUEUE_SIZE": ("3", 3),
    "PASSWORD_LETTER_AND_DIGIT": ("true", True),
    "PASSWORD_REFUSE_COMMON": ("false", False),
    "PASSWORD_BREACH_CHECK": ("true", True),
    "PASSWORD_BREACH_URL": ("https://breaches.example/range/", "https://breaches.example/range/"),
    "DEVICE_COOKIE": ("off", "off"),
    "EMAIL_VERIFICATION": ("required", "required"),
    "SMTP_HOST": (" mail.example ", "mail.example"),
    "SMTP_PORT": ("465", 465),
    "SMTP_TLS": ("implicit", "implicit"),
    "SMTP_USERNAME": ("mailer", "mailer"),
    "SMTP_PASSWORD": (" the mail server's word ", " the mail server's word "),
    "MAIL_FROM": ("Acme <login@acme.example>", "Acme <login@acme.example>"),
    "MAIL_TEMPLATES": ("mail", "mail"),
    "SECURITY_NOTICES": ("password, email", ("password", "email")),
    "SESSION_LIST": ("true", True),
    "AUDIT_DAYS": ("30", 30),
    "AUDIT_LOGINS": ("true", True),
    "AUDIT_WEBHOOK_URL": ("https://audit.example/hook", "https://audit.example/hook"),
    "AUDIT_WEBHOOK_SECRET": ("w" * 32, "w" * 32),
    "HSTS_SUBDOMAINS": ("yes", True),
    "PAGES": ("off", False),
    "PRODUCT_NAME": (" Acme Login ", "Acme Login"),
    "ACCENT_COLOR": ("#aB12cd", "#aB12cd"),
    "LOG_FORMAT": ("json", "json"),
    "METRICS": ("true", True),
    "METRICS_HOST": ("0.0.0.0", "0.0.0.0"),
    "METRICS_PORT": ("9000", 9000),
    "TRACES": ("1", True),
}
SECRET_NAMES = {name for name in GIVEN if "SECRET" in name} | {"SMTP_PASSWORD"}
WITH_OTHERS = {"ENVIRONMENT", "JWT_SECRET_PREVIOUS", "API_TOKEN_SECRET_PREVIOUS", "AUDIT_WEBHOOK_URL", "SMTP_HOST"}


def read(**variables: str) -> Settings:
    """The settings that these variables give."""
    return Settings.from_env(variables, env_file=None)


def test_every_setting_has_its_variable() -> None:
    """No setting is forgotten in the table above but the one that names a file."""
    names = {setting.name.upper() for setting in fields(Settings)}

    assert names == set(GIVEN) | {"LOGO_FILE"}


@pytest.mark.parametrize("name", sorted(set(GIVEN) - WITH_OTHERS))
def test_a_variable_sets_its_setting(name: str) -> None:
    """Each variable sets the setting of its name and no other."""
    text, value = GIVEN[name]

    settings = read(**{name: text})

    assert settings == replace(Settings(), **{name.lower(): value})


def test_all_variables_together() -> None:
    """Every variable at once, with those that need one another, gives what they say."""
    settings = read(**{name: text for name, (text, _) in GIVEN.items()})

    assert settings == Settings(**{name.lower(): value for name, (_, value) in GIVEN.items()})


def test_a_logo_is_a_file(tmp_path: Path) -> None:
    """A logo that is there is taken."""
    (tmp_path / "logo.svg").write_text("<svg/>")

    settings = read(LOGO_FILE=f" {tmp_path}/logo.svg ")

    assert settings.logo_file == f"{tmp_path}/logo.svg"


def test_nothing_set_is_the_defaults() -> None:
    """Without variables, with foreign ones, and with empty ones the defaults hold."""
    settings = read(PATH="/bin", JWT_SECRET="", BCRYPT_COST=" ", ALLOWED_ORIGINS="\t")

    assert settings == Settings()


@pytest.mark.parametrize("text", ["true", "TRUE", "1", "on", "Yes"])
def test_what_means_yes(text: str) -> None:
    """A switch is on in any of the usual words."""
    settings = read(PASSWORD_LETTER_AND_DIGIT=text)

    assert settings.password_letter_and_digit


@pytest.mark.parametrize("text", ["false", "False", "0", "off", "NO"])
def test_what_means_no(text: str) -> None:
    """A switch is off in any of the usual words."""
    settings = read(PAGES=text)

    assert not settings.pages


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("PAGES", "maybe", "PAGES must be true or false, not 'maybe'"),
        ("BCRYPT_COST", "twelve", "BCRYPT_COST must be a whole number, not 'twelve'"),
        ("BCRYPT_COST", "-1", "BCRYPT_COST must be a whole number, not '-1'"),
        ("BCRYPT_COST", "12.0", "BCRYPT_COST must be a whole number, not '12.0'"),
        ("BCRYPT_COST", "9" * 5000, f"BCRYPT_COST must be a whole number, not '{'9' * 5000}'"),
        ("BCRYPT_COST", "1_2", "BCRYPT_COST must be a whole number, not '1_2'"),
        ("BCRYPT_COST", "١٢", "BCRYPT_COST must be a whole number, not '١٢'"),
    ],
)
def test_a_word_that_is_no_value_is_refused(variable: str, text: str, message: str) -> None:
    """A text that cannot be read is refused with the variable's name and what it must be."""
    with pytest.raises(ConfigurationError) as caught:
        read(**{variable: text})

    assert str(caught.value) == message


def test_a_file_is_read(tmp_path: Path) -> None:
    """Variables may stand in a file, with comments and quotes."""
    file = tmp_path / ".env"
    file.write_text('# ours\nBCRYPT_COST=5\nPRODUCT_NAME="Acme # Co"\nexport API_TOKEN_PREFIX=acme\nJUST_A_NAME\n')

    settings = Settings.from_env({}, env_file=file)

    assert settings == Settings(bcrypt_cost=5, product_name="Acme # Co", api_token_prefix="acme")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A variable of the environment counts before one of the file, and an empty one unsets it."""
    file = tmp_path / ".env"
    file.write_text("BCRYPT_COST=5\nAPI_TOKEN_PREFIX=acme\nAWS_REGION=eu-west-1\n")

    settings = Settings.from_env({"BCRYPT_COST": "6", "API_TOKEN_PREFIX": ""}, env_file=str(file))

    assert settings == Settings(bcrypt_cost=6, aws_region="eu-west-1")


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    """Nobody needs a file."""
    settings = Settings.from_env({}, env_file=tmp_path / ".env")

    assert settings == Settings()


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a mapping the variables of the process count, and `.env` of the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BCRYPT_COST", "7")
    (tmp_path / ".env").write_text("BCRYPT_COST=5\nPAGES=no\n")

    settings = Settings.from_env()

    assert (settings.bcrypt_cost, settings.pages) == (7, False)


def test_no_secret_is_shown() -> None:
    """Settings in a log or a traceback show no secret."""
    given = {name: text for name, (text, _) in GIVEN.items()}

    shown = repr(read(**given))

    assert not [name for name, text in given.items() if name in SECRET_NAMES and text.strip() in shown]
    assert "users-production" in shown


def test_the_documented_defaults_are_the_defaults() -> None:
    """Setting every variable to the default that is documented changes nothing."""
    documented = dict(variables())

    assert read(**documented) == Settings()
    assert documented["BCRYPT_COST"] == "12"
    assert documented["PAGES"] == "true"
    assert documented["JWT_SECRET"] == ""
    assert documented["ALLOWED_ORIGINS"] == ""


@pytest.mark.parametrize(
    ("environment", "setting", "on"),
    [
        ("development", "auto", False),
        ("production", "auto", True),
        ("development", "on", True),
        ("production", "off", False),
    ],
)
def test_browsers_are_marked_where_strangers_are(environment: str, setting: str, on: bool) -> None:
    """In production and not in development, unless the setting says so."""
    settings = read(
        ENVIRONMENT=environment, DEVICE_COOKIE=setting, JWT_SECRET="s" * 32, PUBLIC_URL="https://a.example"
    )

    assert settings.device_cookies is on
