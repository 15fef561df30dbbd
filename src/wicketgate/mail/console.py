"""Mail in development: printed, and kept for a page."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from wicketgate.core.clock import Clock, system_clock
from wicketgate.mail.mail import Mail

MOST_KEPT: Final = 50
"""Mails that are kept, by this process and as long as it lives."""


class KeptMail(NamedTuple):
    """A mail and when it would have been sent, in milliseconds."""

    at_ms: int
    mail: Mail


class Console:
    """Prints mail instead of sending it, on standard error, and keeps the last ones."""

    def __init__(self, write: Callable[[str], None] | None = None, clock: Clock = system_clock) -> None:
        self._write = write or _to_standard_error
        self._clock = clock
        self._kept: deque[KeptMail] = deque(maxlen=MOST_KEPT)

    async def __call__(self, mail: Mail) -> None:
        """Prints the mail."""
        self._kept.append(KeptMail(self._clock(), mail))
        lines = [f"To: {mail.to}", f"Subject: {mail.subject}", "", *mail.text.rstrip("\n").splitlines()]
        self._write("".join(f"| {line}".rstrip() + "\n" for line in lines))

    @property
    def kept(self) -> Sequence[KeptMail]:
        """The last mails, newest first."""
        return tuple(reversed(self._kept.copy()))


def _to_standard_error(text: str) -> None:
    print(text, end="", file=sys.stderr, flush=True)
