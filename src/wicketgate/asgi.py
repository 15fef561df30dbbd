"""For servers that are given a name: `uvicorn wicketgate.asgi:app`, or `--factory wicketgate.asgi:create`."""

from __future__ import annotations

from wicketgate.app import Wicketgate
from wicketgate.logs import for_process
from wicketgate.settings import Settings


def create(settings: Settings | None = None) -> Wicketgate:
    """The service with its log on standard output; without settings they come from the environment."""
    settings = settings or Settings.from_env()
    return Wicketgate(settings, write_log=for_process(settings.log_format))


def __getattr__(name: str) -> Wicketgate:
    if name == "app":
        # Made when it is first asked for, as settings may be refused, and only once.
        globals()[name] = app = create()
        return app
    raise AttributeError(name)
