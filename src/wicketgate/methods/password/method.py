"""The method's manifest: what it takes to have passwords, and what comes of it."""

from __future__ import annotations

from wicketgate.methods.password.api import PasswordApi
from wicketgate.methods.password.flow import PasswordFlow
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Endpoint


def endpoints(flow: PasswordFlow, cookies: SessionCookies) -> tuple[Endpoint, ...]:
    """The routes that the method adds."""
    return PasswordApi(flow, cookies).endpoints()
