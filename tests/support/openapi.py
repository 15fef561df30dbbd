"""Holds every answer that a test gets against the OpenAPI document, and against what all answers have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import jsonschema_rs

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Undeclared(AssertionError):
    """An answer that the document does not announce."""


class Document:
    """The document with a validator for each answer that it declares."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.paths: Mapping[str, Any] = document["paths"]
        self._components = document["components"]
        self._error = self._compiled({"$ref": "#/components/schemas/ErrorResponse"})
        self._validators: dict[tuple[str, str, int], jsonschema_rs.Validator] = {}

    def check(self, request: httpx.Request, answer: httpx.Response) -> None:
        """Raises AssertionError unless the answer is declared and has what every answer has."""
        self._check_headers(answer)
        operation = self._operation(request)
        if operation is None:
            self._check_unrouted(request, answer)
        elif answer.status_code != 308:
            self._check_declared(request, operation, answer)

    def _operation(self, request: httpx.Request) -> Mapping[str, Any] | None:
        method = "get" if request.method == "HEAD" else request.method.lower()
        found: Mapping[str, Any] | None = self.paths.get(request.url.path, {}).get(method)
        return found

    def _check_headers(self, answer: httpx.Response) -> None:
        for name, value in EVERYWHERE.items():
            assert answer.headers.get_list(name) == [value], f"{name} on {answer!r}: {answer.headers}"
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers.get("x-request-id")
        assert answer.headers.get("cache-control")
        assert ("retry-after" in answer.headers) == (answer.status_code in (429, 503))

    def _check_unrouted(self, request: httpx.Request, answer: httpx.Response) -> None:
        path = request.url.path
        if path in self.paths:
            assert answer.status_code in (204, 308, 403, 405), f"{request.method} {path} gave {answer.status_code}"
        assert answer.status_code in (200, 204, 303, 304, 308, 403, 404, 405, 413), (
            f"{path} gave {answer.status_code}"
        )
        assert ("allow" in answer.headers) == (answer.status_code == 405)
        if answer.status_code >= 400 and request.method != "HEAD":
            self._error.validate(answer.json())

    def _check_declared(self, request: httpx.Request, operation: Mapping[str, Any], answer: httpx.Response) -> None:
        declared = operation["responses"].get(str(answer.status_code))
        if declared is None:
            raise Undeclared(f"{request.method} {request.url.path} gave {answer.status_code}, which is not declared")
        assert answer.headers["content-type"] in declared["content"]
        if request.method != "HEAD":
            self._validator(request, answer.status_code, declared).validate(answer.json())
        for name, header in declared.get("headers", {}).items():
            if name == "Retry-After":
                assert int(answer.headers[name]) >= header["schema"]["minimum"]

    def _validator(self, request: httpx.Request, status: int, declared: Mapping[str, Any]) -> jsonschema_rs.Validator:
        key = (request.method, request.url.path, status)
        if key not in self._validators:
            self._validators[key] = self._compiled(declared["content"]["application/json"]["schema"])
        return self._validators[key]

    def _compiled(self, schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator({**schema, "components": self._components})
