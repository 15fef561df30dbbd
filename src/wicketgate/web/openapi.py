"""The OpenAPI 3.1 document, made from the endpoints and their types, so that it cannot say anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from wicketgate.core.errors import InvalidCredentials
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Endpoint
from wicketgate.web.errors import STATUSES
from wicketgate.web.views import ErrorResponse

_REFERENCE = "#/components/schemas/{name}"
_ERROR = {"$ref": _REFERENCE.format(name="ErrorResponse")}
_MEANINGS = {
    400: "The input breaks a rule.",
    401: "No token, or one that is malformed, forged, expired or dead.",
    403: "Cross-site, or the CSRF token is missing or wrong.",
    413: "The body is over 64 KiB.",
    415: "The body is not `application/json`.",
    429: "A limit is spent.",
    500: "A fault of ours.",
    503: "The store or the hashing queue is out of reach or full.",
}
_REFUSED = ("Wrong email or wrong password; nobody learns which.", STATUSES[InvalidCredentials][1])
_RETRY_AFTER = {"Retry-After": {"description": "Whole seconds.", "schema": {"type": "integer", "minimum": 1}}}


def document(endpoints: Iterable[Endpoint], cookies: SessionCookies, version: str) -> dict[str, Any]:
    """The document as JSON values."""
    known = list(endpoints)
    kinds = [kind for endpoint in known for kind in (endpoint.body, endpoint.reply) if kind is not None]
    _, schemas = msgspec.json.schema_components([*kinds, ErrorResponse], ref_template=_REFERENCE)
    paths: dict[str, Any] = {}
    for endpoint in known:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wicketgate",
            "version": version,
            "summary": "Sign-up, login, sessions, profiles and API tokens.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": {**schemas, **_required_error()}, "securitySchemes": security_schemes(cookies)},
    }


def _required_error() -> dict[str, Any]:
    (_,), schemas = msgspec.json.schema_components([ErrorResponse], ref_template=_REFERENCE)
    schema = dict(schemas["ErrorResponse"])
    schema["properties"] = {**schema["properties"], "success": {"const": False}}
    schema["required"] = ["success", "error"]
    schema["examples"] = [{"success": False, "error": "Email is required", "field": "email"}]
    return {"ErrorResponse": schema}


def security_schemes(cookies: SessionCookies) -> dict[str, Any]:
    """How a caller may prove who it is, by the names that operations refer to."""
    return {
        "sessionCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookies.session,
            "description": f"Set by login. A call that changes something also sends `X-CSRF-Token`, "
            f"with the value of the cookie `{cookies.csrf}`. A page of `ALLOWED_ORIGINS`, which cannot read that, "
            "finds it in the header `X-CSRF-Token` of the answers that set the cookies, and of `GET /api/profile`.",
        },
        "sessionToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `token` that login returned.",
        },
        "apiToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "The `api_token` that sign-up, login or rotation returned.",
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(endpoint),
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "responses": _responses(endpoint),
        "security": _security(endpoint),
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    if endpoint.body is not None:
        content = _json({"$ref": _REFERENCE.format(name=endpoint.body.__name__)}, endpoint.body_example)
        operation["requestBody"] = {"required": True, "content": content}
    if endpoint.unsafe and endpoint.access in (Access.SESSION, Access.OPTIONAL_SESSION):
        operation["parameters"] = [csrf_parameter()]
    return operation


def _operation_id(endpoint: Endpoint) -> str:
    words = endpoint.path.removeprefix("/api/").replace("-", "/").split("/")
    return endpoint.method.lower() + "".join(word.capitalize() for word in words if word)


def csrf_parameter() -> dict[str, Any]:
    """The header that goes with a session's cookie."""
    return {
        "name": "X-CSRF-Token",
        "in": "header",
        "required": False,
        "description": "The value of the CSRF cookie; needed when the session comes by cookie.",
        "schema": {"type": "string"},
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": "Success.",
        "content": _json({"$ref": _REFERENCE.format(name=endpoint.reply.__name__)}, endpoint.example),
    }
    if endpoint.sets_cookies:
        success["headers"] = {"Set-Cookie": {"description": "The session's cookies.", "schema": {"type": "string"}}}
    errors = {str(status): error_response(status) for status in statuses(endpoint)}
    if endpoint.refuses_credentials:
        errors["401"] = _described(401, *_REFUSED)
    return {str(endpoint.status): success, **errors}


def statuses(endpoint: Endpoint) -> list[int]:
    """Every status other than success that a call may get."""
    found = {413, 500, 503}
    if endpoint.body is not None:
        found |= {400, 415}
    if endpoint.access is not Access.PUBLIC or endpoint.refuses_credentials:
        found.add(401)
    if endpoint.unsafe:
        found.add(403)
    if endpoint.limited:
        found.add(429)
    return sorted(found)


def error_response(status: int) -> dict[str, Any]:
    """What an operation says of an error with this status."""
    return _described(status, _MEANINGS[status], _example_text(status))


def _described(status: int, meaning: str, text: str) -> dict[str, Any]:
    example = {"success": False, "error": text}
    response: dict[str, Any] = {"description": meaning, "content": _json(_ERROR, example)}
    if status in (429, 503):
        response["headers"] = _RETRY_AFTER
    return response


def _example_text(status: int) -> str:
    texts = [text for known, text in STATUSES.values() if known == status and text]
    return texts[-1] if texts else {400: "Email is required"}.get(status, "An error occurred, please try again")


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    either: list[dict[str, list[str]]] = [{"sessionCookie": []}, {"sessionToken": []}]
    if endpoint.access is Access.SESSION:
        return either
    if endpoint.access is Access.OPTIONAL_SESSION:
        return [{}, *either]
    return [{"apiToken": []}] if endpoint.access is Access.API_TOKEN else []


def _json(schema: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema, "examples": {"example": {"value": example}}}}
