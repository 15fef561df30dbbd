"""What was found, as rows of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median


class Goal(Enum):
    """Which side of its target a value must be on."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True)
class Row:
    """One value, with its target if it has one, and the spread between the rounds it is the median of."""

    section: str
    what: str
    value: float
    unit: str = "×"
    goal: Goal | None = None
    target: float = 0.0
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.target if self.goal is Goal.AT_LEAST else self.value <= self.target


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of several rounds and the quarter points around it."""

    value: float
    low: float
    high: float


def middle(values: Sequence[float]) -> Middle:
    """The median of the values, and the values at a quarter and three quarters."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return Middle(median(ordered), ordered[round(last / 4)], ordered[round(last * 3 / 4)])


def ratios(above: Sequence[float], below: Sequence[float]) -> Middle:
    """The middle of the ratios of each round, so that what disturbs a round disturbs both of its sides."""
    return middle([one / other for one, other in zip(above, below, strict=True)])
