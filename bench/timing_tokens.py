"""Every comparison of a secret, each with two kinds of wrong input: wrong at the beginning, and wrong at the end."""

from __future__ import annotations

import hashlib
import itertools
import os
import uuid
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import partial
from typing import Any

from wicketgate.core.devices import Devices
from wicketgate.core.one_time import RESET, InvalidLink, OneTimeLinks
from wicketgate.core.ports import ApiTokenClaims
from wicketgate.core.sessions import Authenticated, SessionClaims
from wicketgate.core.users import UserRecord
from wicketgate.crypto.api_tokens import ApiTokenDeriver
from wicketgate.crypto.foreign_kdf import Pbkdf2, Scrypt
from wicketgate.crypto.keys import key
from wicketgate.crypto.session_tokens import SessionTokenSigner
from wicketgate.stores.memory import MemoryStore
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.credentials import Credential
from wicketgate.web.errors import reply_to
from wicketgate.web.guard import Guard
from wicketgate.web.http import Head

Call = Callable[[], object]
Pair = tuple[Call, Call]

_KEY = key(b"the bench's key, with thirty-two bytes in it")
_USER = "0d5b9f3e-7c1e-4f7a-9c55-3f2f6f0a7b11"
_CLAIMS = SessionClaims(_USER, "ada@example.com", "session-1", 1, 1_900_000_000, 1_900_086_400)
_PASSWORD = b"correct horse battery"
_INPUTS = 300
_NOW_MS = 1_900_000_000_000


def comparisons() -> Mapping[str, Callable[[], Pair]]:
    """What is compared, and what makes two calls with inputs of their own."""
    return {
        "session token: MAC wrong in its first letter, in its last": _session,
        "API token: MAC wrong in its first byte, in its last": partial(_api_token, ""),
        "named API token: the same": partial(_api_token, "tokenid_1234"),
        "CSRF value: wrong in its first letter, in its last": _csrf,
        "CSRF value: one letter, the right length": _csrf_length,
        "mark of a browser: MAC wrong in its first letter, in its last": _device,
        "link: secret wrong in its first letter, in its last": _link,
        "PBKDF2 of another program: result wrong in its first byte, in its last": _pbkdf2,
        "scrypt of another program: the same": _scrypt,
    }


def _session() -> Pair:
    signer = SessionTokenSigner([_KEY], "bench")
    tokens = [signer.sign(_CLAIMS._replace(token_id=str(uuid.uuid4()))) for _ in range(_INPUTS)]
    start, end = tokens[0].rindex(".") + 1, len(tokens[0]) - 2
    # Past the memory of what the last tokens said, which would answer from the second time on.
    return _either(signer._verified, tokens, start, end)


def _api_token(token_id: str) -> Pair:
    deriver = ApiTokenDeriver([_KEY], "wg")
    claims = [ApiTokenClaims(str(uuid.uuid4()), 0 if token_id else 1, token_id) for _ in range(_INPUTS)]
    start = len("wg_") + (8 + 4) * 4 // 3
    return _either(deriver.read, [deriver.derive(one) for one in claims], start, start + 24 * 4 // 3 - 1)


class _Sessions:
    """As much of a session book as the guard needs here."""

    def __init__(self) -> None:
        self._tokens = SessionTokenSigner([_KEY], "bench")

    def csrf(self, session: Authenticated) -> str:
        return self._tokens.csrf(session.claims)


def _csrf() -> Pair:
    right, check = _guarded()
    return _either(check, [right], 0, len(right) - 1)


def _csrf_length() -> Pair:
    right, check = _guarded()
    return partial(check, "A"), partial(check, _letter(right, 0))


def _guarded() -> tuple[str, Callable[[str], object]]:
    sessions: Any = _Sessions()
    guard = Guard(sessions, SessionCookies(production=True, max_age=1), "https://app.example", frozenset())
    session = Authenticated(
        _CLAIMS._replace(token_id=str(uuid.uuid4())), UserRecord(_USER, "ada@example.com", "Ada", "", "")
    )
    shown = Credential("token", from_cookie=True)

    def check(value: str) -> object:
        try:
            guard.refuse_forgery(Head("POST", "https", {b"x-csrf-token": value.encode()}), shown, session)
        except Exception as error:
            return reply_to(error)
        raise AssertionError("taken")

    return sessions.csrf(session), check


def _device() -> Pair:
    devices = Devices([b"k" * 32], lambda: _NOW_MS)
    marks = [devices.mark("ada@example.com") for _ in range(_INPUTS)]
    known = partial(devices.known, address="ada@example.com")
    return _either(known, marks, marks[0].rindex(".") + 1, len(marks[0]) - 2)


def _link() -> Pair:
    store = MemoryStore()
    links = OneTimeLinks(store, [os.urandom(32)], lambda: _NOW_MS)
    token = links.token(RESET, _USER, "job")
    _done(store.create(UserRecord(_USER, "ada@example.com", "Ada", "", ""), ()))
    _done(store.edit(_USER, links.kept(RESET, token, 3600)))

    def find(given: str) -> object:
        try:
            return _done(links.find(RESET, given))
        except InvalidLink:
            return None

    return _either(find, [token], 0, 42)


def _pbkdf2() -> Pair:
    salt = os.urandom(8)
    right = hashlib.pbkdf2_hmac("sha256", _PASSWORD, salt, 1, 32)
    return _opening(lambda result: Pbkdf2("sha256", 1, salt, result), right)


def _scrypt() -> Pair:
    salt = os.urandom(8)
    right = hashlib.scrypt(_PASSWORD, salt=salt, n=2, r=1, p=1, dklen=32)
    return _opening(lambda result: Scrypt(2, 1, 1, salt, result), right)


def _opening(hashed: Callable[[bytes], Pbkdf2 | Scrypt], right: bytes) -> Pair:
    first, last = hashed(_other(right[:1]) + right[1:]), hashed(right[:-1] + _other(right[-1:]))
    return partial(first.opens, _PASSWORD.decode()), partial(last.opens, _PASSWORD.decode())


def _other(byte: bytes) -> bytes:
    return bytes((byte[0] ^ 1,))


def _either(call: Callable[[str], object], right: list[str], first: int, last: int) -> Pair:
    """Calls with a wrong letter at the one place and at the other, each in many inputs: one has a time of its own."""
    front, end = (itertools.cycle([_letter(text, place) for text in right]) for place in (first, last))
    return partial(_called, call, front), partial(_called, call, end)


def _called(call: Callable[[str], object], inputs: Iterator[str]) -> object:
    return call(next(inputs))


def _letter(text: str, place: int) -> str:
    """The text with another letter at a place."""
    other = "Q" if text[place] == "A" else "A"
    return text[:place] + other + text[place + 1 :]


def _done(work: Coroutine[Any, Any, Any]) -> Any:
    """The result of what never waits."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("it waits for something")
