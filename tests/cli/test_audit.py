"""`wicketgate audit`."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.cli.conftest import Wicketgate, settings
from wicketgate.core.audit import AuditEntry
from wicketgate.core.clock import system_clock
from wicketgate.stores.choice import open_store

DAY_MS = 86_400_000


def listed(wicketgate: Wicketgate, *options: str) -> list[dict[str, str]]:
    """What the command lists, as a script reads it."""
    ran = wicketgate("audit", "list", "--json", *options)
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def identity(wicketgate: Wicketgate, user: str) -> str:
    """The id of a user."""
    shown = json.loads(wicketgate("users", "show", user, "--json").out)
    return str(shown["id"])


def note(user_id: str, event: str, days_ago: int, network: str | None = None) -> None:
    """Writes an entry past the commands."""

    async def write() -> None:
        store = open_store(settings())
        at = system_clock() - days_ago * DAY_MS
        await store.note_audit(AuditEntry(user_id, at, event, at // 1000 + 90 * 86_400, network))
        await store.close()

    asyncio.run(write())


def test_what_the_command_line_does_is_listed(wicketgate: Wicketgate, ada: str) -> None:
    """Each change made here is there, as the operator's, newest first."""
    wicketgate("users", "set-plan", ada, "pro")
    wicketgate("users", "logout", ada)

    entries = listed(wicketgate, "--user", ada)

    assert [(entry["event"], entry.get("detail")) for entry in entries] == [
        ("sessions_ended", None),
        ("plan_changed", "pro"),
        ("signup", None),
    ]
    assert {entry["by"] for entry in entries} == {"operator"}
    assert {entry["user"] for entry in entries} == {identity(wicketgate, ada)}


def test_a_person_reads_lines(wicketgate: Wicketgate, ada: str) -> None:
    """Time, user, event and whatever else is known stand in one line."""
    user_id = identity(wicketgate, ada)
    note(user_id, "password_changed", 0, "203.0.113.0/24")

    lines = wicketgate("audit", "list", "--user", user_id).out.splitlines()

    assert lines[0].split("  ")[1:] == [user_id, "password_changed", "203.0.113.0/24"]
    assert lines[1].split("  ")[1:] == [user_id, "signup", "by the operator"]


def test_all_users_are_listed(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, ada: str) -> None:
    """Without --user everybody's entries are there, over however many pages."""
    monkeypatch.setattr("wicketgate.cli.audit._PAGE", 1)
    wicketgate("users", "create", "grace@example.com", stdin="correct horse battery\n")

    entries = listed(wicketgate)

    assert sorted(entry["user"] for entry in entries) == sorted(
        identity(wicketgate, user) for user in (ada, "grace@example.com")
    )


@pytest.mark.parametrize("of", ["all", "one"])
def test_since_leaves_out_what_is_older(wicketgate: Wicketgate, ada: str, of: str) -> None:
    """--since counts back in days."""
    user_id = identity(wicketgate, ada)
    note(user_id, "password_changed", 5)
    note(user_id, "email_changed", 20)
    chosen = ("--user", user_id) if of == "one" else ()

    entries = listed(wicketgate, "--since", "10", *chosen)

    assert {entry["event"] for entry in entries} == {"signup", "password_changed"}


def test_the_trail_of_an_id_is_there_without_the_user(wicketgate: Wicketgate) -> None:
    """An id needs no user; an address does."""
    note("someone-who-left", "password_changed", 1)

    by_id = listed(wicketgate, "--user", "someone-who-left")
    by_address = wicketgate("audit", "list", "--user", "nobody@example.com")

    assert [entry["event"] for entry in by_id] == ["password_changed"]
    assert (by_address.code, by_address.err) == (1, "wicketgate: there is no user nobody@example.com\n")


def test_nothing_is_said_to_a_person(wicketgate: Wicketgate) -> None:
    """An empty list is told to a person and is nothing at all to a script."""
    spoken, written = wicketgate("audit", "list"), wicketgate("audit", "list", "--json")

    assert (spoken.code, spoken.out, spoken.err) == (0, "", "Nothing has been kept.\n")
    assert (written.out, written.err) == ("", "")


def test_days_are_a_number(wicketgate: Wicketgate, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is not understood."""
    with pytest.raises(SystemExit) as left:
        wicketgate("audit", "list", "--since", "yesterday")

    assert left.value.code == 2
    assert "'yesterday' is no number of days" in capsys.readouterr().err
