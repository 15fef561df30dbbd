"""`wicketgate users`."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.cli.conftest import Wicketgate, settings
from tests.support.post import PostBox
from wicketgate.app import Wicketgate as Service
from wicketgate.core.errors import InvalidCredentials, NotAuthenticated
from wicketgate.core.quality import TOO_CLOSE, TOO_COMMON
from wicketgate.core.users import FORMER_EMAIL, Edit, email_claim
from wicketgate.core.visits import Visit


def test_a_created_user_is_shown(wicketgate: Wicketgate, ada: str) -> None:
    """What was created can be looked at, and without any secret."""
    shown = wicketgate("users", "show", ada, "--json")

    user = json.loads(shown.out)
    assert set(user) == {"id", "email", "name", "plan", "createdAt", "lastModified"}
    assert (user["email"], user["name"], user["plan"]) == (ada, "Ada", "free")


def test_show_for_a_person_names_every_field(wicketgate: Wicketgate, ada: str) -> None:
    """Without --json the fields stand one a line, the versions among them."""
    shown = wicketgate("users", "show", ada)

    names = [line.split()[0] for line in shown.out.splitlines()]
    assert names[:2] == ["id", "email"]
    assert names[-2:] == ["sessionVersion", "apiTokenVersion"]


def test_a_user_is_found_by_id(wicketgate: Wicketgate, ada: str) -> None:
    """An id does as well as an address, in whatever case that is written."""
    by_address = json.loads(wicketgate("users", "show", "ADA@Example.com", "--json").out)

    by_id = json.loads(wicketgate("users", "show", by_address["id"], "--json").out)

    assert by_id == by_address


def test_an_unknown_user_is_an_error_in_one_line(wicketgate: Wicketgate) -> None:
    """Whoever does not exist is named on standard error, and the exit code says so."""
    ran = wicketgate("users", "show", "nobody@example.com")

    assert (ran.code, ran.out, ran.err) == (1, "", "wicketgate: there is no user nobody@example.com\n")


def test_a_second_user_with_the_address_is_refused(wicketgate: Wicketgate, ada: str) -> None:
    """An address that is taken is told so: whoever runs this may know."""
    ran = wicketgate("users", "create", ada, stdin="correct horse battery\n")

    assert (ran.code, ran.err) == (1, "wicketgate: A user with this email address exists already\n")


@pytest.mark.parametrize(("password", "message"), [("password1", TOO_COMMON), ("grace@example.com", TOO_CLOSE)])
def test_the_operator_chooses_no_common_password_either(wicketgate: Wicketgate, password: str, message: str) -> None:
    """A password that is tried first is refused on the command line as at a sign-up, and nobody is created."""
    ran = wicketgate("users", "create", "grace@example.com", stdin=f"{password}\n")

    assert (ran.code, ran.err) == (1, f"wicketgate: {message}\n")
    assert wicketgate("users", "show", "grace@example.com").code == 1


def test_every_broken_rule_is_told(wicketgate: Wicketgate) -> None:
    """Creating a user applies the same rules as a sign-up, and tells all that are broken."""
    ran = wicketgate("users", "create", "nonsense", stdin="short\n")

    assert ran.code == 1
    assert "Enter a valid email address; Password must be at least 8 characters" in ran.err


def test_created_as_json(wicketgate: Wicketgate) -> None:
    """A script can read whom it created; the name comes from the address."""
    ran = wicketgate("users", "create", "bo@example.com", "--json", stdin="correct horse battery\n")

    assert json.loads(ran.out)["name"] == "bo"


def test_the_password_is_asked_twice_in_a_terminal(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person types the password twice, unseen, and a difference is an error."""
    answers = iter(["correct horse battery", "correct horse batter"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))

    ran = wicketgate("users", "create", "bo@example.com", terminal=True)

    assert (ran.code, ran.err) == (1, "wicketgate: The passwords differ\n")


def test_list_says_when_there_is_nobody(wicketgate: Wicketgate) -> None:
    """An empty list is told to a person and is nothing at all to a script."""
    spoken, written = wicketgate("users", "list"), wicketgate("users", "list", "--json")

    assert (spoken.out, spoken.err) == ("", "No users yet.\n")
    assert (written.out, written.err) == ("", "")


def test_list_ends_at_its_limit(wicketgate: Wicketgate, ada: str) -> None:
    """--limit stops after so many users."""
    wicketgate("users", "create", "bo@example.com", stdin="correct horse battery\n")

    everyone, one = wicketgate("users", "list", "--json"), wicketgate("users", "list", "--limit", "1")

    assert {json.loads(line)["email"] for line in everyone.out.splitlines()} == {ada, "bo@example.com"}
    assert len(one.out.splitlines()) == 1


def test_list_pages_through_many(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, ada: str) -> None:
    """However many pages the store needs, everyone is listed once."""
    monkeypatch.setattr("wicketgate.cli.users._PAGE", 1)
    wicketgate("users", "create", "bo@example.com", stdin="correct horse battery\n")

    listed = wicketgate("users", "list").out.splitlines()

    assert len(listed) == len(set(listed)) == 2


def test_set_plan_changes_plan_and_time(wicketgate: Wicketgate, ada: str) -> None:
    """The plan is changed and so is the time of the last change."""
    before = json.loads(wicketgate("users", "show", ada, "--json").out)

    ran = wicketgate("users", "set-plan", ada, "pro")

    after = json.loads(wicketgate("users", "show", ada, "--json").out)
    assert ran.out == f"{ada} is on the plan pro now\n"
    assert after["plan"] == "pro"
    assert after["lastModified"] > before["lastModified"]


async def opened(address: str) -> str:
    """The token of a new session."""
    gate = Service(settings(), write_log=lambda _: None)
    record = await gate.store.find(email_claim(address))
    await gate.stop()
    assert record is not None
    return gate.sessions.open(record).token


async def alive(token: str) -> bool:
    """Whether a service with the same settings takes the token."""
    gate = Service(settings(), write_log=lambda _: None)
    try:
        return await gate.sessions.check(token) is not None
    except NotAuthenticated:
        return False
    finally:
        await gate.stop()


def test_logout_ends_every_session(wicketgate: Wicketgate, ada: str) -> None:
    """A session that was alive before is dead after."""
    token = asyncio.run(opened(ada))
    before = asyncio.run(alive(token))

    wicketgate("users", "logout", ada)

    assert (before, asyncio.run(alive(token))) == (True, False)


def test_logout_raises_the_session_version(wicketgate: Wicketgate, ada: str) -> None:
    """The command does it through the session version."""
    ran = wicketgate("users", "logout", ada)

    assert ran.out == f"All sessions of {ada} have ended\n"
    assert "sessionVersion   2" in wicketgate("users", "show", ada).out


def test_delete_without_a_terminal_needs_yes(wicketgate: Wicketgate, ada: str) -> None:
    """A script must say --yes; without it nothing happens."""
    refused = wicketgate("users", "delete", ada)
    still_there = wicketgate("users", "show", ada)

    assert (refused.code, still_there.code) == (1, 0)
    assert "say --yes" in refused.err


def test_delete_frees_the_address(wicketgate: Wicketgate, ada: str) -> None:
    """After the deletion the address can have a new account."""
    deleted = wicketgate("users", "delete", ada, "--yes")
    again = wicketgate("users", "create", ada, stdin="correct horse battery\n")

    assert deleted.out == f"Deleted {ada}\n"
    assert again.code == 0


@pytest.mark.parametrize(("answer", "code"), [("Ada@Example.com", 0), ("yes", 1)])
def test_delete_asks_for_the_address(
    wicketgate: Wicketgate, ada: str, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    """A person confirms by typing the address; anything else deletes nothing."""
    monkeypatch.setattr("builtins.input", lambda _: answer)

    ran = wicketgate("users", "delete", ada, terminal=True)

    assert ran.code == code
    assert wicketgate("users", "show", ada).code == 1 - code


def test_a_created_user_is_confirmed(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, ada: str) -> None:
    """Whoever is created on the command line logs in where addresses are confirmed first, without any mail."""
    monkeypatch.setenv("EMAIL_VERIFICATION", "required")

    assert asyncio.run(logged_in(ada, "correct horse battery"))


async def logged_in(address: str, password: str) -> bool:
    """Whether the password opens the account."""
    gate = Service(settings(), write_log=lambda _: None, post=PostBox())
    try:
        await gate.passwords.log_in(address, password, Visit("203.0.113.7"))
    except InvalidCredentials:
        return False
    finally:
        await gate.stop()
    return True


def test_a_password_is_replaced(wicketgate: Wicketgate, ada: str) -> None:
    """The new password opens the account, the old one does not, and every session has ended."""
    token = asyncio.run(opened(ada))

    ran = wicketgate("users", "set-password", ada, stdin="another horse battery\n")

    assert (ran.code, ran.out) == (0, f"{ada} has another password now, and all sessions have ended\n")
    assert asyncio.run(logged_in(ada, "another horse battery"))
    assert not asyncio.run(logged_in(ada, "correct horse battery"))
    assert not asyncio.run(alive(token))


def test_a_replaced_password_keeps_the_rules(wicketgate: Wicketgate, ada: str) -> None:
    """What nobody could choose at sign-up is not set on the command line either; the old one stays."""
    ran = wicketgate("users", "set-password", ada, stdin="short\n")

    assert (ran.code, ran.err) == (1, "wicketgate: Password must be at least 8 characters\n")
    assert asyncio.run(logged_in(ada, "correct horse battery"))


def test_nobodys_password_is_replaced(wicketgate: Wicketgate, monkeypatch: pytest.MonkeyPatch, ada: str) -> None:
    """A user who does not exist, or who is deleted meanwhile, is an error in one line."""
    unknown = wicketgate("users", "set-password", "nobody@example.com", stdin="another horse battery\n")

    async def gone(*_: object) -> None:
        return None

    monkeypatch.setattr("wicketgate.methods.password.change.ChangeFlow.replace", gone)
    left = wicketgate("users", "set-password", ada, stdin="another horse battery\n")

    assert (unknown.code, unknown.err) == (1, "wicketgate: there is no user nobody@example.com\n")
    assert (left.code, left.err) == (1, f"wicketgate: there is no user {ada} any more\n")


def test_delete_forgets_what_happened(wicketgate: Wicketgate, ada: str) -> None:
    """The trail goes with the account, and so does the command's own entry."""
    before = wicketgate("audit", "list")

    wicketgate("users", "delete", ada, "--yes")

    assert "signup" in before.out
    assert wicketgate("audit", "list").out == ""


def test_an_address_of_before_names_nobody(wicketgate: Wicketgate, ada: str) -> None:
    """An address that is only kept for the way back is no way to name its owner."""

    async def keep() -> None:
        gate = Service(settings(), write_log=lambda _: None)
        record = await gate.store.find(email_claim(ada))
        assert record is not None
        kept = email_claim("before@example.com")
        edit = Edit(private={FORMER_EMAIL: "4102444900 before@example.com"}, add_claims=(kept,))
        await gate.store.edit(record.id, edit)
        await gate.stop()

    asyncio.run(keep())

    ran = wicketgate("users", "delete", "before@example.com", "--yes")

    assert (ran.code, "there is no user before@example.com" in ran.err) == (1, True)
    assert wicketgate("users", "show", ada).code == 0
