"""A service without a way to send mail."""

from __future__ import annotations

from wicketgate.core.errors import MailRejected
from wicketgate.core.ports import Letter


class Nobody:
    """The port `Post` where there is none. A job that would write is given up, and the log says so."""

    async def send(self, letter: Letter) -> None:
        """Raises MailRejected."""
        raise MailRejected("there is no way to send mail")
