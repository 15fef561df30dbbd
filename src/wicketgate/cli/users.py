"""`wicketgate users`. Passwords come from a prompt or standard input, never from an argument that `ps` shows."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from wicketgate import email_syntax
from wicketgate.app import Wicketgate
from wicketgate.cli.output import user_json, user_line, user_text
from wicketgate.core import fields
from wicketgate.core.clock import iso, system_clock
from wicketgate.core.errors import (
    ClaimTaken,
    ConfigurationError,
    InvalidInput,
    NotAuthenticated,
    Problem,
    WicketgateError,
)
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import Edit, UserRecord, email_claim, reached_by
from wicketgate.mail import choice as mail
from wicketgate.mail.nobody import Nobody
from wicketgate.methods.password.flow import NewAccount
from wicketgate.settings import Settings

Command = Callable[[Wicketgate, argparse.Namespace], Awaitable[int]]
_PAGE = 200


class UserUnknown(WicketgateError):
    """There is no such user."""


def list_users(chosen: argparse.Namespace) -> int:
    """Lists users."""
    return run(_list, chosen)


def show(chosen: argparse.Namespace) -> int:
    """Shows one user."""
    return run(_show, chosen)


def create(chosen: argparse.Namespace) -> int:
    """Creates a user."""
    return run(_create, chosen)


def set_plan(chosen: argparse.Namespace) -> int:
    """Changes a user's plan."""
    return run(_set_plan, chosen)


def set_password(chosen: argparse.Namespace) -> int:
    """Replaces a user's password, which ends all sessions."""
    return run(_set_password, chosen)


def log_out(chosen: argparse.Namespace) -> int:
    """Ends all sessions of a user."""
    return run(_log_out, chosen)


def delete(chosen: argparse.Namespace) -> int:
    """Deletes a user."""
    return run(_delete, chosen)


def run(command: Command, chosen: argparse.Namespace) -> int:
    """Runs a command against the service that the settings name. Returns its exit code."""

    async def with_service() -> int:
        async with _service() as gate:
            return await command(gate, chosen)

    return asyncio.run(with_service())


@asynccontextmanager
async def _service() -> AsyncIterator[Wicketgate]:
    settings = Settings.from_env()
    # Whoever sends mail by a callable of their own still looks after users here, without any.
    gate = Wicketgate(settings, write_log=lambda _: None, post=mail.chosen(settings) or Nobody())
    try:
        await gate.store.check()
        yield gate
    finally:
        await gate.stop()


async def _list(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    shown = 0
    async for record in _everyone(gate):
        print(user_json(record) if chosen.json else user_line(record))
        shown += 1
        if shown == chosen.limit:
            break
    if not shown and not chosen.json:
        print("No users yet.", file=sys.stderr)
    return 0


async def _everyone(gate: Wicketgate) -> AsyncIterator[UserRecord]:
    after: str | None = None
    while True:
        records, after = await gate.store.page(after, _PAGE)
        for record in records:
            yield record
        if after is None:
            return


async def _show(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    print(user_json(record) if chosen.json else user_text(record))
    return 0


async def _create(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    given = {"email": chosen.email, "password": _password()}
    given |= {"name": chosen.name} if chosen.name is not None else {}
    account = NewAccount(**fields.check(gate.passwords.signup_rules, given))
    try:
        record = await gate.passwords.create(account, confirmed=True)
    except ClaimTaken:
        raise InvalidInput(Problem("A user with this email address exists already", "email")) from None
    await _tell(gate, "signup", record)
    print(user_json(record) if chosen.json else f"Created {record.email} with id {record.id}")
    return 0


async def _set_plan(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    plan = fields.name(chosen.plan)
    await gate.store.edit(record.id, Edit(fields={"plan": plan, "last_modified": iso(system_clock())}))
    await _tell(gate, "plan_changed", record, plan)
    print(f"{record.email} is on the plan {plan} now")
    return 0


async def _set_password(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    changes = gate.password_changes
    password = fields.check({"password": changes.rules["password"]}, {"password": _password()})["password"]
    if await changes.replace(record, password) is None:
        raise UserUnknown(f"there is no user {chosen.user} any more")
    print(f"{record.email} has another password now, and all sessions have ended")
    return 0


async def _log_out(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    await gate.sessions.end_all(record.id)
    await _tell(gate, "sessions_ended", record)
    print(f"All sessions of {record.email} have ended")
    return 0


async def _delete(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    record = await found_user(gate, chosen.user)
    if not chosen.yes and not _confirmed(record):
        print("Nothing was deleted", file=sys.stderr)
        return 1
    try:
        await gate.accounts.remove(record, by_operator=True)
    except NotAuthenticated:
        raise UserUnknown(f"there is no user {chosen.user} any more") from None
    print(f"Deleted {record.email}")
    return 0


async def found_user(gate: Wicketgate, user: str) -> UserRecord:
    """The user with this address or id. Raises UserUnknown."""
    if "@" not in user:
        record = await gate.store.get(user)
    else:
        address = fields.email(user, email_syntax.normalised)
        record = reached_by(address, await gate.store.find(email_claim(address)))
    if record is None:
        raise UserUnknown(f"there is no user {user}")
    return record


async def _tell(gate: Wicketgate, event: str, record: UserRecord, detail: str | None = None) -> None:
    await gate.observe(SecurityEvent(event, record.id, detail=detail, by_operator=True))


def _confirmed(record: UserRecord) -> bool:
    if not sys.stdin.isatty():
        raise ConfigurationError("deleting asks for confirmation; without a terminal, say --yes")
    answer = input(f"Delete {record.email} ({record.name}) for good? Type the address to confirm: ")
    return answer.strip().lower() == record.email


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise InvalidInput(Problem("The passwords differ", "password"))
    return password
