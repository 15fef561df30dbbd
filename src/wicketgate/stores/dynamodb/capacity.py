"""How many read and write units calls consume, for metrics and the bench. Costs nothing when not asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_READS: Final = frozenset({"BatchGetItem", "GetItem", "Query", "Scan"})
_WRITES: Final = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})


@dataclass(slots=True)
class Meter:
    """Units consumed so far, calls that were made and calls that succeeded, by action.

    A condition that failed is billed by AWS but not reported: it counts as made and no more.
    """

    read: float = 0.0
    write: float = 0.0
    made: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    told: Callable[[str, str, float], None] | None = None
    """Is told of each answer's units: `read` or `write`, the action, and how many."""

    def asking(self, action: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """What to send so that the answer says what it consumed."""
        if action not in _READS | _WRITES:
            return payload
        self.made[action] = self.made.get(action, 0) + 1
        return {**payload, "ReturnConsumedCapacity": "TOTAL"}

    def note(self, action: str, answer: Mapping[str, Any]) -> None:
        """Adds what one answer says it consumed."""
        if action not in _READS | _WRITES:
            return
        self.calls[action] = self.calls.get(action, 0) + 1
        consumed = answer.get("ConsumedCapacity", [])
        parts = consumed if isinstance(consumed, list) else [consumed]
        units = sum(part.get("CapacityUnits", 0.0) for part in parts)
        if action in _READS:
            self.read += units
        else:
            self.write += units
        if self.told is not None:
            self.told("read" if action in _READS else "write", action, units)
