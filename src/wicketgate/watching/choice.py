"""Which ways to watch the settings ask for. The libraries are imported only then."""

from __future__ import annotations

from collections.abc import Iterator

from wicketgate.core.errors import ConfigurationError
from wicketgate.settings import Settings
from wicketgate.watching.watch import Watch, Watches


def chosen(settings: Settings) -> Watches:
    """What `METRICS` and `TRACES` turn on. Raises ConfigurationError when an extra is not installed."""
    return Watches(*_chosen(settings))


def _chosen(settings: Settings) -> Iterator[Watch]:
    if settings.metrics:
        try:
            from wicketgate.watching.metrics import Metrics, shared_instruments
        except ImportError:
            raise _not_installed("METRICS", "metrics") from None
        yield Metrics(shared_instruments())
    if settings.traces:
        try:
            from wicketgate.watching.traces import Traces
        except ImportError:
            raise _not_installed("TRACES", "otel") from None
        yield Traces()


def _not_installed(setting: str, extra: str) -> ConfigurationError:
    return ConfigurationError(f"{setting} is on, but its library is missing: pip install 'wicketgate[{extra}]'")
