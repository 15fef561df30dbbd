"""From method and path to endpoint."""

from __future__ import annotations

import pytest

from tests.unit.web.routes import route
from wicketgate.web.errors import MethodNotAllowed, NotFound
from wicketgate.web.router import Router

READ, WRITE, POST = route("GET", "/a"), route("PUT", "/a"), route("POST", "/b")
ROUTER = Router([READ, WRITE, POST])


def test_a_route_is_found() -> None:
    """Method and path lead to their endpoint, and HEAD to that of GET."""
    found = [ROUTER.resolve(method, path) for method, path in (("GET", "/a"), ("HEAD", "/a"), ("PUT", "/a"))]

    assert found == [READ, READ, WRITE]


@pytest.mark.parametrize("path", ["", "/", "/c", "/a/", "/A", "//a", "/a/../b"])
def test_an_unknown_path_is_not_found(path: str) -> None:
    """A path is known to the letter or not at all."""
    with pytest.raises(NotFound):
        ROUTER.resolve("GET", path)

    assert ROUTER.methods(path) is None


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/a", "GET, HEAD, PUT"), ("get", "/a", "GET, HEAD, PUT"), ("HEAD", "/b", "POST")],
)
def test_a_wrong_method_learns_the_right_ones(method: str, path: str, allowed: str) -> None:
    """A known path says which methods it has."""
    with pytest.raises(MethodNotAllowed) as caught:
        ROUTER.resolve(method, path)

    assert caught.value.allowed == allowed == ROUTER.methods(path)
