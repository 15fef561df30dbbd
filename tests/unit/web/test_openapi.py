"""The OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import Struct

from tests.unit.web.routes import route
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Access, Endpoint
from wicketgate.web.openapi import document, statuses

COOKIES = SessionCookies(production=True, max_age=60)


class Form(Struct):
    """What is sent."""

    name: str
    bio: str = ""


FORM: dict[str, Any] = {"body": Form, "body_example": {"name": "Ada"}}


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """What the document says of a route."""
    found: dict[str, Any] = document([endpoint], COOKIES, "1.2.3")["paths"][endpoint.path][endpoint.method.lower()]
    return found


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (route("GET", "/a"), [413, 500, 503]),
        (route("GET", "/a", access=Access.SESSION), [401, 413, 500, 503]),
        (route("GET", "/a", access=Access.API_TOKEN), [401, 413, 500, 503]),
        (route("POST", "/a", access=Access.OPTIONAL_SESSION), [401, 403, 413, 500, 503]),
        (route("POST", "/a", **FORM, limited=True), [400, 403, 413, 415, 429, 500, 503]),
        (route("POST", "/a", **FORM, refuses_credentials=True), [400, 401, 403, 413, 415, 500, 503]),
        (route("PUT", "/a", **FORM, access=Access.SESSION), [400, 401, 403, 413, 415, 500, 503]),
    ],
)
def test_a_route_declares_every_error(endpoint: Endpoint, expected: list[int]) -> None:
    """What a route asks for decides which errors it may answer with."""
    found = statuses(endpoint)

    assert found == expected
    assert [int(status) for status in operation(endpoint)["responses"] if status != "200"] == expected


@pytest.mark.parametrize(
    ("access", "security"),
    [
        (Access.PUBLIC, []),
        (Access.SESSION, [{"sessionCookie": []}, {"sessionToken": []}]),
        (Access.OPTIONAL_SESSION, [{}, {"sessionCookie": []}, {"sessionToken": []}]),
        (Access.API_TOKEN, [{"apiToken": []}]),
    ],
)
def test_a_route_says_who_may_call(access: Access, security: list[dict[str, list[str]]]) -> None:
    """Cookie and bearer token are alternatives, and an empty one means that neither is needed."""
    found = operation(route("GET", "/a", access=access))

    assert found["security"] == security


@pytest.mark.parametrize(
    ("method", "access", "asked"),
    [
        ("POST", Access.SESSION, True),
        ("POST", Access.OPTIONAL_SESSION, True),
        ("GET", Access.SESSION, False),
        ("POST", Access.PUBLIC, False),
        ("POST", Access.API_TOKEN, False),
    ],
)
def test_the_csrf_header_is_a_parameter_where_a_cookie_may_act(method: str, access: Access, asked: bool) -> None:
    """Only an unsafe route that takes the session's cookie knows the header."""
    found = operation(route(method, "/a", access=access))

    assert [parameter["name"] for parameter in found.get("parameters", [])] == (["X-CSRF-Token"] if asked else [])


def test_a_body_is_described() -> None:
    """A route with a body refers to its type and shows an example."""
    found = operation(route("POST", "/a", **FORM))

    content = found["requestBody"]["content"]["application/json"]
    assert found["requestBody"]["required"] is True
    assert content["schema"] == {"$ref": "#/components/schemas/Form"}
    assert content["examples"]["example"]["value"] == {"name": "Ada"}
    assert "requestBody" not in operation(route("GET", "/a"))


def test_success_is_described() -> None:
    """The route's own status has its type, its example, and its cookies when it sets some."""
    found = operation(route("POST", "/a", status=201, sets_cookies=True))["responses"]

    assert found["201"]["content"]["application/json"]["examples"]["example"]["value"] == {"status": "ok"}
    assert "Set-Cookie" in found["201"]["headers"]
    assert "headers" not in operation(route("POST", "/a"))["responses"]["200"]


def test_an_error_that_passes_says_when() -> None:
    """429 and 503 declare `Retry-After`, and no other error does."""
    responses = operation(route("POST", "/a", **FORM, limited=True))["responses"]

    waiting = [status for status, response in responses.items() if "headers" in response]

    assert waiting == ["429", "503"]


def test_every_error_has_the_one_shape() -> None:
    """Errors share a schema whose `success` is false and whose example fits it."""
    found = document([route("POST", "/a", **FORM, access=Access.SESSION, limited=True)], COOKIES, "1.2.3")

    schema = found["components"]["schemas"]["ErrorResponse"]
    assert schema["properties"]["success"] == {"const": False}
    assert schema["required"] == ["success", "error"]
    for status, response in found["paths"]["/a"]["post"]["responses"].items():
        content = response["content"]["application/json"]
        example = content["examples"]["example"]["value"]
        if status != "200":
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorResponse"}
            assert example["success"] is False
            assert example["error"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/auth/api-token/rotate", "postAuthApiTokenRotate"),
        ("/healthz", "postHealthz"),
        ("/api/profile", "postProfile"),
        ("/", "post"),
    ],
)
def test_an_operation_is_named_after_its_route(path: str, name: str) -> None:
    """Names for generated clients come from method and path."""
    found = operation(route("POST", path))

    assert found["operationId"] == name


def test_a_description_is_there_when_there_is_one() -> None:
    """A route without a description has none, not an empty one."""
    assert operation(route("GET", "/a", description="More."))["description"] == "More."
    assert "description" not in operation(route("GET", "/a"))


def test_the_document_names_version_and_cookies() -> None:
    """The document is of OpenAPI 3.1, of this version, and names the cookies as this environment does."""
    found = document([route("GET", "/a"), route("PUT", "/a"), route("GET", "/b")], COOKIES, "1.2.3")

    assert (found["openapi"], found["info"]["version"]) == ("3.1.0", "1.2.3")
    assert {path: list(methods) for path, methods in found["paths"].items()} == {"/a": ["get", "put"], "/b": ["get"]}
    schemes = found["components"]["securitySchemes"]
    assert set(schemes) == {"sessionCookie", "sessionToken", "apiToken"}
    assert schemes["sessionCookie"]["name"] == "__Host-auth_token"
    assert "`__Host-csrf_token`" in schemes["sessionCookie"]["description"]


def test_every_reference_leads_somewhere() -> None:
    """The document is plain JSON whose references are all defined."""
    found = document([route("POST", "/a", **FORM, access=Access.SESSION)], COOKIES, "1.2.3")

    text = json.dumps(found)
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(found["components"]["schemas"])
    assert named == {"Form", "StatusResponse", "ErrorResponse"}


def test_wrong_credentials_are_shown_as_they_are_answered() -> None:
    """Where a password is asked for, the example of a 401 is the text that login answers."""
    found = operation(route("POST", "/a", **FORM, refuses_credentials=True))

    example = found["responses"]["401"]["content"]["application/json"]["examples"]["example"]["value"]
    assert example == {"success": False, "error": "Invalid credentials"}
