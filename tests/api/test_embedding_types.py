"""What a type checker says of an application that embeds the service."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

APPLICATION = """
from typing import Annotated

from fastapi import FastAPI, Security

from wicketgate import Settings, Wicketgate
from wicketgate.fastapi import (
    ApiAccess, ApiUser, CurrentUser, OptionalUser, User, api_user, current_user, install, protect
)

app = FastAPI()
gate: Wicketgate = install(app, Wicketgate(Settings(jwt_secret="long enough to sign a session token with")))
protect(FastAPI(), gate)


@app.get("/dashboard")
async def dashboard(user: CurrentUser) -> User:
    return user


@app.get("/greeting")
def greeting(user: OptionalUser) -> str:
    return f"Hello, {user.name}" if user else "Hello"


@app.get("/export")
async def export(user: ApiUser) -> list[str | None]:
    return [user.id, user.email, user.name, user.bio, user.plan, user.created_at, user.last_modified]


@app.get("/reports")
async def reports(user: Annotated[User, Security(api_user, scopes=["reports:read"])], caller: ApiAccess) -> bool:
    return caller.user == user and caller.may("reports:read", *(caller.scopes or ()))


app.dependency_overrides[current_user] = lambda: User("1", "a@example.com", "A", None, "free", "", "")
"""


def check(code: str, folder: Path) -> str:
    """What mypy says of the code in strict mode."""
    (folder / "application.py").write_text(code)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", "application.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False).stdout


def test_an_application_type_checks(tmp_path: Path) -> None:
    """Annotated routes, `install`, `protect` and an override pass mypy's strict mode as they stand."""
    assert files("wicketgate").joinpath("py.typed").is_file()

    said = check(APPLICATION, tmp_path)

    assert said == ""


@pytest.mark.parametrize(
    ("right", "wrong", "mistake"),
    [
        ("user.id, ", "user.password_hash, ", '"User" has no attribute "password_hash"'),
        ('if user else "Hello"', "", 'Item "None" of "User | None" has no attribute "name"'),
        ("protect(FastAPI(), gate)", "protect(gate)", 'Argument 1 to "protect" has incompatible type'),
    ],
)
def test_a_mistake_is_found(right: str, wrong: str, mistake: str, tmp_path: Path) -> None:
    """A field that no user has, an optional user taken for granted and a wrong argument are errors to mypy."""
    said = check(APPLICATION.replace(right, wrong), tmp_path)

    assert mistake in said
