"""The service's part of the application's own OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI

from wicketgate.fastapi.users import NOBODY
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Endpoint
from wicketgate.web.openapi import csrf_parameter, document, error_response

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_OURS = f"{_SCHEMAS}Wicketgate"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_READING = ("get", "head", "options", "trace")


class Part:
    """What the service adds. Its schemas get a prefix, since the application may well have a `User` of its own."""

    def __init__(self, endpoints: Iterable[Endpoint], cookies: SessionCookies) -> None:
        whole = _prefixed(document(endpoints, cookies, ""))
        self._paths: Json = whole["paths"]
        self._schemes: Json = whole["components"]["securitySchemes"]
        schemas = whole["components"]["schemas"]
        self._schemas = {f"Wicketgate{name}": schema for name, schema in schemas.items()}
        self._refusals = {status: _prefixed(error_response(status)) for status in (401, 403, 429, 503)}

    def add_to(self, known: Json) -> None:
        """Adds to a document in place, so that whoever keeps it has the whole. Adding twice changes nothing.

        What the application says of a path, a schema or an answer of its own stands.
        """
        components = known.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        if self._schemas.keys() <= schemas.keys():
            return
        schemas.update(self._schemas)
        schemes = components.setdefault("securitySchemes", {})
        schemes.update(self._schemes)
        schemes.pop(NOBODY, None)
        for method, operation in _operations(known):
            if not self._schemes.keys().isdisjoint(_asked(operation)):
                self._complete(method, operation)
        paths = known.setdefault("paths", {})
        for path, operations in self._paths.items():
            paths[path] = {**operations, **paths.get(path, {})}

    def _complete(self, method: str, operation: Json) -> None:
        """What FastAPI cannot know of a protected route of the application."""
        asked = _asked(operation)
        refused = {401, 403, 503}
        if "apiToken" in asked:
            refused.add(429)
        if NOBODY in asked:
            refused.discard(401)
            operation["security"] = [{}, *(option for option in operation["security"] if NOBODY not in option)]
        if method in _READING and not _scoped(operation):
            refused.discard(403)
        elif "sessionCookie" in asked:
            operation.setdefault("parameters", []).append(csrf_parameter())
        for status in sorted(refused):
            operation.setdefault("responses", {}).setdefault(str(status), self._refusals[status])


def extend(app: FastAPI, part: Part) -> None:
    """Has the application's document hold this part, however the application makes and keeps it."""
    own = app.openapi

    def openapi() -> Json:
        known = own()
        part.add_to(known)
        return known

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation says to


def _operations(known: Json) -> Iterator[tuple[str, Json]]:
    for item in known.get("paths", {}).values():
        yield from ((method, item[method]) for method in _METHODS if method in item)


def _asked(operation: Json) -> set[str]:
    return {name for option in operation.get("security", ()) for name in option}


def _scoped(operation: Json) -> bool:
    """Whether a token may lack what the route needs."""
    return any(scopes for option in operation.get("security", ()) for scopes in option.values())


def _prefixed(value: Any) -> Any:
    """The same with its references pointing to the schemas' longer names."""
    if isinstance(value, dict):
        return {key: _prefixed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_prefixed(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_SCHEMAS):
        return value.replace(_SCHEMAS, _OURS, 1)
    return value
