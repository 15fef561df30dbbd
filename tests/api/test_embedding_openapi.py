"""The service in the application's own OpenAPI document."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from tests.support.embedded import TestClient, add_routes, caller, some_app, some_gate
from tests.support.service import HTTPS, some_settings
from wicketgate.fastapi import CurrentUser, install, protect

EITHER: list[dict[str, list[str]]] = [{"sessionCookie": []}, {"sessionToken": []}]


class Answer(BaseModel):
    """An answer that the application declares itself."""

    text: str


def parameters(operation: dict[str, Any]) -> list[str]:
    """The names of an operation's parameters."""
    return [parameter["name"] for parameter in operation.get("parameters", [])]


def test_the_service_s_routes_are_documented() -> None:
    """Each of the service's operations is in the application's document, word for word but for schemas' names."""
    gate = some_gate()

    known = some_app(gate).openapi()

    plain = json.dumps(known["paths"]).replace("/schemas/Wicketgate", "/schemas/")
    for path, operations in gate.openapi()["paths"].items():
        assert json.loads(plain)[path] == operations


def test_every_reference_leads_somewhere() -> None:
    """No `$ref` in the document dangles."""
    known = some_app().openapi()

    targets = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(known)))

    assert targets <= known["components"]["schemas"].keys()
    assert {"WicketgateUser", "WicketgateErrorResponse", "User"} <= targets


def test_two_users_do_not_get_into_each_other_s_way() -> None:
    """The user that protected routes return and the one that the service's routes return keep their own schemas."""
    schemas = some_app().openapi()["components"]["schemas"]

    own, theirs = schemas["WicketgateUser"]["properties"], schemas["User"]["properties"]

    assert "createdAt" in own
    assert "created_at" not in own
    assert "created_at" in theirs
    assert "createdAt" not in theirs


def test_protected_routes_show_how_to_prove_who_one_is() -> None:
    """Each annotation appears as the security schemes that it accepts; an optional one also accepts none."""
    paths = some_app().openapi()["paths"]

    shown = {path: paths[path]["get"]["security"] for path in ("/private", "/either", "/programs")}

    assert shown == {"/private": EITHER, "/either": [{}, *EITHER], "/programs": [{"apiToken": []}]}


def test_the_schemes_are_the_service_s_own() -> None:
    """The application's document describes the schemes as the service's does, and has no others."""
    gate = some_gate(settings=some_settings(environment="production", public_url=HTTPS))

    known = some_app(gate).openapi()

    assert known["components"]["securitySchemes"] == gate.openapi()["components"]["securitySchemes"]
    assert known["components"]["securitySchemes"]["sessionCookie"]["name"] == "__Host-auth_token"


def test_fastapi_s_own_generator_shows_the_schemes() -> None:
    """The schemes are security dependencies to FastAPI itself, whoever makes the document."""
    app = some_app()

    known = get_openapi(title="Mine", version="1", routes=app.routes)

    assert known["paths"]["/private"]["get"]["security"] == EITHER
    assert known["paths"]["/programs"]["put"]["security"] == [{"apiToken": []}]
    assert {"sessionCookie", "sessionToken", "apiToken"} <= known["components"]["securitySchemes"].keys()


def test_protected_routes_declare_the_refusals() -> None:
    """401, 403, 429 and 503 are declared with the service's error body, each only where it can happen."""
    paths = some_app().openapi()["paths"]

    declared = {
        f"{method} {path}": set(paths[path][method]["responses"]) - {"200", "422"}
        for path in ("/private", "/either", "/programs")
        for method in ("get", "put")
    }

    assert declared == {
        "get /private": {"401", "503"},
        "put /private": {"401", "403", "503"},
        "get /either": {"503"},
        "put /either": {"403", "503"},
        "get /programs": {"401", "429", "503"},
        "put /programs": {"401", "403", "429", "503"},
    }
    body = paths["/private"]["get"]["responses"]["401"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/WicketgateErrorResponse"}


def test_changes_by_cookie_declare_the_csrf_header() -> None:
    """`X-CSRF-Token` is a parameter where a cookie may prove who changes something, and nowhere else."""
    paths = some_app().openapi()["paths"]

    asked = [
        f"{method} {path}"
        for path in ("/private", "/either", "/programs")
        for method in ("get", "put")
        if "X-CSRF-Token" in parameters(paths[path][method])
    ]

    assert asked == ["put /private", "put /either"]


def test_other_routes_are_left_alone() -> None:
    """A route without users is documented as it would be without the service."""
    app, plain = some_app(), FastAPI()
    for each in (app, plain):
        each.add_api_route("/about", about, methods=["POST"])

    known = app.openapi()

    assert known["paths"]["/about"] == plain.openapi()["paths"]["/about"]


async def about(answer: Answer) -> Answer:
    """A route without users."""
    return answer


def test_what_the_application_says_of_an_answer_stands() -> None:
    """A refusal that the application declares itself is not replaced."""
    app = some_app()
    app.add_api_route("/room", room, methods=["GET"], responses={401: {"model": Answer}})

    known = app.openapi()

    said = known["paths"]["/room"]["get"]["responses"]["401"]["content"]["application/json"]["schema"]
    assert said == {"$ref": "#/components/schemas/Answer"}


async def room(user: CurrentUser) -> str:
    """A protected route."""
    return user.name


def test_a_path_that_the_application_has_is_documented_as_its_own() -> None:
    """Where the application's route is the one that answers, its words are the ones in the document."""
    app = FastAPI()
    app.add_api_route("/healthz", room, methods=["GET"], summary="Mine")
    install(app, some_gate())

    known = app.openapi()

    assert known["paths"]["/healthz"]["get"]["summary"] == "Mine"


def test_the_document_is_made_once() -> None:
    """FastAPI's cache holds the whole document, and asking again changes nothing in it."""
    app = some_app()
    first = app.openapi()
    before = json.dumps(first)

    second = app.openapi()

    assert second is first is app.openapi_schema
    assert json.dumps(second) == before


def test_a_document_made_anew_has_everything_again() -> None:
    """Dropping the cached document, as when routes were added, loses nothing of the service."""
    app = some_app()
    before = app.openapi()
    app.add_api_route("/late", room, methods=["PUT"])
    app.openapi_schema = None

    known = app.openapi()

    assert before["paths"].keys() | {"/late"} == known["paths"].keys()
    assert parameters(known["paths"]["/late"]["put"]) == ["X-CSRF-Token"]


def test_a_document_of_the_application_s_own_making_is_kept() -> None:
    """A replaced `app.openapi`, cached as FastAPI's documentation shows, is what the service adds to."""
    app = FastAPI()

    def custom() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = get_openapi(title="Mine", version="7", routes=app.routes)
            app.openapi_schema["info"]["x-logo"] = "logo.png"
        return app.openapi_schema

    app.openapi = custom  # type: ignore[method-assign]
    install(app, some_gate())
    add_routes(app)

    known = app.openapi()

    assert (known["info"]["title"], known["info"]["x-logo"]) == ("Mine", "logo.png")
    assert {"/api/auth/login", "/private"} <= known["paths"].keys()
    assert app.openapi() is known


def test_a_document_without_anything_of_its_own_is_filled() -> None:
    """An application without routes or components shows the service's alone."""
    app = FastAPI()
    gate = install(app, some_gate())

    known = app.openapi()

    assert known["paths"].keys() == gate.openapi()["paths"].keys()


def test_protecting_adds_no_routes_to_the_document() -> None:
    """An application beside the service documents the schemes and the refusals, and no routes but its own."""
    app = FastAPI()
    protect(app, some_gate())
    add_routes(app)

    known = app.openapi()

    assert known["paths"].keys() == {"/private", "/either", "/programs"}
    assert known["paths"]["/either"]["get"]["security"] == [{}, *EITHER]
    assert known["components"]["securitySchemes"].keys() == {"sessionCookie", "sessionToken", "apiToken"}


async def test_the_document_is_served() -> None:
    """The application's own `/openapi.json` and its page are where they were, and show the service too."""
    client = caller(some_app())

    document, page = await client.get("/openapi.json"), await client.get("/docs")

    assert "/api/auth/login" in document.json()["paths"]
    assert "swagger-ui" in page.text


@pytest.mark.parametrize("path", ["/docs.css", "/login"])
def test_the_service_s_own_pages_stay_out(path: str) -> None:
    """Of the service, an application gets what is in the document; pages it has itself."""
    client = TestClient(some_app())

    status = client.get(path).status_code

    assert status == 404
