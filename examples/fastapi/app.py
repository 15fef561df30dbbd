"""Notes: a small application whose users are Wicketgate's.

Everything about accounts comes from `install`. What is left is the application itself: a page for everyone, notes
that only their owner sees, and a way in for the owner's programs.
"""

from __future__ import annotations

from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from wicketgate import Wicketgate
from wicketgate.fastapi import ApiUser, CurrentUser, OptionalUser, User, install

router = APIRouter()


def create_app(gate: Wicketgate | None = None) -> FastAPI:
    """The application. Without a service it uses the one that the environment describes."""
    app = FastAPI(title="Notes")
    app.state.notebook = Notebook()
    install(app, gate)
    app.include_router(router)
    return app


class NewNote(BaseModel):
    """What someone wants to keep."""

    text: Annotated[str, Field(min_length=1, max_length=500)]


class Note(NewNote):
    """A note that is kept."""

    id: int


class Notebook:
    """Everybody's notes, in memory. A database would go by `user.id` in the same way."""

    def __init__(self) -> None:
        self._notes: dict[str, list[Note]] = {}

    def of(self, user: User) -> list[Note]:
        """The user's notes, oldest first."""
        return self._notes.get(user.id, [])

    def add(self, user: User, text: str) -> Note:
        """The note as it is kept."""
        notes = self._notes.setdefault(user.id, [])
        notes.append(Note(id=len(notes) + 1, text=text))
        return notes[-1]


def notebook(request: Request) -> Notebook:
    """The application's notebook."""
    found: Notebook = request.app.state.notebook
    return found


Notes = Annotated[Notebook, Depends(notebook)]


@router.get("/", response_class=HTMLResponse)
async def home(user: OptionalUser) -> str:
    """A page for everyone, with a word for whoever is logged in."""
    greeting = f"Welcome back, {escape(user.name)}." if user else "Nobody is logged in."
    return f"<!doctype html><title>Notes</title><h1>Notes</h1><p>{greeting}</p>"


@router.get("/about")
async def about() -> dict[str, str]:
    """A route without users: nothing of Wicketgate runs here."""
    return {"about": "Keeps what you write."}


@router.get("/me")
async def me(user: CurrentUser) -> User:
    """Who is logged in."""
    return user


@router.get("/notes")
async def notes(user: CurrentUser, kept: Notes) -> list[Note]:
    """The notes of whoever is logged in."""
    return kept.of(user)


@router.post("/notes", status_code=201)
async def add_note(new: NewNote, user: CurrentUser, kept: Notes) -> Note:
    """Keeps a note. A page sends the header `X-CSRF-Token` with it, as with every change."""
    return kept.add(user, new.text)


@router.get("/export")
async def export(user: ApiUser, kept: Notes) -> list[Note]:
    """The same notes for the user's programs, which show an API token and have no session."""
    return kept.of(user)
