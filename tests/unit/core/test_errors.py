"""The tree of errors."""

from __future__ import annotations

import inspect

import pytest

from wicketgate.core import errors
from wicketgate.core.errors import HashingBusy, InvalidInput, Problem, StoreUnavailable, TooManyRequests, Unavailable

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_tree(kind: type[Exception]) -> None:
    """Everything raised on purpose can be caught as one kind."""
    assert issubclass(kind, errors.WicketgateError)


def test_the_first_problem_of_a_field_counts() -> None:
    """Problems are kept in order, each field shows its first, and one of the whole input is no field's."""
    error = InvalidInput(
        Problem("The body is odd"),
        Problem("Name is required", "name"),
        Problem("Name is dull", "name"),
        Problem("Email is required", "email"),
    )

    assert str(error) == "The body is odd"
    assert dict(error.by_field) == {"name": "Name is required", "email": "Email is required"}
    assert list(error.by_field) == ["name", "email"]
    assert len(error.problems) == 4


def test_a_spent_limit_says_which_and_for_how_long() -> None:
    """A refusal names its limit, for the log, and its wait, for the client."""
    error = TooManyRequests("login", 1234)

    assert (error.limit, error.retry_after_ms, str(error)) == ("login", 1234, "login")


@pytest.mark.parametrize("kind", [Unavailable, StoreUnavailable, HashingBusy])
def test_what_is_unavailable_says_when_to_come_back(kind: type[Unavailable]) -> None:
    """Something out of reach asks for a second unless it knows better."""
    assert kind("it").retry_after == 1
    assert kind("it", retry_after=7).retry_after == 7
