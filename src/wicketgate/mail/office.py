"""The post office: a letter becomes a mail, and somebody carries it."""

from __future__ import annotations

import asyncio
import inspect
from typing import cast

from wicketgate.core.errors import MailRejected
from wicketgate.core.ports import Letter
from wicketgate.mail.console import Console
from wicketgate.mail.mail import Carry, Mail, SendMail
from wicketgate.mail.templates import Templates


class PostOffice:
    """The port `Post`, made of templates and of who carries the mail."""

    def __init__(self, templates: Templates, carry: Carry) -> None:
        self.templates = templates
        self._carry = carry

    async def send(self, letter: Letter) -> None:
        """Returns when the letter has been handed on. Raises MailRefused, MailRejected, or what a callable raises."""
        await self._carry(self.templates.filled(letter))

    @property
    def console(self) -> Console | None:
        """Where the mail is printed, if it is."""
        return self._carry if isinstance(self._carry, Console) else None


class Called:
    """Carries mail by an application's own function; one that is not `async` runs in a thread."""

    def __init__(self, function: SendMail) -> None:
        self._function = function
        called = function if inspect.isroutine(function) else type(function).__call__
        self._waits = inspect.iscoroutinefunction(called)

    async def __call__(self, mail: Mail) -> None:
        """Returns when the function has. A MailRejected of its own loses its message, which might name an address."""
        try:
            result = self._function(mail) if self._waits else await asyncio.to_thread(self._function, mail)
            if inspect.isawaitable(result):
                await cast("asyncio.Future[None]", result)
        except MailRejected:
            raise MailRejected("by send_mail") from None
