"""The parts of the store make one object."""

from __future__ import annotations

from itertools import combinations

from wicketgate.stores.dynamodb import DynamoDBStore
from wicketgate.stores.dynamodb.calls import Part


def test_no_part_hides_anything_of_another() -> None:
    """No two parts have a method of the same name, unless one builds upon the other."""
    parts = [part for part in DynamoDBStore.__mro__ if issubclass(part, Part) and part not in (Part, DynamoDBStore)]
    hidden = {
        (one.__name__, other.__name__): names
        for one, other in combinations(parts, 2)
        if not issubclass(one, other) and (names := _own(one) & _own(other))
    }

    assert len(parts) > 5
    assert hidden == {}


def _own(part: type) -> set[str]:
    return {name for name, member in vars(part).items() if callable(member) and not name.startswith("__")}
