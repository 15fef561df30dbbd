"""User authentication that a small product can own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wicketgate.app import Wicketgate
    from wicketgate.mail.mail import Mail
    from wicketgate.settings import Settings

__all__ = ["Mail", "Settings", "Wicketgate"]

_PLACES = {"Mail": "wicketgate.mail.mail", "Settings": "wicketgate.settings", "Wicketgate": "wicketgate.app"}


def __getattr__(name: str) -> Any:
    """Each is loaded when it is asked for: whoever wants a part of the package does not wait for all of it."""
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return found
