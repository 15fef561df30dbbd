# mypy: ignore-errors
"""FastAPI with SQLAlchemy's asyncio sessions on aiosqlite, reading the very file that Wicketgate made."""

import os
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import JSON
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.rivals.identity import CurrentClaims, ProfileResponse, unauthorized

engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['SQLITE_PATH']}")
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    """The tables."""


class UserRow(Base):
    """A user."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[str]
    last_modified: Mapped[str]
    bio: Mapped[str | None]
    plan: Mapped[str]
    session_version: Mapped[int]
    revoked_sessions: Mapped[dict[str, int] | None] = mapped_column(JSON)


async def database() -> AsyncIterator[AsyncSession]:
    """A session for one request."""
    async with sessions() as session:
        yield session


async def current_user(claims: CurrentClaims, db: Annotated[AsyncSession, Depends(database)]) -> UserRow:
    """The user, if the session was not ended."""
    user = await db.get(UserRow, claims.sub)
    if user is None or user.session_version != claims.ver or claims.jti in (user.revoked_sessions or {}):
        raise unauthorized()
    return user


@app.get("/api/profile")
async def profile(user: Annotated[UserRow, Depends(current_user)]) -> ProfileResponse:
    """The user whose session it is."""
    return ProfileResponse.model_validate({"success": True, "user": user}, from_attributes=True)
