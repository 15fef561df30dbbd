"""What came of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["conflict", "bad"]
MOST_PROBLEMS: Final = 1000
"""How many problems a report for a script repeats; all are told as they come."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not brought along, and why."""

    kind: Kind
    where: str
    reason: str


def silent(_: Problem) -> None:
    """Tells nobody."""


@dataclass(slots=True)
class Report:
    """Counts, which grow while the run goes on. `tell` is called for each problem as it comes."""

    tell: Callable[[Problem], None] = silent
    done: Callable[[Report], None] = lambda _: None
    created: int = 0
    unchanged: int = 0
    differing: int = 0
    conflicts: int = 0
    bad: int = 0
    no_users: Counter[str] = field(default_factory=Counter)
    left_behind: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows have an outcome."""
        return self.created + self.unchanged + self.differing + self.conflicts + self.bad

    @property
    def clean(self) -> bool:
        """Whether every row has come along."""
        return not self.conflicts and not self.bad

    def conflict(self, where: str, reason: str) -> None:
        """A row that contradicts another, or a user who is there."""
        self.conflicts += 1
        self._note(Problem("conflict", where, reason))

    def refuse(self, where: str, reason: str) -> None:
        """A row that breaks a rule."""
        self.bad += 1
        self._note(Problem("bad", where, reason))

    def count(self, outcome: Literal["created", "unchanged", "differing"]) -> None:
        """A row that is in the store now."""
        setattr(self, outcome, getattr(self, outcome) + 1)
        self.done(self)

    def as_json(self) -> dict[str, Any]:
        """For a script."""
        return {
            "created": self.created,
            "unchanged": self.unchanged,
            "differing": self.differing,
            "conflicts": self.conflicts,
            "bad": self.bad,
            "noUsers": dict(self.no_users),
            "leftBehind": dict(self.left_behind),
            "notes": dict(self.notes),
            "problems": [{"kind": one.kind, "where": one.where, "reason": one.reason} for one in self.problems],
        }

    def _note(self, problem: Problem) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        self.tell(problem)
        self.done(self)
