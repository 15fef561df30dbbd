"""For applications made with FastAPI: the service's routes among their own, and users as parameters of theirs.

    gate = install(app)

    @app.get("/dashboard")
    async def dashboard(user: CurrentUser) -> str:
        return f"Hello, {user.name}"

Needs the extra `wicketgate[fastapi]`; the service itself never imports this.
"""

from wicketgate.core.users import User
from wicketgate.fastapi.callers import ApiCaller
from wicketgate.fastapi.install import install, protect
from wicketgate.fastapi.users import (
    ApiAccess,
    ApiUser,
    CurrentUser,
    OptionalUser,
    api_access,
    api_user,
    current_user,
    optional_user,
)

__all__ = [
    "ApiAccess",
    "ApiCaller",
    "ApiUser",
    "CurrentUser",
    "OptionalUser",
    "User",
    "api_access",
    "api_user",
    "current_user",
    "install",
    "optional_user",
    "protect",
]
