"""Secrets that are good once."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.people import NOW
from wicketgate.core.ports import Store


@pytest.mark.parametrize("payload", ["user-1", "", '{"to": "ann@example.com"}', "Zoë 🦉\n\u2028"])
async def test_good_once(store: Store, payload: str) -> None:
    """The payload comes back letter for letter, once."""
    await store.put_secret("reset", "digest", payload, NOW + 60)

    assert await store.take_secret("reset", "digest", NOW) == payload
    assert await store.take_secret("reset", "digest", NOW) is None


async def test_unknown(store: Store) -> None:
    """A secret nobody made has no payload, nor has one of another kind or digest."""
    await store.put_secret("reset", "digest", "payload", NOW + 60)

    assert await store.take_secret("confirm", "digest", NOW) is None
    assert await store.take_secret("reset", "other", NOW) is None
    assert await store.take_secret("reset", "digest", NOW) == "payload"


@pytest.mark.parametrize(("at", "payload"), [(59, "payload"), (60, None), (61, None)])
async def test_expiry(store: Store, at: int, payload: str | None) -> None:
    """A secret is good up to the second before it expires."""
    await store.put_secret("reset", "digest", "payload", NOW + 60)

    assert await store.take_secret("reset", "digest", NOW + at) == payload


async def test_expired_stays_expired(store: Store) -> None:
    """A secret refused as expired is refused for good, whatever the next clock says."""
    await store.put_secret("reset", "digest", "payload", NOW + 60)
    await store.take_secret("reset", "digest", NOW + 60)

    assert await store.take_secret("reset", "digest", NOW) is None


async def test_put_again(store: Store) -> None:
    """What is put under one digest later replaces what was there."""
    await store.put_secret("reset", "digest", "old", NOW + 60)
    await store.put_secret("reset", "digest", "new", NOW + 120)

    assert await store.take_secret("reset", "digest", NOW + 100) == "new"


async def test_asked_at_once(store: Store) -> None:
    """Of many who use a secret at once one gets the payload."""
    await store.put_secret("reset", "digest", "payload", NOW + 60)

    results = await asyncio.gather(*(store.take_secret("reset", "digest", NOW) for _ in range(20)))

    assert results.count("payload") == 1
    assert results.count(None) == 19


async def test_many_secrets_at_once(store: Store) -> None:
    """Secrets put and used at once do not get mixed up."""
    names = [f"secret{number}" for number in range(20)]
    await asyncio.gather(*(store.put_secret("reset", name, f"for {name}", NOW + 60) for name in names))

    taken = await asyncio.gather(*(store.take_secret("reset", name, NOW) for name in names))

    assert taken == [f"for {name}" for name in names]
