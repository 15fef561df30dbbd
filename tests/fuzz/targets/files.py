"""Files of users, hashes of other programs, and settings: what an operator hands over and others have written."""

from __future__ import annotations

import io
from contextlib import suppress

import bcrypt

from tests.fuzz.kit import says_nothing_of, simple
from tests.unit.crypto.test_foreign import DEFAULTS, KDF
from wicketgate.core.errors import ConfigurationError
from wicketgate.crypto import foreign
from wicketgate.crypto.bcrypt_hashes import BcryptHash, plain
from wicketgate.crypto.foreign_kdf import Pbkdf2, Scrypt
from wicketgate.crypto.foreign_limits import UnusableHash
from wicketgate.crypto.passwords import Bcrypt
from wicketgate.crypto.system_bcrypt import SystemBcrypt
from wicketgate.email_syntax import normalised
from wicketgate.moving.columns import Rules
from wicketgate.moving.files import _rows
from wicketgate.moving.lines import UnusableFile
from wicketgate.moving.rows import Found, Refused, Row, Unreadable
from wicketgate.moving.tables import from_authjs, from_guide
from wicketgate.settings import Settings
from wicketgate.stores.dynamodb.items import to_item, to_record
from wicketgate.stores.sqlite.rows import decoded, encoded

NOW = "2030-01-01T00:00:00.000Z"
RULES = [Rules(normalised, NOW, "wg_", keep_ids=keep, ignored=("extra",)) for keep in (False, True)]
SECRETS = ("JWT_SECRET", "API_TOKEN_SECRET", "AUDIT_WEBHOOK_SECRET", "SMTP_PASSWORD", "JWT_SECRET_PREVIOUS")
SECRET = "secret-part-of-a-hash"


def users(data: bytes) -> None:
    """Each row of a file is a user as the stores keep one, or refused by a short reason that repeats no hash."""
    try:
        found = list(_rows(io.BufferedReader(io.BytesIO(data)), None, ("extra",)))
    except UnusableFile:
        return
    for row in found:
        a_row(row)
        if isinstance(row, Row):
            for other in (from_guide, from_authjs):
                a_row(other(row.values))


def a_row(row: Found) -> None:
    """One row."""
    if isinstance(row, Unreadable):
        assert SECRET not in row.reason
    if not isinstance(row, Row):
        return
    for rules in RULES:
        try:
            record = rules.candidate(row).record
        except Refused as refused:
            if SECRET not in str(row.values.keys()):
                says_nothing_of(refused, SECRET)
            continue
        assert to_record(to_item(record)) == record
        assert decoded(encoded(record)) == record
        for text in (record.id, record.email, record.name, record.plan, record.bio or ""):
            text.encode()


def a_hash(data: bytes) -> None:
    """A hash that is taken can be checked, within bounds of work, and does not open for another password."""
    text = data.decode("utf-8", "replace")
    plain(text)
    try:
        made = foreign.kept(foreign.marked(text))
    except UnusableHash as error:
        says_nothing_of(error, SECRET)
        return
    if not isinstance(made, BcryptHash) and _cheap(made):
        assert not made.opens("not the password")


def two_libraries(data: bytes) -> None:
    """The system's bcrypt and the package's make the same of every password and salt, or neither makes anything."""
    salt, _, password = data.partition(b" ")
    if b"$04$" in salt:
        made = _made(bcrypt, password, salt)
        assert _made(_system, password, salt) == made
        assert made is None or _system.checkpw(password, made)


def _made(library: Bcrypt, password: bytes, salt: bytes) -> bytes | None:
    try:
        return library.hashpw(password, salt)
    except ValueError:
        return None


_system = SystemBcrypt()


def _cheap(made: foreign.ForeignHash) -> bool:
    """The costliest that are taken need seconds, so most are only read."""
    if isinstance(made, Pbkdf2):
        return made.iterations <= 2_000
    if isinstance(made, Scrypt):
        return made.n * made.r * made.p <= 1 << 16
    return "$m=64,t=1," in getattr(made, "text", "")


def settings(data: bytes) -> None:
    """Variables make settings, or are refused in one line without any of the secrets among them."""
    pairs = (line.partition("=") for line in data.decode("utf-8", "surrogateescape").split("\n"))
    # What an environment can hold at all.
    given = {name: value.replace("\0", "") for name, _, value in pairs}
    others = [value for name, value in given.items() if name not in SECRETS]
    secrets = [value for name in SECRETS if len(value := given.get(name, "")) > 12 and value not in "".join(others)]
    try:
        made = Settings.from_env(given, env_file=None)
    except ConfigurationError as error:
        says_nothing_of(error, "\n", *secrets)
        return
    assert not any(secret in repr(made) for secret in secrets)
    for origin in filter(None, (made.own_origin, *made.other_origins)):
        assert origin.isascii()
        assert origin.isprintable()
    assert made.trusted_networks is not None
    with suppress(ValueError):
        assert isinstance(made.webhook_key, bytes)


CSV = (
    b"email,name,passwordHash,createdAt,emailVerified\n"
    b"ada@example.com,Ada,$2b$04$u8dczNv82yzCsdJW24Osiu16mKDTZ.EJwy1CnR5rlUFiQcAmN91k6,2024-01-01,true\n"
    b'bob@example.com,"B ""x""\nb",pbkdf2_sha256$1000$secret-part-of-a-hash$6pSW,1700000000,\n'
)
JSON_LINE = (
    b'{"email":"ada@example.com","id":"7","plan":"pro","bio":"a\\nb","createdAt":1700000000.5,"sessionVersion":3,'
    b'"revokedSessions":{"j":1900000000},"private":{"passwordHash":"foreign:$2a$04$secret-part-of-a-hash",'
    b'"token#abcdefghijkl":"[]","link#reset":"1.2.3","formerEmail":"1 a@b.example"}}\n'
)
VARIABLES = (
    b"ENVIRONMENT=production\nJWT_SECRET=secret-part-of-a-hash-which-is-long-enough\nPUBLIC_URL=https://app.example\n"
    b"TRUSTED_PROXIES=10.0.0.0/8, fd00::/8\nALLOWED_ORIGINS=https://a.example:8443\nBCRYPT_COST=12\nPAGES=off",
    b"SMTP_HOST=smtp.example\nSMTP_PORT=587\nMAIL_FROM=Acme <login@acme.example>\nSMTP_USERNAME=a\n"
    b"SMTP_PASSWORD=secret-part-of-a-hash\nPUBLIC_URL=http://[::1]:8000\nACCENT_COLOR=#0d6b61\nLOGO_FILE=x.svg",
    b"AUDIT_WEBHOOK_URL=https://x.example/y\nAUDIT_WEBHOOK_SECRET=whsec_c2VjcmV0LXBhcnQtb2YtYS1oYXNo\nMETRICS=1\n"
    b"SECURITY_NOTICES=password,email\nPASSWORD_BREACH_URL=https://r.example/\nRATE_LIMIT_WINDOW_MS=1000",
)
BCRYPTS = (
    b"$2b$04$u8dczNv82yzCsdJW24Osiu correct horse battery",
    b"$2a$04$u8dczNv82yzCsdJW24Osiu16mKDTZ.EJwy1CnR5rlUFiQcAmN91k6 " + b"\xff\xa3" * 36,
    b"$2y$04$abcdefghijklmnopqrstuu " + b"x" * 72,
)
TARGETS = {
    "two libraries": simple(two_libraries, *BCRYPTS, examples=100),
    "file of users": simple(users, CSV, JSON_LINE, CSV.replace(b",", b"\t"), b'\xef\xbb\xbf{"email":"a@b.example"}'),
    "hash": simple(a_hash, *(text.encode() for text in (*KDF.values(), *DEFAULTS.values())), examples=300),
    "settings": simple(settings, *VARIABLES, examples=300),
}
