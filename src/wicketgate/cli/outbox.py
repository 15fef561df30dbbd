"""`wicketgate outbox` and `wicketgate mail`."""

from __future__ import annotations

import argparse
import sys

import msgspec

from wicketgate import email_syntax
from wicketgate.app import Wicketgate
from wicketgate.cli.users import run
from wicketgate.core import fields
from wicketgate.core.clock import iso
from wicketgate.core.errors import GivenUp, WicketgateError
from wicketgate.core.outbox import Job
from wicketgate.core.ports import Letter
from wicketgate.mail.nobody import Nobody
from wicketgate.mail.office import PostOffice

_MOST = 1000


class NotSent(WicketgateError):
    """A mail did not leave; the message says why."""


def list_jobs(chosen: argparse.Namespace) -> int:
    """Lists jobs that wait."""
    return run(_list, chosen)


def send(chosen: argparse.Namespace) -> int:
    """Does the jobs that are due."""
    return run(_send, chosen)


def test_mail(chosen: argparse.Namespace) -> int:
    """Sends a mail now, past the outbox."""
    return run(_test, chosen)


async def _list(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    jobs = await gate.store.jobs(_MOST)
    for job in jobs:
        print(_json(job) if chosen.json else _line(job))
    if not jobs and not chosen.json:
        print("Nothing waits.", file=sys.stderr)
    return 0


async def _send(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    if isinstance(gate.post, Nobody):
        raise NotSent("there is no way to send mail here: set SMTP_HOST, or leave the jobs to the service")
    tried = await gate.outbox.do_due()
    await gate.outbox.settle()
    waiting = len(await gate.store.jobs(_MOST))
    if chosen.json:
        print(msgspec.json.encode({"tried": tried, "waiting": waiting}).decode())
    else:
        print(f"Tried {tried}; {waiting} wait for another time.")
    return 0


async def _test(gate: Wicketgate, chosen: argparse.Namespace) -> int:
    if not isinstance(gate.post, PostOffice):
        raise NotSent("there is no way to send mail: set SMTP_HOST and MAIL_FROM")
    to = fields.email(chosen.address, email_syntax.normalised)
    try:
        await gate.post.send(Letter(to, "test", {}))
    except GivenUp as error:
        raise NotSent(str(error)) from None
    where = "was printed, as no SMTP_HOST is set" if gate.post.console is not None else "has been handed on"
    print(f"A mail to {to} {where}.")
    return 0


def _json(job: Job) -> str:
    known = {"id": job.id, "kind": job.kind, "attempts": job.attempts, "due": iso(job.due_ms)}
    return msgspec.json.encode(known).decode()


def _line(job: Job) -> str:
    return f"{iso(job.due_ms)}  {job.id}  {job.kind}  begun {job.attempts} times"
