"""Which way the settings choose for mail."""

from __future__ import annotations

from wicketgate.core.ports import Post
from wicketgate.settings import Settings


def chosen(settings: Settings) -> Post | None:
    """Who carries the mail, None when nobody does."""
    return None
