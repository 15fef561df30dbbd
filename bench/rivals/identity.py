# mypy: ignore-errors
# Its libraries are installed for the bench only.
"""What both rivals share: who is calling, by PyJWT, and what they answer with, by pydantic."""

import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import APIKeyCookie
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

SECRET = os.environ["JWT_SECRET"]
session_cookie = APIKeyCookie(name="auth_token")


class User(BaseModel):
    """A user as the API shows one."""

    model_config = ConfigDict(from_attributes=True, alias_generator=to_camel, validate_by_name=True)

    id: str
    email: str
    name: str
    plan: str
    created_at: str
    last_modified: str
    bio: str | None = None


class ProfileResponse(BaseModel):
    """The user whose session it is."""

    success: bool
    user: User


class Claims(BaseModel):
    """What a session token says."""

    sub: str
    jti: str
    ver: int


def unauthorized() -> HTTPException:
    """401."""
    return HTTPException(401, "Authentication required")


async def claims(token: Annotated[str, Depends(session_cookie)]) -> Claims:
    """The claims of a token that is genuine and has not expired."""
    try:
        return Claims.model_validate(jwt.decode(token, SECRET, algorithms=["HS256"]))
    except jwt.InvalidTokenError:
        raise unauthorized() from None


CurrentClaims = Annotated[Claims, Depends(claims)]
