"""The routes of signing up and logging in with a password."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wicketgate.core.sign_in import SignedIn
from wicketgate.methods.password.flow import NewAccount, PasswordFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Call, Endpoint
from wicketgate.web.examples import API_TOKEN, SESSION_TOKEN, USER
from wicketgate.web.http import Reply, json_reply
from wicketgate.web.views import DoneResponse, User, View, user_view

_CONFIRM_FIRST = " 403 as well for the right password while the address waits to be confirmed."
BEGUN = "Check your email for a link to confirm your address"

Email = Annotated[str, Meta(description="Trimmed, compared and stored in lower case.", examples=["ada@example.com"])]


class SignupRequest(Struct, frozen=True):
    """Who wants an account."""

    email: Email
    password: Annotated[str, Meta(description="8 to 128 characters after NFKC.", examples=["correct horse battery"])]
    name: Annotated[str | UnsetType, Meta(description="1 to 100 characters; without it the part before `@`.")] = UNSET


class SignupResponse(Struct, frozen=True):
    """The new account. No session is opened."""

    success: bool
    message: str
    user: User
    api_token: Annotated[str, Meta(description="The token with which the user's programs call.")]


class LoginRequest(Struct, frozen=True):
    """Who wants a session."""

    email: Email
    password: Annotated[str, Meta(examples=["correct horse battery"])]


class LoginResponse(Struct, frozen=True):
    """The new session."""

    success: bool
    message: str
    token: Annotated[str, Meta(description="The session, for `Authorization: Bearer`. Browsers use the cookie.")]
    user: User
    api_token: Annotated[str, Meta(description="The token with which the user's programs call.")]


class PasswordApi:
    """Turns requests into calls of the flow, and what it returns into answers."""

    def __init__(self, flow: PasswordFlow, cookies: SessionCookies, view: View = user_view) -> None:
        self._flow = flow
        self._cookies = cookies
        self._view = view

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The method's routes."""
        return (
            self._begun_sign_up() if self._flow.confirms_first else self._sign_up(),
            Endpoint(
                method="POST",
                path="/api/auth/login",
                handler=self.log_in,
                summary="Log in",
                tag="Session",
                description=(
                    "Opens a session of exactly 24 hours and sets its cookies. Limited for each source by "
                    "`RATE_LIMIT_MAX_REQUESTS`, and failures for each account by `ACCOUNT_LIMIT_MAX_FAILURES`."
                    + (_CONFIRM_FIRST if self._flow.confirms_first else "")
                ),
                body=LoginRequest,
                rules=self._flow.login_rules,
                body_example={"email": "ada@example.com", "password": "correct horse battery"},
                reply=LoginResponse,
                example={
                    "success": True,
                    "message": "Login successful",
                    "token": SESSION_TOKEN,
                    "user": USER,
                    "api_token": API_TOKEN,
                },
                limited=True,
                sets_cookies=True,
                refuses_credentials=True,
            ),
        )

    def _sign_up(self) -> Endpoint:
        return Endpoint(
            method="POST",
            path="/api/auth/signup",
            handler=self.sign_up,
            summary="Create an account",
            tag="Account",
            description="Opens no session. Limited for each source by `SIGNUP_LIMIT_MAX_REQUESTS`.",
            body=SignupRequest,
            rules=self._flow.signup_rules,
            body_example={
                "email": "ada@example.com",
                "password": "correct horse battery",
                "name": "Ada Lovelace",
            },
            reply=SignupResponse,
            example={"success": True, "message": "Account created", "user": USER, "api_token": API_TOKEN},
            status=201,
            limited=True,
        )

    def _begun_sign_up(self) -> Endpoint:
        """The same call where the answer must not tell whether the address was free."""
        return replace(
            self._sign_up(),
            handler=self.begin_sign_up,
            description=(
                "The same answer for a new address and for one that has an account; the rest goes by mail. Limited "
                "for each source by `SIGNUP_LIMIT_MAX_REQUESTS`."
            ),
            reply=DoneResponse,
            example={"success": True, "message": BEGUN},
        )

    async def begin_sign_up(self, call: Call) -> Reply:
        """201 for every address."""
        body: SignupRequest = call.body
        await self._flow.begin_sign_up(NewAccount(body.email, body.password, body.name or None), call.source)
        return json_reply(DoneResponse(True, BEGUN), 201)

    async def sign_up(self, call: Call) -> Reply:
        """201 with the account."""
        body: SignupRequest = call.body
        new = await self._flow.sign_up(NewAccount(body.email, body.password, body.name or None), call.source)
        call.request.exchange.user_id = new.record.id
        return json_reply(SignupResponse(True, "Account created", self._view(new.record), new.api_token), 201)

    async def log_in(self, call: Call) -> Reply:
        """200 with the session and its cookies."""
        body: LoginRequest = call.body
        signed_in: SignedIn = await self._flow.log_in(body.email, body.password, self._cookies.visit(call))
        call.request.exchange.user_id = signed_in.record.id
        session = signed_in.session
        view = self._view(signed_in.record)
        answer = LoginResponse(True, "Login successful", session.token, view, signed_in.api_token)
        return json_reply(answer, headers=self._cookies.signed_in(call, signed_in))
