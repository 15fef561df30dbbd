# mypy: ignore-errors
"""FastAPI with aiobotocore, reading the very table that Wicketgate made."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from fastapi import Depends, FastAPI, Request

from bench.rivals.identity import CurrentClaims, ProfileResponse, User, unauthorized

TABLE = os.environ["DYNAMODB_TABLE_NAME"]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One client for the life of the application."""
    region, endpoint = os.environ["AWS_REGION"], os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
    many = AioConfig(max_pool_connections=256)
    async with get_session().create_client("dynamodb", region, endpoint_url=endpoint, config=many) as client:
        app.state.dynamodb = client
        yield


app = FastAPI(lifespan=lifespan)


async def current_user(claims: CurrentClaims, request: Request) -> User:
    """The user, if the session was not ended."""
    client = request.app.state.dynamodb
    answer = await client.get_item(TableName=TABLE, Key={"userId": {"S": claims.sub}}, ConsistentRead=True)
    item = answer.get("Item")
    if item is None or int(item["sessionVersion"]["N"]) != claims.ver or claims.jti in item["revokedSessions"]["M"]:
        raise unauthorized()
    return User(
        id=item["userId"]["S"],
        email=item["email"]["S"],
        name=item["name"]["S"],
        plan=item["plan"]["S"],
        created_at=item["createdAt"]["S"],
        last_modified=item["lastModified"]["S"],
        bio=item["bio"]["S"] if "bio" in item else None,
    )


@app.get("/api/profile")
async def profile(user: Annotated[User, Depends(current_user)]) -> ProfileResponse:
    """The user whose session it is."""
    return ProfileResponse(success=True, user=user)
