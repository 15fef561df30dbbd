"""The flow of API tokens with everything else in view."""

from __future__ import annotations

from tests.unit.fakes import Beginnings, EventList, ManualClock, OpenApiTokens
from wicketgate.core.events import Observer
from wicketgate.core.last_use import LastUse
from wicketgate.core.limits import Limit
from wicketgate.core.ports import Background
from wicketgate.features.api_tokens.flow import ApiTokenFlow, TokenLimits
from wicketgate.stores.memory import MemoryStore

WINDOW_MS = 60_000
LIMIT = Limit("user", 60, WINDOW_MS)


def token_flow(
    store: MemoryStore,
    *,
    clock: ManualClock | None = None,
    events: Observer | None = None,
    background: Background | None = None,
) -> ApiTokenFlow:
    """The flow with tokens in clear."""
    clock = clock or ManualClock()
    limits = TokenLimits(LIMIT, LIMIT)
    last_use = LastUse(store, background or Beginnings(), clock)
    return ApiTokenFlow(store, OpenApiTokens(), clock, events or EventList(), last_use, WINDOW_MS, limits)
