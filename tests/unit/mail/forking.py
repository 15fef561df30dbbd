"""A process that sends mail, forks, and sends mail in the child: `python -m tests.unit.mail.forking PORT`.

Exits with the child's own code: 0 when the mail was taken.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from wicketgate.mail.mail import Mail
from wicketgate.mail.smtp import Smtp, SmtpServer


def main(port: int) -> int:
    """Sends one mail before the fork and one after it."""
    way = Smtp(SmtpServer("127.0.0.1", port, "off"), "login@acme.example", in_all=5)

    async def send(to: str) -> None:
        await way(Mail(to, "Hello", "Hello", "<p>Hello</p>"))

    asyncio.run(send("parent@example.com"))
    child = os.fork()
    if child == 0:
        asyncio.run(send("child@example.com"))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    signal.alarm(30)
    sys.exit(main(int(sys.argv[1])))
