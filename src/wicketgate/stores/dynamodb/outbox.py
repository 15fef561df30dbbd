"""Jobs that wait to be done.

What a job says is an item of its own. When it is due is an entry in one of sixteen items, a map of ids to
milliseconds, so that looking for what is due reads those and nothing else. The job is written before its entry: what
is left by who died in between has no entry, is never done, and expires.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from typing import Final

from aiodynamo.errors import ConditionalCheckFailed, ValidationException
from aiodynamo.expressions import Condition, F, UpdateExpression
from aiodynamo.models import ReturnValues

from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.outbox import Job
from wicketgate.stores.dynamodb.calls import Part
from wicketgate.stores.dynamodb.expressions import EXISTS
from wicketgate.stores.dynamodb.items import Item
from wicketgate.stores.dynamodb.keys import KEY, Key, due_key, job_key
from wicketgate.stores.dynamodb.limits import EXPIRES

SHARDS: Final = 16
MOST_IN_A_SHARD: Final = 2000
"""Entries. An item of so many has 90 KB, and each change of it is paid by its size."""

_KEPT_SECONDS: Final = 28 * 86_400
_DUE: Final = "due"
_KIND: Final = "kind"
_DATA: Final = "data"
_ATTEMPTS: Final = "attempts"

_Entry = tuple[int, str]


class OutboxItems(Part):
    """The port `Outbox`."""

    async def put_job(self, job: Job) -> None:
        """Keeps a job: two write units. Raises StoreUnavailable when tens of thousands wait already."""
        expires = job.due_ms // 1000 + _KEPT_SECONDS
        said = {_KIND: job.kind, _DATA: dict(job.data), _ATTEMPTS: job.attempts, EXPIRES: expires}
        async with self._dynamo.call() as call:
            await call.table.put_item({**job_key(job.id), **said})
        if not await self._entered(job):
            await self._erase(job.id)
            raise StoreUnavailable("the outbox is full")

    async def lease_jobs(self, now_ms: int, until_ms: int, most: int) -> Sequence[Job]:
        """The jobs that are due: eight read units, and two write units for each job.

        Its entry must still say what was read, so each job goes to one of many. A lease whose answer was lost is
        nobody's, and runs out.
        """
        due = [entry for entry in await self._entries() if entry[0] <= now_ms]
        leased: list[Job] = []
        failed: list[BaseException] = []
        while due and len(leased) < most and not failed:
            room = most - len(leased)
            tried, due = due[:room], due[room:]
            results = await asyncio.gather(
                *(self._leased(entry, until_ms) for entry in tried), return_exceptions=True
            )
            leased += (result for result in results if isinstance(result, Job))
            failed += (result for result in results if isinstance(result, BaseException))
        if failed and not leased:
            raise failed[0]
        return leased

    async def postpone_job(self, job: Job, due_ms: int) -> None:
        """Makes a job due at another time: one write unit."""
        await self._change(job.id, _entry(job.id).set(due_ms), _entry(job.id).equals(job.due_ms))

    async def drop_job(self, job: Job) -> None:
        """Takes a job away: two write units. The entry goes first, so that nobody begins a job half gone."""
        await self._change(job.id, _entry(job.id).remove(), _entry(job.id).exists())
        await self._erase(job.id)

    async def jobs(self, most: int) -> Sequence[Job]:
        """The jobs there are: eight read units, and half a one for each job."""
        entries = (await self._entries())[:most]
        items = await self._dynamo.read_many([job_key(job_id) for _, job_id in entries])
        found = {item[KEY]: item for item in items}
        return [
            _job(job_id, found[key], due_ms) for due_ms, job_id in entries if (key := job_key(job_id)[KEY]) in found
        ]

    async def _entries(self) -> list[_Entry]:
        """All there are, those due first in front; a moment behind, which a condition on each finds out."""
        shards = await self._dynamo.read_many([due_key(shard) for shard in range(SHARDS)])
        return sorted((due_ms, job_id) for item in shards for job_id, due_ms in item[_DUE].items())

    async def _entered(self, job: Job) -> bool:
        """Adds the entry, and the map when there is none yet; False when there is no room.

        One that is sent twice leaves alone what another has made of it in between.
        """
        update = _entry(job.id).set_if_not_exists(job.due_ms)
        room = F(_DUE).size().lt(MOST_IN_A_SHARD)
        if await self._change(job.id, update, room):
            return True
        async with self._dynamo.call() as call:
            await call.table.update_item(_shard(job.id), F(_DUE).set_if_not_exists({}))
        return await self._change(job.id, update, room)

    async def _leased(self, entry: _Entry, until_ms: int) -> Job | None:
        """The job, None if somebody else got it. An entry whose job has expired is taken away."""
        was, job_id = entry
        ours = await self._change(job_id, _entry(job_id).set(until_ms), _entry(job_id).equals(was))
        if not ours:
            return None
        item = await self._begun(job_id)
        if item is not None:
            return _job(job_id, item, until_ms)
        await self._change(job_id, _entry(job_id).remove(), _entry(job_id).equals(until_ms))
        return None

    async def _begun(self, job_id: str) -> Item | None:
        """The job with one attempt more, None if it has expired. One whose answer was lost may count twice."""
        async with self._dynamo.call() as call:
            try:
                return await call.table.update_item(
                    job_key(job_id), F(_ATTEMPTS).change(1), condition=EXISTS, return_values=ReturnValues.all_new
                )
            except ConditionalCheckFailed:
                return None

    async def _erase(self, job_id: str) -> None:
        async with self._dynamo.call() as call:
            await call.table.delete_item(job_key(job_id))

    async def _change(self, job_id: str, update: UpdateExpression, condition: Condition) -> bool:
        """Whether the entry was changed. There may be no map yet, which DynamoDB may call invalid."""
        async with self._dynamo.call() as call:
            try:
                await call.table.update_item(_shard(job_id), update, condition=condition)
                return True
            except (ConditionalCheckFailed, ValidationException):
                return False


def shard_of(job_id: str) -> int:
    """Which of the items a job's entry is in."""
    return zlib.crc32(job_id.encode()) % SHARDS


def _shard(job_id: str) -> Key:
    return due_key(shard_of(job_id))


def _entry(job_id: str) -> F:
    return F(_DUE, job_id)


def _job(job_id: str, item: Item, due_ms: int) -> Job:
    return Job(job_id, item[_KIND], item[_DATA], due_ms, item[_ATTEMPTS])
