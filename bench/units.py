"""Request units of each operation on DynamoDB, as DynamoDB Local reports them, and what they cost.

To recompute: put the region's on-demand prices into the two constants and run the bench.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from bench.inside import Answer, ask, scope
from bench.people import PASSWORD
from bench.stores import SECRETS
from tests.support.dynamodb_local import dynamodb_store, random_table
from wicketgate import Settings, Wicketgate
from wicketgate.core.audit import AuditEntry
from wicketgate.core.outbox import Job
from wicketgate.stores.dynamodb.capacity import Meter

Result = TypeVar("Result")

DOLLARS_PER_MILLION_READS: Final = 0.125
DOLLARS_PER_MILLION_WRITES: Final = 0.625
"""On-demand, us-east-1, standard table class."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one operation consumes, and the least that it could: reads and writes."""

    name: str
    reads: float
    writes: float
    least_reads: float
    least_writes: float
    why: str

    @property
    def dollars_per_million(self) -> float:
        """The price of a million such operations."""
        return self.reads * DOLLARS_PER_MILLION_READS + self.writes * DOLLARS_PER_MILLION_WRITES

    @property
    def least(self) -> bool:
        """Whether it consumes no more than it must."""
        return (self.reads, self.writes) <= (self.least_reads, self.least_writes)


MAIL: Final = "mail or webhook"
LOOKING: Final = "looking for what is due"
ENTRY: Final = "entry of the audit trail"

# The least: a consistent read of an item is 1, a write of an item 1, of an item that is in the index 2; in a
# transaction a write is 2 and its copy in the index 2 as Local counts them. An entry of the trail is 1.
_LEAST: Final[Mapping[str, tuple[float, float, str]]] = {
    "sign-up": (0, 8, "limit 1; transaction of user and address 4, index 2; trail 1"),
    "login": (2, 1, "address and user; limit 1"),
    "session check + profile": (1, 0, "the user"),
    "update": (1, 2, "the user; item 1, index 1"),
    "address change": (2, 9, "the user, the limit; transaction of user, new and old address 6, index 2; trail 1"),
    "logout": (1, 2, "the user; item 1, index 1"),
    "rotate": (1, 3, "the user; item 1, index 1; trail 1"),
    "verify": (1, 0, "the user"),
    "failed login": (2, 2, "address and user; limit 1, failure 1"),
    MAIL: (0, 4, "the job 1, its entry in the list 1; taken away 2"),
    LOOKING: (8, 0, "sixteen lists, half a unit each"),
    ENTRY: (0, 1, "the user's day"),
}


class _Meter:
    """A service whose store counts what each request consumes."""

    def __init__(self, endpoint: str) -> None:
        self._meter = Meter()
        self._store = dynamodb_store(endpoint, random_table(), self._meter)
        settings = Settings(
            jwt_secret=SECRETS["JWT_SECRET"], api_token_secret=SECRETS["API_TOKEN_SECRET"], bcrypt_cost=4
        )
        self._gate = Wicketgate(settings, store=self._store, write_log=lambda _: None, send_mail=False)
        self.found: list[Operation] = []

    async def start(self) -> None:
        await self._store.create_table()

    async def measure_jobs(self) -> None:
        """A job that is kept and done at once, a look for those that are due, and an entry of the trail."""
        for job in (Job(f"job{number}", "mail", {}, 0) for number in range(200)):  # so that every list is there
            await self._store.put_job(job)
            await self._store.drop_job(job)
        mail = Job("0b0b", "reset_password", {"email": "ada@example.com"}, 0)
        await self._count(MAIL, self._store.put_job(mail), self._store.drop_job(mail))
        await self._count(LOOKING, self._store.lease_jobs(0, 0, 1))
        entry = AuditEntry(mail.id, 4_000_000_000_000, "password_changed", 4_000_000_060, network="203.0.113.0/24")
        await self._count(ENTRY, self._store.note_audit(entry))

    async def stop(self) -> None:
        await self._store.close()

    async def measure(
        self,
        name: str,
        method: str,
        path: str,
        token: str = "",
        body: Mapping[str, Any] | None = None,
        status: int = 200,
    ) -> Any:
        """What the operation answered; what it consumed is noted."""
        answer = await self._count(name, self._ask(method, path, token, body))
        assert answer.status == status, answer.body
        return json.loads(answer.body)

    async def _count(self, name: str, *calls: Awaitable[Result]) -> Result:
        """The last answer, when what was begun for any is done; what it all consumed is noted."""
        reads, writes = self._meter.read, self._meter.write
        answers = [await call for call in calls]
        await self._gate.outbox.settle()
        used = self._meter.read - reads, self._meter.write - writes
        least_reads, least_writes, why = _LEAST[name]
        self.found.append(Operation(name, *used, least_reads, least_writes, why))
        return answers[-1]

    async def _ask(self, method: str, path: str, token: str, body: Mapping[str, Any] | None) -> Answer:
        headers = {"Host": "127.0.0.1"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is None:
            return await ask(self._gate, scope(method, path, headers))
        headers["Content-Type"] = "application/json"
        return await ask(self._gate, scope(method, path, headers), json.dumps(body).encode())


async def measured(endpoint: str) -> list[Operation]:
    """Every operation once, on an account as it usually is."""
    meter = _Meter(endpoint)
    await meter.start()
    given = {"email": "ada@example.com", "password": PASSWORD}
    auth, profile = "/api/auth", "/api/profile"
    await meter.measure("sign-up", "POST", f"{auth}/signup", body={**given, "name": "Ada Lovelace"}, status=201)
    opened = await meter.measure("login", "POST", f"{auth}/login", body=given)
    token = opened["token"]
    await meter.measure("session check + profile", "GET", profile, token)
    await meter.measure("update", "PUT", f"{profile}/update", token, {"name": "Ada King"})
    await meter.measure("address change", "PUT", f"{profile}/update", token, {"email": "ada.king@example.com"})
    await meter.measure("verify", "GET", f"{auth}/verify", opened["api_token"])
    await meter.measure("rotate", "POST", f"{auth}/api-token/rotate", token)
    wrong = {"email": "ada.king@example.com", "password": "wrong"}
    await meter.measure("failed login", "POST", f"{auth}/login", body=wrong, status=401)
    await meter.measure("logout", "POST", f"{auth}/logout", token)
    await meter.measure_jobs()
    await meter.stop()
    return meter.found
