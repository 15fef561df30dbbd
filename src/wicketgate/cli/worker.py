"""One of the processes of `wicketgate serve --workers`."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import wait

from wicketgate import asgi
from wicketgate.app import Wicketgate


def create() -> Wicketgate:
    """The service, which ends as by SIGTERM when the process that started it is gone.

    It would go on by itself, and nobody could start the service anew while it has the port.
    """
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), name="parent", daemon=True).start()
    return asgi.create()


def _end_with(parent: int) -> None:
    wait([parent])
    os.kill(os.getpid(), signal.SIGTERM)
