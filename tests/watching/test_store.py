"""The watched store is the store."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from wicketgate.core.ports import Store
from wicketgate.watching.store import WatchedStore

METHODS = [
    name
    for name, member in inspect.getmembers(Store, inspect.isfunction)
    if not name.startswith("_") and inspect.iscoroutinefunction(member)
]


class Recorder:
    """A store that answers every call with what it was called with."""

    def __getattr__(self, name: str) -> Any:
        async def answer(*given: Any) -> Any:
            return (name, *given)

        return answer


@pytest.mark.parametrize("method", METHODS)
async def test_every_call_goes_through(method: str) -> None:
    """Each method of the ports hands all it is given to the store, and its answer back."""
    around: list[str] = []

    @contextmanager
    def watch(operation: str) -> Iterator[None]:
        around.append(operation)
        yield

    store: Any = WatchedStore(Recorder(), watch)
    given = [f"argument {number}" for number in range(len(inspect.signature(getattr(Store, method)).parameters) - 1)]

    answer = await getattr(store, method)(*given)

    returns = inspect.signature(getattr(Store, method)).return_annotation
    assert answer == (None if returns == "None" else (method, *given))
    assert around == ([] if method == "close" else [method])


@pytest.mark.parametrize("method", METHODS)
async def test_an_error_comes_through(method: str) -> None:
    """What the store raises is raised."""

    class Failing:
        """A store that is not there."""

        def __getattr__(self, name: str) -> Any:
            async def fail(*given: Any) -> Any:
                raise LookupError(name, *given)

            return fail

    @contextmanager
    def watch(operation: str) -> Iterator[None]:
        yield

    store: Any = WatchedStore(Failing(), watch)
    given = list(range(len(inspect.signature(getattr(Store, method)).parameters) - 1))

    with pytest.raises(LookupError) as caught:
        await getattr(store, method)(*given)

    assert caught.value.args == (method, *given)
