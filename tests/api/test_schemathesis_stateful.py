"""What a machine makes of the OpenAPI document when the answer to one call is what the next one asks about."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.support.service import PASSWORD, Service, bearer, fresh_email

SERVICE = Service(
    session_list=True,
    email_verification="optional",
    rate_limit_max_requests=0,
    signup_limit_max_requests=0,
    account_limit_max_failures=0,
    mail_limit_max_requests=0,
    link_limit_max_requests=0,
)

Body = dict[str, str]
SIGNED_UP = {"email": "$request.body#/email", "password": "$request.body#/password"}
LINKS: dict[tuple[str, str], list[tuple[str, Body]]] = {
    ("/api/auth/signup", "post"): [
        ("postAuthLogin", SIGNED_UP),
        ("postAuthSignup", SIGNED_UP),
        ("postAuthPasswordForgot", {"email": "$response.body#/user/email"}),
        ("postAuthEmailResend", {"email": "$response.body#/user/email"}),
        ("putProfileUpdate", {"email": "$response.body#/user/email"}),
    ],
    ("/api/auth/login", "post"): [("getProfile", {}), ("getAuthSessions", {}), ("postAuthLogin", SIGNED_UP)],
    ("/api/profile", "get"): [
        ("putProfileUpdate", {"name": "$response.body#/user/name"}),
        ("postAuthApiTokens", {"name": "$response.body#/user/name"}),
        ("postAuthPasswordChange", {"current_password": PASSWORD, "password": "another horse battery"}),
        ("postAuthLogoutEverywhere", {}),
        ("postAuthLogout", {}),
        ("postAuthApiTokenRotate", {}),
        ("getAuthVerify", {}),
        ("postAccountDelete", {"password": PASSWORD}),
    ],
    **{
        (f"/api/{path}", "post"): [("getProfile", {}), ("getAuthVerify", {})]
        for path in ("auth/password/change", "auth/logout-everywhere", "auth/api-token/rotate", "account/delete")
    },
    ("/api/profile/update", "put"): [("getProfile", {}), ("getAuthActivity", {})],
    ("/api/auth/api-tokens", "post"): [
        ("postAuthApiTokensRevoke", {"id": "$response.body#/token/id"}),
        ("getAuthApiTokens", {}),
    ],
    ("/api/auth/api-tokens", "get"): [("postAuthApiTokensRevoke", {"id": "$response.body#/tokens/0/id"})],
    ("/api/auth/api-tokens/revoke", "post"): [("getAuthApiTokens", {})],
    ("/api/auth/sessions", "get"): [("postAuthSessionsEnd", {"id": "$response.body#/sessions/0/id"})],
    ("/api/auth/sessions/end", "post"): [("getAuthSessions", {}), ("getProfile", {})],
}
"""After which call which others make sense, and what their bodies take from it."""


def linked(document: dict[str, Any]) -> dict[str, Any]:
    """The document with these links."""
    document = copy.deepcopy(document)
    for (path, method), targets in LINKS.items():
        responses = document["paths"][path][method]["responses"]
        links = {
            f"{operation}{number}": {"operationId": operation, **({"requestBody": body} if body else {})}
            for number, (operation, body) in enumerate(targets)
        }
        next(answer for status, answer in responses.items() if status.startswith("2"))["links"] = links
    return document


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The service, with links in its document."""
    if scope["type"] == "http" and scope["path"] == "/openapi.json":
        await JSONResponse(linked(SERVICE.app.openapi()))(scope, receive, send)
    else:
        await SERVICE.app(scope, receive, send)


SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", app)


class Signed(SCHEMA.as_state_machine()):  # type: ignore[misc]
    """Each sequence is somebody new, who is logged in again whenever that has come to an end."""

    def setup(self) -> None:
        """Nobody is logged in yet."""
        self.email = fresh_email()
        self.token = self.api_token = ""

    def get_call_kwargs(self, case: Any) -> dict[str, Any]:
        """The token that the operation asks for."""
        asyncio.run(self.enter())
        if case.operation.path == "/api/auth/signup" and case.meta.generation.mode.is_positive:
            case.body = {**case.body, "email": fresh_email(), "password": PASSWORD}  # a schema does not lead there
        case.cookies = {}  # A cookie that was made up is ignored beside `Authorization`.
        asked = {name for scheme in case.operation.definition.raw["security"] for name in scheme}
        if not asked:
            return {}
        return {"headers": bearer(self.api_token if "apiToken" in asked else self.token)}

    async def enter(self) -> None:
        """Sees to it that there is a session. Whoever has deleted the account, or changed the address, is new."""
        caller = SERVICE.caller()
        if self.token and (await caller.profile(self.token)).status_code == 200:
            return
        login = await caller.log_in(self.email)
        if login.status_code != 200:
            self.email = fresh_email()
            assert (await caller.sign_up(self.email)).status_code == 201
            login = await caller.log_in(self.email)
        self.token, self.api_token = login.json()["token"], login.json()["api_token"]
        await SERVICE.settle()

    def validate_response(self, response: Any, case: Any, additional_checks: Any = None, **kwargs: Any) -> None:
        """Every check there is."""
        case.validate_response(response, checks=CHECKED, transport_kwargs=kwargs)


NOT_SAID = {
    # A schema says what a text is, not that an address is free, a password uncommon or a link good.
    "positive_data_acceptance",
}
CHECKED = [check for check in CHECKS.get_all() if check.__name__ not in NOT_SAID]


def test_the_links_are_followed() -> None:
    """Whatever is asked after whatever, each answer is as the document says and nothing dead or foreign answers."""
    chosen = settings(
        max_examples=40,
        stateful_step_count=12,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    Signed.run(settings=chosen)

    assert len(SERVICE.events("signup")) > 20
