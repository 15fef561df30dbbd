"""From method and path to endpoint. Every path is fixed, so a dictionary does."""

from __future__ import annotations

from collections.abc import Iterable

from wicketgate.web.endpoint import Endpoint
from wicketgate.web.errors import MethodNotAllowed, NotFound


class Router:
    """The route table."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._paths: dict[str, dict[str, Endpoint]] = {}
        for endpoint in endpoints:
            methods = self._paths.setdefault(endpoint.path, {})
            methods[endpoint.method] = endpoint
            if endpoint.method == "GET":
                methods["HEAD"] = endpoint
        self._allowed = {path: ", ".join(sorted(methods)) for path, methods in self._paths.items()}

    def resolve(self, method: str, path: str) -> Endpoint:
        """The endpoint. Raises NotFound or MethodNotAllowed."""
        methods = self._paths.get(path)
        if methods is None:
            raise NotFound
        endpoint = methods.get(method)
        if endpoint is None:
            raise MethodNotAllowed(self._allowed[path])
        return endpoint

    def methods(self, path: str) -> str | None:
        """The methods of a path as `Allow` lists them, None if there is no such path."""
        return self._allowed.get(path)
