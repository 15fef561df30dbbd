"""Which keys the settings give."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wicketgate.core.errors import ConfigurationError
from wicketgate.crypto.keys import b64url, derive, key
from wicketgate.crypto.ring import (
    api_token_keys,
    derived_api_token_secret,
    development_secret_path,
    make_secret_file,
    new_secret,
    session_keys,
)
from wicketgate.settings import Settings

NEW, OLD, API, API_OLD = ("n" * 32, "o" * 32, "a" * 32, "b" * 32)


def settings(path: Path) -> Settings:
    """Development settings without a secret, with the database in this place."""
    return Settings(sqlite_path=str(path))


def test_the_newest_secret_signs() -> None:
    """Session keys are the secrets' own bytes, the one that signs first."""
    keys = session_keys(Settings(jwt_secret=NEW, jwt_secret_previous=OLD))

    assert keys == [key(NEW.encode()), key(OLD.encode())]


def test_one_secret_is_one_key() -> None:
    """Without a previous secret there is one key."""
    keys = session_keys(Settings(jwt_secret=NEW))

    assert keys == [key(NEW.encode())]


def test_a_secret_is_its_bytes_in_utf_8() -> None:
    """A secret beyond ASCII is taken as UTF-8, spaces included."""
    keys = session_keys(Settings(jwt_secret=" schlüssel "))

    assert keys[0].secret == " schlüssel ".encode()


def test_api_tokens_have_secrets_of_their_own() -> None:
    """With `API_TOKEN_SECRET` set the sessions' secrets do not matter."""
    keys = api_token_keys(
        Settings(jwt_secret=NEW, jwt_secret_previous=OLD, api_token_secret=API, api_token_secret_previous=API_OLD)
    )

    assert keys == [key(API.encode()), key(API_OLD.encode())]


def test_api_tokens_have_derived_secrets_otherwise() -> None:
    """Without one, each session secret gives one that reveals nothing of it and lasts through its rotation."""
    keys = api_token_keys(Settings(jwt_secret=NEW, jwt_secret_previous=OLD))

    assert keys == [key(b64url(derive(secret.encode(), "wicketgate api token")).encode()) for secret in (NEW, OLD)]
    assert keys[0] not in session_keys(Settings(jwt_secret=NEW))


def test_the_derived_secret_can_be_set() -> None:
    """Who sets `API_TOKEN_SECRET` to what stood for it keeps every API token alive."""
    before = api_token_keys(Settings(jwt_secret=NEW))

    after = api_token_keys(Settings(jwt_secret=OLD, api_token_secret=derived_api_token_secret(NEW)))

    assert after == before


def test_a_new_secret_is_long_and_random() -> None:
    """A made secret does for production, and is another each time."""
    made = {new_secret() for _ in range(20)}

    assert len(made) == 20
    assert all(len(secret.encode()) >= 43 for secret in made)


def test_development_makes_a_secret_once(tmp_path: Path) -> None:
    """A missing secret is made beside the database, readable by its owner only, and is the same ever after."""
    keys = session_keys(settings(tmp_path / "new" / "dev.db"))

    file = tmp_path / "new" / "dev.secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert keys == [key(file.read_bytes())]
    assert session_keys(settings(tmp_path / "new" / "dev.db")) == keys
    assert [path.name for path in file.parent.iterdir()] == ["dev.secret"]


def test_api_tokens_follow_the_development_secret(tmp_path: Path) -> None:
    """In development API tokens survive a restart just as sessions do."""
    place = settings(tmp_path / "dev.db")

    first, second = api_token_keys(place), api_token_keys(place)

    assert first == second
    assert first != session_keys(place)


def test_a_line_break_at_the_end_of_the_file_is_no_part_of_it(tmp_path: Path) -> None:
    """A secret written by hand, with an editor that ends the line, is taken without the end."""
    (tmp_path / "dev.secret").write_text(f"{NEW}\n")

    keys = session_keys(settings(tmp_path / "dev.db"))

    assert keys == [key(NEW.encode())]


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    """Of several processes that make the secret at once one wins, and all use its."""
    code = (
        "import sys\n"
        "from wicketgate.crypto.ring import session_keys\n"
        "from wicketgate.settings import Settings\n"
        "given = Settings(sqlite_path=sys.argv[1])\n"
        "sys.stdin.readline()\n"
        "print(session_keys(given)[0].id)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "dev.db")]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]

    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate()[0] for process in running]

    assert len(set(answers)) == 1
    assert answers[0].strip() == session_keys(settings(tmp_path / "dev.db"))[0].id
    assert [path.name for path in tmp_path.iterdir()] == ["dev.secret"]


def test_whoever_comes_second_keeps_what_is_there(tmp_path: Path) -> None:
    """A process that finds the file made between its look and its own attempt leaves it as it is."""
    (tmp_path / "dev.secret").write_text(NEW)

    make_secret_file(tmp_path / "dev.secret")

    assert (tmp_path / "dev.secret").read_text() == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["dev.secret"]


def message(place: Path) -> str:
    """What is said of a place that cannot be used, which is one line."""
    with pytest.raises(ConfigurationError) as caught:
        session_keys(settings(place))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_unusable_place_is_named(tmp_path: Path) -> None:
    """A secret that cannot be kept is refused with the file and the reason."""
    (tmp_path / "file").write_text("")

    said = message(tmp_path / "file" / "dev.db")

    assert said.startswith(f"JWT_SECRET is not set and {tmp_path}/file/dev.secret cannot be used: ")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """An empty file is no secret, and the message says what to do."""
    (tmp_path / "dev.secret").write_text(" \n")

    said = message(tmp_path / "dev.db")

    assert said == f"JWT_SECRET is not set and {tmp_path}/dev.secret is empty; remove it or set JWT_SECRET"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A file of other bytes in the secret's place is named in one line too."""
    (tmp_path / "dev.secret").write_bytes(b"\xff\xfe\xff")

    said = message(tmp_path / "dev.db")

    assert said == f"JWT_SECRET is not set and {tmp_path}/dev.secret cannot be used: it is not text"


@pytest.mark.parametrize(
    ("database", "secret"),
    [("wicketgate.db", "wicketgate.secret"), ("data/users.sqlite", "data/users.secret"), ("plain", "plain.secret")],
)
def test_the_secret_lies_beside_the_database(database: str, secret: str) -> None:
    """The secret's file is named after the database's."""
    path = development_secret_path(Settings(sqlite_path=database))

    assert path == Path(secret)
