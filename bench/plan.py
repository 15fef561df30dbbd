"""How long each part of a run takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds of each comparison, and seconds of each side of a round."""

    login_rounds: int
    login_seconds: float
    read_rounds: int
    read_seconds: float
    start_rounds: int


FULL = Plan(login_rounds=7, login_seconds=4.0, read_rounds=9, read_seconds=1.5, start_rounds=7)
QUICK = Plan(login_rounds=2, login_seconds=1.5, read_rounds=3, read_seconds=0.5, start_rounds=1)

COST = 10
"""The bcrypt cost of the logins."""

READERS = 16
LOGGERS_IN = 16
