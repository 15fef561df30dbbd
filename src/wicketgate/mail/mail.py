"""A mail as it is handed on, and who hands it on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one address, in plain text and in HTML that say the same.

    `subject` is one line. The texts may hold a link that opens an account, so they belong in no log.
    """

    to: str
    subject: str
    text: str
    html: str


Carry = Callable[[Mail], Awaitable[None]]
"""Hands a mail on. Raises MailRejected when that will never work; after anything else it is tried again."""

SendMail = Callable[[Mail], Awaitable[None] | None]
"""The same as an application may give it: a function of its own, `async` or not."""
