"""The OpenAPI document, and the page to read it on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx
import jsonschema_rs
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from tests.support.openapi import Document
from tests.support.service import HTTP, HTTPS, Service

CONTRACT = {
    ("post", "/api/auth/signup"): {"201", "400", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/login"): {"200", "400", "401", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/password/change"): {"200", "400", "401", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/password/forgot"): {"200", "400", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/password/reset"): {"200", "400", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/logout"): {"200", "401", "403", "413", "500", "503"},
    ("post", "/api/auth/logout-everywhere"): {"200", "401", "403", "413", "500", "503"},
    ("post", "/api/account/delete"): {"200", "400", "401", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/email/change/undo"): {"200", "400", "403", "413", "415", "429", "500", "503"},
    ("get", "/api/profile"): {"200", "401", "413", "500", "503"},
    ("put", "/api/profile/update"): {"200", "400", "401", "403", "413", "415", "429", "500", "503"},
    ("get", "/api/auth/verify"): {"200", "401", "413", "429", "500", "503"},
    ("get", "/api/auth/api-token"): {"200", "401", "413", "500", "503"},
    ("post", "/api/auth/api-token/rotate"): {"200", "401", "403", "413", "429", "500", "503"},
    ("get", "/api/auth/api-tokens"): {"200", "401", "413", "500", "503"},
    ("post", "/api/auth/api-tokens"): {"201", "400", "401", "403", "413", "415", "429", "500", "503"},
    ("post", "/api/auth/api-tokens/revoke"): {"200", "400", "401", "403", "413", "415", "500", "503"},
    ("get", "/api/auth/activity"): {"200", "401", "413", "500", "503"},
    ("get", "/healthz"): {"200", "413", "500", "503"},
    ("get", "/readyz"): {"200", "413", "500", "503"},
}
SECURITY: dict[tuple[str, str], list[dict[str, list[str]]]] = {
    ("post", "/api/auth/password/change"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("get", "/api/auth/api-tokens"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/auth/api-tokens"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/auth/api-tokens/revoke"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("get", "/api/auth/activity"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("get", "/api/profile"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("put", "/api/profile/update"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("get", "/api/auth/api-token"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/auth/api-token/rotate"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/auth/logout-everywhere"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/account/delete"): [{"sessionCookie": []}, {"sessionToken": []}],
    ("post", "/api/auth/logout"): [{}, {"sessionCookie": []}, {"sessionToken": []}],
    ("get", "/api/auth/verify"): [{"apiToken": []}],
}


async def served(service: Service) -> Any:
    """The document as it is served."""
    return (await service.caller().get("/openapi.json")).json()


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Every operation with its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


async def test_it_is_openapi(service: Service) -> None:
    """The document is valid by the schema of OpenAPI 3.1."""
    document = await served(service)

    OPENAPI_31_VALIDATOR.validate(document)
    assert document["openapi"].startswith("3.1.")


async def test_its_schemas_are_schemas(service: Service) -> None:
    """Each component is valid JSON Schema, and each reference leads somewhere."""
    document = await served(service)

    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    names = set(document["components"]["schemas"])
    references = {value for value in strings(document) if value.startswith("#/")}
    assert references
    assert all(reference.removeprefix("#/components/schemas/") in names for reference in references)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


async def test_it_declares_the_contract(service: Service) -> None:
    """Every route with every status that it may answer, and no other."""
    document = await served(service)

    declared = {(method, path): set(operation["responses"]) for method, path, operation in operations(document)}

    assert declared == CONTRACT


async def test_it_declares_who_may_call(service: Service) -> None:
    """Cookie and bearer security where a session is needed, the API token's own where that is."""
    document = await served(service)

    for method, path, operation in operations(document):
        assert operation["security"] == SECURITY.get((method, path), [])
    schemes = document["components"]["securitySchemes"]
    assert (schemes["sessionCookie"]["type"], schemes["sessionCookie"]["in"]) == ("apiKey", "cookie")
    assert schemes["sessionCookie"]["name"] == "auth_token"
    assert (schemes["sessionToken"]["type"], schemes["sessionToken"]["scheme"]) == ("http", "bearer")
    assert (schemes["apiToken"]["type"], schemes["apiToken"]["scheme"]) == ("http", "bearer")


async def test_the_cookie_is_named_as_in_production() -> None:
    """In production the document names the cookie that counts there."""
    service = Service(environment="production", public_url=HTTPS)

    document = (await service.caller(base_url=HTTPS).get("/openapi.json")).json()

    assert document["components"]["securitySchemes"]["sessionCookie"]["name"] == "__Host-auth_token"


async def test_every_body_has_a_valid_example(service: Service) -> None:
    """Every body, sent or received, shows an example that fits its own schema; errors have the error body."""
    document = await served(service)

    for method, path, operation in operations(document):
        bodies = [("request", operation["requestBody"])] if "requestBody" in operation else []
        for status, body in [*bodies, *operation["responses"].items()]:
            content = body["content"]["application/json"]
            examples = content["examples"]
            schema = {**content["schema"], "components": document["components"]}
            validator = jsonschema_rs.Draft202012Validator(schema)
            assert examples
            for example in examples.values():
                validator.validate(example["value"])
            if status >= "400" and status != "request":
                assert content["schema"]["$ref"].endswith("/ErrorResponse"), (method, path, status)


async def test_operations_have_names_and_words(service: Service) -> None:
    """Each operation has an id of its own, for generated clients, and a summary."""
    document = await served(service)

    ids = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(ids) == len(set(ids)) == len(CONTRACT)
    assert all(operation["summary"] for _, _, operation in operations(document))


async def test_unsafe_operations_tell_of_the_csrf_header(service: Service) -> None:
    """Where a cookie alone does not do, the document says what else is needed."""
    document = await served(service)

    told = {
        (method, path)
        for method, path, operation in operations(document)
        if any(parameter["name"] == "X-CSRF-Token" for parameter in operation.get("parameters", []))
    }

    assert told == {
        ("post", "/api/auth/password/change"),
        ("post", "/api/auth/api-tokens"),
        ("post", "/api/auth/api-tokens/revoke"),
        ("post", "/api/auth/logout"),
        ("post", "/api/auth/logout-everywhere"),
        ("post", "/api/account/delete"),
        ("put", "/api/profile/update"),
        ("post", "/api/auth/api-token/rotate"),
    }


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (418, {"success": False, "error": "x"}, {}),
        (200, {"success": True}, {}),
        (200, {"success": "yes", "user": {}}, {}),
        (401, {"success": True, "error": "x"}, {}),
        (401, {"success": False}, {}),
        (503, {"success": False, "error": "x"}, {}),
    ],
)
async def test_the_tests_hold_answers_against_it(
    service: Service, status: int, body: Any, headers: dict[str, str]
) -> None:
    """The check that every other test relies on refuses what is not declared."""
    good = await service.caller().get("/api/profile")
    document = Document(service.app.openapi())
    request = httpx.Request("GET", f"{HTTP}/api/profile")
    kept = {name: value for name, value in good.headers.items() if name != "content-length"}
    document.check(request, good)

    with pytest.raises((AssertionError, jsonschema_rs.ValidationError)):
        document.check(request, httpx.Response(status, json=body, headers={**kept, **headers}))


class Links(HTMLParser):
    """Collects what a page would load, and what it would run or style inline."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Notes one tag."""
        given = dict(attributes)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "a":
            self.anchors.append(given.get("href") or "")
        elif tag in ("script", "style") and "src" not in given:
            self.inline.append(tag)
        else:
            self.loaded += [
                given[name] or "" for name in ("src", "href", "srcset", "data", "action") if name in given
            ]


async def test_docs_load_nothing_from_elsewhere(service: Service) -> None:
    """The page's parts are served by the service itself, and nothing is inline, which the policy would refuse."""
    caller = service.caller()
    page = await caller.get("/docs")
    links = Links()
    links.feed(page.text)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert links.loaded
    assert not links.inline
    for target in links.loaded:
        url = urljoin(f"{HTTP}/docs", target)
        part = await caller.get(url)
        assert url.startswith(f"{HTTP}/")
        assert part.status_code == 200
        assert "@import" not in part.text
        assert "url(" not in part.text
    assert {anchor[1:] for anchor in links.anchors if anchor.startswith("#")} <= set(links.ids)
    followed = [await caller.get(f"/{anchor}") for anchor in links.anchors if not anchor.startswith("#")]
    assert {answer.status_code for answer in followed} == {200}


async def test_docs_show_every_route(service: Service) -> None:
    """Each route and each status is on the page."""
    text = (await service.caller().get("/docs")).text

    assert all(path in text for _, path in CONTRACT)
    assert all(f">{status}</span>" in text for statuses in CONTRACT.values() for status in statuses)
    assert json.dumps("Ada Lovelace")[1:-1] in text
