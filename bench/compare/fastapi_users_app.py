# mypy: ignore-errors
"""fastapi-users as its documentation builds it: SQLAlchemy on aiosqlite, JWT in a cookie, bcrypt for passwords."""

import os
import uuid
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport, JWTStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users.password import PasswordHelper
from pwdlib import PasswordHash
from pwdlib.hashers.bcrypt import BcryptHasher
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

SECRET = os.environ["SECRET"]
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
sessions = async_sessionmaker(engine, expire_on_commit=False)
passwords = PasswordHelper(PasswordHash((BcryptHasher(rounds=int(os.environ["COST"])),)))


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """A user."""


class Manager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    """What is done with users."""

    reset_password_token_secret = SECRET
    verification_token_secret = SECRET


async def session():
    """A session of the database for one request."""
    async with sessions() as opened:
        yield opened


async def database(opened: AsyncSession = Depends(session)):  # noqa: B008
    """The users in it."""
    yield SQLAlchemyUserDatabase(opened, User)


async def manager(users=Depends(database)):  # noqa: B008
    """The manager."""
    yield Manager(users, passwords)


class UserRead(schemas.BaseUser[uuid.UUID]):
    """A user as shown."""


class UserCreate(schemas.BaseUserCreate):
    """A user to be."""


@asynccontextmanager
async def lifespan(_):
    """Makes the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield


backend = AuthenticationBackend(
    name="cookie",
    transport=CookieTransport(cookie_secure=False, cookie_max_age=86_400),
    get_strategy=lambda: JWTStrategy(secret=SECRET, lifetime_seconds=86_400),
)
users = FastAPIUsers[User, uuid.UUID](manager, [backend])
app = FastAPI(lifespan=lifespan)
app.include_router(users.get_auth_router(backend), prefix="/auth")
app.include_router(users.get_register_router(UserRead, UserCreate), prefix="/auth")
app.include_router(users.get_users_router(UserRead, schemas.BaseUserUpdate), prefix="/users")
