"""Answers that must not tell whether an address has an account, each with one that has and one that has not."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from bench import inside
from wicketgate import Settings, Wicketgate
from wicketgate.core.users import UserRecord, claims_of
from wicketgate.mail.mail import Mail
from wicketgate.methods.password.flow import HASH
from wicketgate.stores.memory import MemoryStore

Call = Callable[[], Coroutine[Any, Any, int]]
Settle = Callable[[], Coroutine[Any, Any, None]]
Compared = tuple[str, tuple[Call, Call], Settle]

_COST, _COST_OF_OURS = 4, 8
"""Of bcrypt: low, so that microseconds are not lost in a hash; higher where quicker hashes are made up for."""

_HEADERS = {"content-type": "application/json"}
_KNOWN, _UNKNOWN, _FOREIGN = "ada.lovelace@example.com", "nobody.there@example.com", "grace.hopper@example.com"
_PBKDF2 = "foreign:pbkdf2_sha256$1000$NaClNaClNaCl$6pSWcACOiLC9VxgyPr7MGV/r8O0OPG0eX+wjtgoBWPI="
_OFF = dict.fromkeys(
    (
        *(
            "rate_limit_max_requests",
            "signup_limit_max_requests",
            "mail_limit_max_requests",
            "mail_limit_per_address",
        ),
        *("link_limit_max_requests", "account_limit_max_failures"),
    ),
    0,
)


async def logins() -> list[Compared]:
    """What is compared, two calls, and what ends all that their answers left to do."""
    plain, first = await _service(), await _service(email_verification="required")
    renewing = await _service(bcrypt_cost=_COST_OF_OURS)
    locked = await _service(account_limit_max_failures=1)
    audited = await _service(audit_logins=True)
    for address in (_KNOWN, _UNKNOWN):
        await _log_in(locked, address)
    return [
        _either("login, wrong password: known address, unknown", _log_in, plain),
        _either("the same with `AUDIT_LOGINS`", _log_in, audited),
        _either("login: hash of another program, unknown address", _log_in, renewing, _FOREIGN),
        _either("login, locked: known address, unknown", _log_in, locked),
        _either("login, addresses confirmed first: unconfirmed address, unknown", _log_in, first),
        _either("forgotten password: known address, unknown", _forget, plain),
        _either("sign-up, addresses confirmed first: taken address, free", _sign_up, first),
    ]


async def _service(**changes: Any) -> Wicketgate:
    settings = Settings(
        **{"jwt_secret": "the bench's secret, of thirty-two bytes and more", "bcrypt_cost": _COST, **_OFF, **changes}
    )
    store = MemoryStore()
    service = Wicketgate(settings, store=store, write_log=lambda _: None, send_mail=_sent)
    hashed = await service.passwords.new_passwords.hash("correct horse battery", _KNOWN)
    ada = UserRecord("1", _KNOWN, "Ada", _NOW, _NOW, private={HASH: hashed})
    for user in (ada, replace(ada, id="2", email=_FOREIGN, private={HASH: _PBKDF2})):
        await store.create(user, claims_of(user))
    return service


_NOW = "2030-01-01T00:00:00.000Z"


async def _sent(_: Mail) -> None:
    """Mail goes nowhere."""


def _either(
    what: str, call: Callable[[Wicketgate, str], Coroutine[Any, Any, int]], service: Wicketgate, known: str = _KNOWN
) -> Compared:
    return what, (partial(call, service, known), partial(call, service, _UNKNOWN)), service.outbox.settle


async def _log_in(service: Wicketgate, address: str) -> int:
    return await _post(service, "login", {"email": address, "password": "not the password"})


async def _forget(service: Wicketgate, address: str) -> int:
    return await _post(service, "password/forgot", {"email": address})


async def _sign_up(service: Wicketgate, address: str) -> int:
    # Afterwards it is taken, so each sign-up has an address of its own, or one that is like it.
    number = next(_numbers)
    free = f"n{number:09}@example.com" if address == _UNKNOWN else address
    return await _post(service, "signup", {"email": free, "password": "incorrect horse battery"})


_numbers = itertools.count()


async def _post(service: Wicketgate, path: str, body: dict[str, str]) -> int:
    """How many nanoseconds the answer takes. What is done behind it takes its turn when this has returned."""
    scope, sent = inside.scope("POST", f"/api/auth/{path}", _HEADERS), json.dumps(body).encode()
    began = time.perf_counter_ns()
    await inside.ask(service, scope, sent)
    return time.perf_counter_ns() - began
