"""The service as an AWS Lambda function: `wicketgate.aws_lambda.handler`, behind a function URL or an HTTP API.

An adapter of our own and not Mangum, which was measured beside it (docs/deploy/lambda.md): MEASURED
"""

from __future__ import annotations

import threading

from wicketgate.aws_lambda.function import Function
from wicketgate.core.errors import ConfigurationError
from wicketgate.logs import for_process
from wicketgate.settings import Settings

__all__ = ["Function", "create"]


def create() -> Function:
    """The function with its settings from the environment and its log on standard output, started.

    Raises ConfigurationError when the settings do not do; Lambda then logs its line and tries again with the next
    event.
    """
    from wicketgate.app import Wicketgate

    settings = Settings.from_env()
    if not settings.dynamodb_table_name:
        raise ConfigurationError("DYNAMODB_TABLE_NAME is not set, and a function keeps nothing on a disk of its own")
    function = Function(Wicketgate(settings, write_log=for_process(settings.log_format)))
    if threading.current_thread() is threading.main_thread():
        function.end_on_sigterm()
    function.start()
    return function


def __getattr__(name: str) -> Function:
    """`handler` is made when Lambda asks for it, once, and not by the import."""
    if name != "handler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()["handler"] = create()
    return made
