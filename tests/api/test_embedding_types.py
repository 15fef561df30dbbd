"""What a type checker says of an application that embeds the service."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

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


MISTAKES = {
    "unknown": ("user.id, ", "user.password_hash, ", '"User" has no attribute "password_hash"'),
    "optional": ('if user else "Hello"', "", 'Item "None" of "User | None" has no attribute "name"'),
    "wrong": ("protect(FastAPI(), gate)", "protect(gate)", 'Argument 1 to "protect" has incompatible type'),
}
"""What somebody may write in place of what is right, and what is said of it."""


# One run of mypy for all of them, since reading the libraries is what takes the time.
pytestmark = pytest.mark.xdist_group("embedding types")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What mypy says in strict mode of the application, and of one for each mistake."""
    folder = tmp_path_factory.mktemp("applications")
    (folder / "application.py").write_text(APPLICATION)
    for name, (right, wrong, _) in MISTAKES.items():
        (folder / f"{name}.py").write_text(APPLICATION.replace(right, wrong))
    names = sorted(path.name for path in folder.iterdir())
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary", *names]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return run.stdout.splitlines()


def test_an_application_type_checks(said: list[str]) -> None:
    """Annotated routes, `install`, `protect` and an override pass mypy's strict mode as they stand."""
    assert files("wicketgate").joinpath("py.typed").is_file()

    assert [line for line in said if not line.startswith(tuple(f"{name}.py" for name in MISTAKES))] == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found(name: str, said: list[str]) -> None:
    """A field that no user has, an optional user taken for granted and a wrong argument are errors to mypy."""
    _, _, mistake = MISTAKES[name]

    assert any(line.startswith(f"{name}.py") and mistake in line for line in said)
