"""The service as an AWS Lambda function: `wicketgate.aws_lambda.handler`, behind a function URL or an HTTP API.

An adapter of our own and not Mangum (0.22 was measured beside it): Mangum starts and stops the service with each
event or never, keeps the client's word in `X-Forwarded-For` where a function URL leaves nothing else, decodes paths
that API Gateway has decoded already, and does not see that DynamoDB has hung up. It adds 10 ms to a cold start where
this adds half a millisecond, and an event takes it 52 µs, 112 with its lifespan, where this takes 40 and the service
alone 15.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wicketgate.aws_lambda.function import Function

__all__ = ["create"]


@contextmanager
def _nothing_collected() -> Generator[None]:
    """All that a start makes stays: looking for rubbish in it takes a twentieth of a cold start, and more later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@_nothing_collected()
def create() -> Function:
    """The function with its settings from the environment and its log on standard output, started.

    Raises ConfigurationError when the settings do not do; Lambda then logs its line and tries again with the next
    event.
    """
    from wicketgate.app import Wicketgate
    from wicketgate.aws_lambda.function import Function
    from wicketgate.core.errors import ConfigurationError
    from wicketgate.logs import for_process
    from wicketgate.settings import Settings

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
