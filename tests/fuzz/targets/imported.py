"""A user who came along from elsewhere: whatever an import lets in, the owner's own pages can show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.fuzz.kit import Reads, Target
from tests.fuzz.targets.service import EVERYTHING, asked, check, scope
from tests.support.clock import START
from tests.support.service import Service
from wicketgate.core.users import UserRecord, claims_of
from wicketgate.email_syntax import normalised
from wicketgate.moving.columns import Rules
from wicketgate.moving.rows import Refused, Row

RULES = Rules(normalised, "2030-01-01T00:00:00.000Z", "wg_", keep_ids=True)
SHOWN = ("/api/profile", "/api/auth/sessions", "/api/auth/api-tokens", "/api/auth/activity", "/api/auth/api-token")


@contextmanager
def pages() -> Iterator[Reads]:
    """Session, profile and lists of an imported user, and a failed login."""

    async def shown(record: UserRecord) -> None:
        service = Service(**EVERYTHING)
        await service.store.create(record, claims_of(record))
        token = service.app.sessions.open(record).token.encode()
        for path in SHOWN:
            headers = [(b"authorization", b"Bearer " + token)]
            status, said, body = await asked(service.app, scope(("GET", path, b"", headers, b"")), b"")
            check(status, said, body)
            assert status == 200
        for path, given in (("login", {"password": "wrong"}), ("password/forgot", {}), ("email/resend", {})):
            sent = json.dumps({"email": record.email, **given}).encode()
            headers = [(b"content-type", b"application/json")]
            check(*await asked(service.app, scope(("POST", f"/api/auth/{path}", b"", headers, sent)), sent))
        await service.settle()
        assert not service.events("fault")

    def read(data: bytes) -> None:
        try:
            values: Any = json.loads(data)
            record = RULES.candidate(Row("line 1", values)).record
        except (ValueError, RecursionError, Refused, AttributeError):
            return
        runner.run(shown(record))

    with asyncio.Runner() as runner:
        yield read


NOW = START // 1000
USER = {
    "email": "ada@example.com",
    "id": "0d5b9f3e-7c1e-4f7a-9c55-3f2f6f0a7b11",
    "passwordHash": "pbkdf2_sha256$1$NaClNaClNaCl$6pSWcACOiLC9VxgyPr7MGV/r8O0OPG0eX+wjtgoBWPI=",
    "createdAt": "2024-01-01T00:00:00Z",
    "sessionVersion": 1,
    "revokedSessions": {"x": NOW + 60},
    "private": {
        "session#abc": json.dumps(["Firefox", "203.0.113.0/24", NOW, NOW, NOW + 86_400, 1]),
        "token#abcdefghijkl": json.dumps(["CI", "a:b c", NOW, NOW + 86_400, NOW, 5]),
        "link#reset": f"{NOW + 60}.{'0' * 64}.ada@example.com",
        "link#email": f"{NOW + 60}.{'0' * 64}.eva@example.com",
        "formerEmail": f"{NOW + 60} old@example.com",
        "verifiedEmail": "ada@example.com",
    },
}
ENDLESS = {
    **USER,
    "private": {
        "session#abc": json.dumps(["", "", 10**18, 10**18, 10**18, 1]),
        "token#abcdefghijkl": json.dumps(["CI", "", 10**18, 10**18, 10**18, 10**18]),
    },
}
TARGETS = {"imported user": Target((json.dumps(USER).encode(), json.dumps(ENDLESS).encode()), pages, 100)}
