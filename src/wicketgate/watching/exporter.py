"""`/metrics` on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, disable_created_metrics, start_http_server

from wicketgate.core.errors import ConfigurationError


@contextmanager
def exporting(host: str, port: int, registry: CollectorRegistry = REGISTRY) -> Iterator[int]:
    """Serves the registry in a thread as long as the block lasts. Yields the port, which differs from 0.

    Raises ConfigurationError when nobody can listen there.
    """
    disable_created_metrics()  # one more line for each counter, of which nobody asks
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise ConfigurationError(f"metrics cannot listen on {host} port {port}: {error.strerror}") from None
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
