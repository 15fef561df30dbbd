"""Noting when something was last used."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, NOW_MS, Beginnings, EventfulStore, ManualClock, add
from wicketgate.core import last_use
from wicketgate.core.errors import StoreUnavailable
from wicketgate.core.last_use import LastUse
from wicketgate.core.users import Edit
from wicketgate.stores.memory import MemoryStore

NOW = NOW_MS // 1000


class Bench:
    """Notes on a store that knows Ada, done by hand."""

    def __init__(self) -> None:
        self.store = EventfulStore()
        self.clock = ManualClock()
        self.background = Beginnings()
        self.notes = LastUse(self.store, self.background, self.clock)

    async def kept(self) -> str | None:
        """What Ada's attribute is."""
        record = await self.store.get(ADA.id)
        return record.private.get("thing") if record else None


@pytest.fixture
async def bench() -> Bench:
    """A bench whose Ada has the thing, used long ago."""
    bench = Bench()
    await add(bench.store, private={"thing": "old"})
    return bench


@pytest.mark.parametrize(
    ("used_at", "due"), [(None, True), (NOW - 3600, True), (NOW - 3599, False), (NOW, False), (NOW + 5, False)]
)
def test_a_use_is_due_after_an_hour(bench: Bench, used_at: int | None, due: bool) -> None:
    """The first use is, and one an hour after the last note."""
    found = bench.notes.due(used_at)

    assert found is due


async def test_a_note_replaces_what_was_seen(bench: Bench) -> None:
    """The new value stands where the old one was."""
    bench.notes.note(ADA.id, "thing", "old", "new")
    await bench.background.do()

    assert await bench.kept() == "new"


@pytest.mark.parametrize("other", ["other", None])
async def test_a_note_undoes_nothing(bench: Bench, other: str | None) -> None:
    """What was changed or taken away since it was seen stays so."""
    bench.notes.note(ADA.id, "thing", "old", "new")
    await bench.store.edit(ADA.id, Edit(private={"thing": other}))
    await bench.background.do()

    assert await bench.kept() == other


async def test_a_first_note_needs_its_place_free(bench: Bench) -> None:
    """What was not there when it was looked at is noted only while it is not."""
    bench.notes.note(ADA.id, "thing", None, "new")
    await bench.background.do()

    assert await bench.kept() == "old"


async def test_many_at_once_write_once(bench: Bench) -> None:
    """Of many who use one thing before the first note is written, one writes."""
    for _ in range(100):
        bench.notes.note(ADA.id, "thing", "old", "new")

    done = await bench.background.do()

    assert done == 1
    assert len(bench.store.edits) == 1


async def test_a_store_that_is_out_of_reach_is_tried_again_later(bench: Bench) -> None:
    """A note that failed is nobody's error, and is written with the first use a minute later."""

    async def gone() -> None:
        raise StoreUnavailable("gone")

    bench.store.meanwhile = [gone]
    begun = []
    for seconds in (0, 59, 1):
        bench.clock.now_ms += seconds * 1000
        bench.notes.note(ADA.id, "thing", "old", "new")
        begun.append(await bench.background.do())

    assert begun == [1, 0, 1]
    assert await bench.kept() == "new"


async def test_a_clock_that_was_set_back_stops_nothing(bench: Bench) -> None:
    """A try of the future, as it seems, keeps nobody from trying now."""
    bench.notes.note(ADA.id, "thing", "seen", "new")
    bench.clock.now_ms -= 5
    bench.notes.note(ADA.id, "thing", "old", "new")

    done = await bench.background.do()

    assert done == 2


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many things are remembered as tried; then it begins anew, which costs a write each at most."""
    monkeypatch.setattr(last_use, "_MOST_REMEMBERED", 2)
    background = Beginnings()
    notes = LastUse(MemoryStore(), background, ManualClock())

    for name in ("a", "b", "c", "a", "c"):
        notes.note(ADA.id, name, None, "x")

    assert await background.do() == 4
