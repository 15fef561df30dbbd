"""What is left to do when a request has been answered: mail, webhooks, and whatever must not show in the answer.

A job is written down before the request is answered and taken away when it is done, so a mail server that is down
loses nothing and slows nobody. It may be done twice when a process dies in between; no job minds.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

VERIFY_EMAIL: Final = "verify_email"
"""The kind of job that mails a `user` a link to confirm the address, whoever wants it confirmed."""

RESET_PASSWORD: Final = "reset_password"  # noqa: S105
"""The kind of job that mails an `email` a link to choose a new password, whoever had it asked for."""

OWED: Final = "owed_to"
"""In the data of such a job: the user who needs the letter to get in again, and so gets it above the allowance."""

_MINUTE: Final = 60_000

WAITS_MS: Final = tuple(_MINUTE * minutes for minutes in (0.5, 2, 8, 30, 120, 360, 720, 720, 720))
"""How long to wait after each failure: half a minute at first, twelve hours at last, two days in all."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do. `kind` says who does it, `data` with what; `attempts` counts the starts so far.

    Nobody starts it before `due_ms`. Neither a secret in the clear nor a password is ever in `data`.
    """

    id: str
    kind: str
    data: Mapping[str, str]
    due_ms: int
    attempts: int = 0


def new_job(kind: str, data: Mapping[str, str], now_ms: int) -> Job:
    """A job that is due at once."""
    return Job(str(uuid.uuid4()), kind, data, now_ms)


def next_attempt_ms(job: Job, now_ms: int) -> int | None:
    """When to try a job again that has just failed; None when it has been tried often enough."""
    return None if job.attempts > len(WAITS_MS) else now_ms + int(WAITS_MS[max(job.attempts, 1) - 1])


def exhausted(job: Job) -> bool:
    """Whether a job has been begun more often than it is tried: whoever began it last died of it."""
    return job.attempts > len(WAITS_MS) + 1
