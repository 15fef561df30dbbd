"""`check`, `table`, `secret`, `openapi`, and what all commands share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Wicketgate
from tests.support.dynamodb_local import endpoint_environment, random_table
from wicketgate import Settings
from wicketgate.app import Wicketgate as Service
from wicketgate.cli import main
from wicketgate.cli.main import _COMMANDS
from wicketgate.crypto import libxcrypt
from wicketgate.crypto.ring import api_token_keys
from wicketgate.stores.memory import MemoryStore


def findings(ran_out: str) -> dict[str, tuple[str, str]]:
    """A report of `check --json` by subject."""
    return {finding["subject"]: (finding["level"], finding["message"]) for finding in json.loads(ran_out)}


def test_check_is_content_in_an_empty_folder(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set all is well for development, and what could be better is a warning."""
    monkeypatch.delenv("BCRYPT_COST")

    ran = wicketgate("check", "--json")

    found = findings(ran.out)
    assert ran.code == 0
    assert found["store"] == ("ok", "the SQLite file wicketgate.db answers and fits")
    assert found["API_TOKEN_SECRET"][0] == "warning"


def test_check_says_whose_bcrypt_is_used(wicketgate: Wicketgate) -> None:
    """The system's libxcrypt where there is one, by the name of its file."""
    library = libxcrypt.found()

    found = findings(wicketgate("check", "--json").out)

    assert found["bcrypt"][0] == "ok"
    assert (library.name if library else "PyPI") in found["bcrypt"][1]


@pytest.mark.parametrize(
    ("variables", "subject"),
    [
        ({"BCRYPT_COST": "9"}, "BCRYPT_COST"),
        ({"JWT_SECRET": "short"}, "JWT_SECRET"),
        ({"ENVIRONMENT": "production", "JWT_SECRET": "s" * 32}, "PUBLIC_URL"),
    ],
)
def test_check_warns(
    wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], subject: str
) -> None:
    """What works but is weak is a warning that names the variable, and no reason to fail."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    ran = wicketgate("check")

    assert ran.code == 0
    assert any(line.split()[:2] == ["warning", subject] for line in ran.out.splitlines())


def test_check_says_why_the_service_would_not_start(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that is refused is an error in the report, and the exit code says so."""
    monkeypatch.setenv("ENVIRONMENT", "production")

    ran = wicketgate("check", "--json")

    assert ran.code == 1
    assert findings(ran.out) == {"settings": ("error", "JWT_SECRET is not set; make one with `wicketgate secret`")}


def test_check_says_that_the_secret_cannot_be_kept(wicketgate: Wicketgate, tmp_path: Path) -> None:
    """A development secret that cannot be read is an error of its own."""
    (tmp_path / "wicketgate.secret").mkdir()

    ran = wicketgate("check", "--json")

    assert ran.code == 1
    assert findings(ran.out)["JWT_SECRET"][0] == "error"


@pytest.mark.parametrize(
    ("verification", "level", "code"), [("off", "ok", 0), ("optional", "warning", 0), ("required", "error", 1)]
)
def test_check_says_that_mail_is_missing(
    wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, verification: str, level: str, code: int
) -> None:
    """Without mail the service does without, where it can; where addresses must be confirmed it would not start."""
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("JWT_SECRET", "s" * 32)
    monkeypatch.setenv("EMAIL_VERIFICATION", verification)

    ran = wicketgate("check", "--json")

    assert (ran.code, findings(ran.out)["mail"][0]) == (code, level)


@pytest.mark.parametrize(
    "variable", ["JWT_SECRET", "API_TOKEN_SECRET", "SMTP_PASSWORD", "AUDIT_WEBHOOK_SECRET", "JWT_SECRET_PREVIOUS"]
)
def test_check_shows_no_secret(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """What must be kept secret is in no report, for people or for scripts."""
    secret = "not to be seen by anybody, anywhere, ever"
    monkeypatch.setenv("JWT_SECRET", "s" * 32)
    monkeypatch.setenv("SMTP_HOST", "mail.example")
    monkeypatch.setenv("MAIL_FROM", "login@acme.example")
    monkeypatch.setenv("SMTP_USERNAME", "acme")
    monkeypatch.setenv("SMTP_PASSWORD", "p" * 32)
    monkeypatch.setenv(variable, secret)

    shown = wicketgate("check").out + wicketgate("check", "--json").out

    assert "JWT_SECRET" in shown
    assert secret not in shown


def test_check_finds_a_store_that_is_gone(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table at an address where nobody listens is an error that names table and address."""
    for name, value in endpoint_environment("http://127.0.0.1:9", "users-test").items():
        monkeypatch.setenv(name, value)

    ran = wicketgate("check", "--json")

    level, message = findings(ran.out)["store"]
    assert (ran.code, level) == (1, "error")
    assert "the DynamoDB table users-test in us-east-1 at http://127.0.0.1:9" in message


@pytest.mark.parametrize(
    ("pages", "finding"),
    [("false", ("ok", "are turned off")), ("true", ("warning", "are not in this installation"))],
)
def test_check_says_what_became_of_the_pages(
    wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, pages: str, finding: tuple[str, str]
) -> None:
    """Pages that were never built are a warning, as the service answers 404 where they would be."""
    monkeypatch.setenv("PAGES", pages)
    monkeypatch.setattr("wicketgate.web.static_files.built", lambda: None)

    ran = wicketgate("check", "--json")

    level, message = findings(ran.out)["PAGES"]
    assert (ran.code, level) == (0, finding[0])
    assert message.startswith(finding[1])


def test_a_rotation_is_seen(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the previous secret is set the report says that it verifies."""
    monkeypatch.setenv("JWT_SECRET", "n" * 32)
    monkeypatch.setenv("JWT_SECRET_PREVIOUS", "o" * 32)

    ran = wicketgate("check", "--json")

    assert findings(ran.out)["JWT_SECRET"] == ("ok", "is set, and the previous one verifies")


def test_table_create_makes_the_file_once(wicketgate: Wicketgate, tmp_path: Path) -> None:
    """The second time it says that the file fits."""
    first, second, check = wicketgate("table", "create"), wicketgate("table", "create"), wicketgate("table", "check")

    assert (tmp_path / "wicketgate.db").exists()
    assert first.out == "Made the SQLite file wicketgate.db\n"
    assert second.out == "The SQLite file wicketgate.db is there already, and fits\n"
    assert check.out == "The SQLite file wicketgate.db fits\n"


def test_table_on_dynamodb(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, dynamodb_local: str) -> None:
    """A missing table is said to be missing, is made, and then fits."""
    table = random_table()
    for name, value in endpoint_environment(dynamodb_local, table).items():
        monkeypatch.setenv(name, value)

    missing, made, again = wicketgate("table", "check"), wicketgate("table", "create"), wicketgate("table", "create")

    assert missing.code == 1
    assert "does not exist; `wicketgate table create` makes it" in missing.err
    assert (made.code, made.out[:24]) == (0, "Made the DynamoDB table ")
    assert (again.code, again.out.endswith("is there already, and fits\n")) == (0, True)


def test_secrets_are_long_and_never_the_same(wicketgate: Wicketgate) -> None:
    """A secret has 256 random bits in a form that fits any variable."""
    one, other = wicketgate("secret").out.strip(), wicketgate("secret").out.strip()

    assert one != other
    assert len(one) == 43


def test_the_derived_api_token_secret_keeps_tokens_alive(
    wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setting API_TOKEN_SECRET to what is printed changes no API token."""
    monkeypatch.setenv("JWT_SECRET", "s" * 32)

    printed = wicketgate("secret", "--derived-api-token").out.strip()

    unset, pinned = Settings(jwt_secret="s" * 32), Settings(jwt_secret="x" * 32, api_token_secret=printed)
    assert api_token_keys(unset) == api_token_keys(pinned)


def test_nothing_is_derived_from_no_secret(wicketgate: Wicketgate) -> None:
    """Without JWT_SECRET there is nothing to print."""
    ran = wicketgate("secret", "--derived-api-token")

    assert (ran.code, ran.out) == (1, "")


def test_openapi_is_what_the_service_serves(wicketgate: Wicketgate) -> None:
    """The printed document is that of a service with everything turned on."""
    ran = wicketgate("openapi")

    everything = Settings(jwt_secret="s", bcrypt_cost=4, email_verification="optional", session_list=True)
    assert json.loads(ran.out) == Service(everything, store=MemoryStore()).openapi()


@pytest.mark.parametrize("arguments", [[], ["users"], ["nonsense"], ["users", "show"]])
def test_what_is_not_understood_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong call ends with exit code 2 and the usage."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: wicketgate" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["serve"], ["check"], ["table"], ["table", "create"], ["users"], ["users", "create"], ["users", "delete"]],
)
def test_every_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """--help works everywhere and offers no way to give a password as an argument."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert "--password" not in said


def test_an_interrupt_is_no_traceback(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C ends a command with the shell's usual code."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("wicketgate.crypto.ring.new_secret", interrupted)

    assert wicketgate("secret").code == 130


def test_a_reader_that_has_enough_is_no_error(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """`wicketgate … | head` ends quietly."""

    def broken() -> str:
        raise BrokenPipeError

    monkeypatch.setattr("wicketgate.crypto.ring.new_secret", broken)
    monkeypatch.setattr("sys.stderr", open("/dev/null", "w"))  # noqa: SIM115, PTH123 - the command closes it

    assert wicketgate("secret").code == 0


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_is_known_by_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is found under its name by the parser that is made for it alone."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: wicketgate {command} ")
