"""Whatever proves something: nothing but what we made ourselves is taken, to the last bit of its last character."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from tests.fuzz.kit import Reads, Target, simple
from tests.support.clock import START, ManualClock
from wicketgate.core.devices import LIFETIME, Devices, _mac
from wicketgate.core.one_time import RESET, InvalidLink, OneTimeLinks
from wicketgate.core.ports import ApiTokenClaims
from wicketgate.core.sessions import SessionClaims
from wicketgate.core.users import UserRecord
from wicketgate.crypto.api_tokens import ApiTokenDeriver
from wicketgate.crypto.keys import b64url, derive, key
from wicketgate.crypto.session_tokens import SessionTokenSigner
from wicketgate.stores.memory import MemoryStore

NOW = START // 1000
USER = "0d5b9f3e-7c1e-4f7a-9c55-3f2f6f0a7b11"
EMAIL = "ada@example.com"
KEYS = [key(b"today's key, which has thirty-two bytes"), key(b"yesterday's, with thirty-two bytes too")]

_signers = [SessionTokenSigner([one, KEYS[0]], "https://app.example") for one in KEYS]
_claims = [SessionClaims(USER, EMAIL, f"session-{number}", 1, NOW, NOW + 86_400) for number in range(3)]
HEADER = _signers[0].sign(_claims[0]).partition(".")[0]
SESSIONS = {signer.sign(claims) for signer in _signers for claims in _claims}
_session_reader = SessionTokenSigner(KEYS, "https://app.example")

_derivers = [ApiTokenDeriver([one], "wg") for one in KEYS]
API_CLAIMS = [ApiTokenClaims(USER, 1), ApiTokenClaims(f"{USER}x", 7), ApiTokenClaims(f"{USER}yz", 0, "tokenid_1234")]
API_TOKENS = {deriver.derive(claims) for deriver in _derivers for claims in API_CLAIMS}
_api_reader = ApiTokenDeriver(KEYS, "wg")

_devices = Devices([b"a" * 32, b"b" * 32], lambda: START)
# As `mark` makes them, but the same in every process.
_said = [f"{name}.{NOW + LIFETIME}" for name in ("AAAAAAAAAAAAAAAAAAAAAA", "a-mark-of-a-browser___")]
MARKS = {f"{said}.{_mac(key, said, EMAIL).decode()}" for said in _said for key in (b"a" * 32, b"b" * 32)}


def session_token(data: bytes) -> None:
    """A session token, as a header or a cookie brings it."""
    token = data.decode("latin-1")

    assert (_session_reader.read(token) is not None) == (token in SESSIONS)


def session_payload(data: bytes) -> None:
    """A session token with anything in it, signed with our key as somebody else might: refused, or well-typed."""
    signed = f"{HEADER}.{b64url(data)}"
    signature = b64url(hmac.digest(KEYS[0].secret, signed.encode(), "sha256"))

    claims = _session_reader.read(f"{signed}.{signature}")

    assert claims is None or _well_typed(claims)


def _well_typed(claims: SessionClaims) -> bool:
    texts, numbers = (claims.user_id, claims.email, claims.token_id), (claims.version, claims.issued_at)
    return all(type(text) is str for text in texts) and all(type(number) is int for number in numbers)


def api_token(data: bytes) -> None:
    """An API token, with or without a name."""
    token = data.decode("latin-1")

    assert (_api_reader.read(token) is not None) == (token in API_TOKENS)


def device_mark(data: bytes) -> None:
    """The mark of a browser, good for one address."""
    mark = data.decode("latin-1")

    assert (_devices.known(mark, EMAIL) is not None) == (mark in MARKS)
    assert _devices.known(mark, "bob@example.com") is None


@contextmanager
def link() -> Iterator[Reads]:
    """The token of a link from a mail, which comes as any text."""
    store, clock = MemoryStore(), ManualClock()
    links = OneTimeLinks(store, [derive(KEYS[0].secret, "links")], clock)
    token = links.token(RESET, USER, LINK_JOB)

    def read(data: bytes) -> None:
        given = data.decode("utf-8", "surrogatepass") if _decodes(data) else data.decode("latin-1")
        try:
            found = runner.run(links.find(RESET, given))
        except InvalidLink:
            assert given != token
        else:
            assert given == token
            assert found.record.id == USER

    with asyncio.Runner() as runner:
        record = UserRecord(USER, EMAIL, "Ada", "2030-01-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z")
        runner.run(store.create(record, ()))
        runner.run(store.edit(USER, links.kept(RESET, token, 3600, EMAIL)))
        yield read


LINK_JOB = "job-1"
LINK = OneTimeLinks(MemoryStore(), [derive(KEYS[0].secret, "links")], lambda: START).token(RESET, USER, LINK_JOB)


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


PAYLOAD = (
    b'{"sub":"%b","email":"ada@example.com","iat":1900000000,"exp":1900086400,"jti":"j","ver":1,'
    b'"iss":"https://app.example"}'
) % USER.encode()

TARGETS = {
    "session_token": simple(session_token, *(token.encode() for token in sorted(SESSIONS))),
    "session_payload": simple(session_payload, PAYLOAD),
    "api_token": simple(api_token, *(token.encode() for token in sorted(API_TOKENS))),
    "device_mark": simple(device_mark, *(mark.encode() for mark in sorted(MARKS))),
    "link": Target((LINK.encode(),), link),
}
