"""The method's manifest: what it takes to have passwords, and what comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from wicketgate.core.outbox import RESET_PASSWORD, Job
from wicketgate.methods.password.api import PasswordApi
from wicketgate.methods.password.change import ChangeFlow
from wicketgate.methods.password.change_api import ChangePasswordApi
from wicketgate.methods.password.flow import SIGN_UP, PasswordFlow
from wicketgate.methods.password.recovery import RecoveryFlow
from wicketgate.methods.password.recovery_api import RecoveryApi
from wicketgate.methods.password.signing_up import SignUps
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.endpoint import Endpoint
from wicketgate.web.views import View


class PasswordMethod(NamedTuple):
    """All that the method consists of."""

    passwords: PasswordFlow
    changes: ChangeFlow
    recovery: RecoveryFlow
    sign_ups: SignUps

    def endpoints(self, cookies: SessionCookies, view: View, *, mail: bool) -> tuple[Endpoint, ...]:
        """The routes that the method adds. Without mail nobody can recover a password."""
        return (
            *PasswordApi(self.passwords, cookies, view).endpoints(),
            *ChangePasswordApi(self.changes, cookies).endpoints(),
            *(RecoveryApi(self.recovery).endpoints() if mail else ()),
        )

    @property
    def handlers(self) -> Mapping[str, Callable[[Job], Awaitable[None]]]:
        """Who does which kind of job."""
        return {SIGN_UP: self.sign_ups.carry_out, RESET_PASSWORD: self.recovery.send}
