"""What a machine makes of the OpenAPI document, sent to the service."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok

from tests.support.service import HTTP, PASSWORD, Caller, Service, fresh_email, fresh_source

DOCUMENT = Service().app.openapi()
SCHEMA = schemathesis.openapi.from_dict(copy.deepcopy(DOCUMENT))
FOUND: list[Any] = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
OPERATIONS = {f"{operation.method} {operation.path}": operation for operation in FOUND}
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
LIKELY = {
    "email": st.builds(fresh_email) | st.just("ada@example.com"),
    "password": st.just(PASSWORD) | st.text(min_size=8, max_size=20),
    "name": st.text(max_size=110),
    "bio": st.text(max_size=510) | st.none(),
}


@pytest.fixture
async def identities(service: Service) -> dict[str, dict[str, str]]:
    """What each kind of caller sends along."""
    caller, login = await service.user()
    return {
        "nobody": {},
        "cookie": {"Cookie": f"auth_token={login['token']}", **caller.proof(None)},
        "token": {"Authorization": f"Bearer {login['token']}"},
        "API token": {"Authorization": f"Bearer {login['api_token']}"},
    }


@pytest.mark.parametrize("identity", ["nobody", "cookie", "token", "API token"])
@pytest.mark.parametrize("name", OPERATIONS)
@settings(max_examples=50, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(data=st.data(), likely=st.fixed_dictionaries({}, optional=LIKELY), valid=st.booleans())
async def test_nothing_undeclared(
    service: Service,
    identities: dict[str, dict[str, str]],
    name: str,
    identity: str,
    data: st.DataObject,
    likely: dict[str, Any],
    valid: bool,
) -> None:
    """No answer is a fault of ours, and each is one that the document declares."""
    operation = OPERATIONS[name]
    mode = GenerationMode.POSITIVE if valid or not operation.body else GenerationMode.NEGATIVE
    case: Any = data.draw(operation.as_strategy(generation_mode=mode))
    if isinstance(case.body, dict) and valid:
        case.body = {**case.body, **{name: value for name, value in likely.items() if name in fields(operation)}}

    answer = await send(service.caller(fresh_source()), case, identities[identity])

    assert answer.status_code < 500
    case.validate_response(answer, checks=CHECKED)


def fields(operation: Any) -> set[str]:
    """The fields of an operation's body."""
    content = DOCUMENT["paths"][operation.path][operation.method]["requestBody"]["content"]["application/json"]
    return set(DOCUMENT["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]["properties"])


async def send(caller: Caller, case: Any, identity: dict[str, str]) -> httpx.Response:
    """The answer to a generated case, with somebody's credentials instead of generated ones."""
    headers = {name.encode(): str(value).encode() for name, value in {**(case.headers or {}), **identity}.items()}
    content = None
    if case.media_type is not None:
        content = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        headers.setdefault(b"Content-Type", case.media_type.encode())
    answer = await caller.request(case.method, f"{HTTP}{case.path}", headers=headers, content=content)
    answer.elapsed = timedelta()  # the validator asks for it
    return answer
