"""Links that are good once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.fakes import ADA, ManualClock, add
from wicketgate.core.errors import Stale
from wicketgate.core.one_time import InvalidLink, OneTimeLinks, attribute
from wicketgate.core.ports import Store
from wicketgate.core.users import Edit
from wicketgate.stores.memory import MemoryStore
from wicketgate.stores.sqlite import SqliteStore

KEY = b"k" * 32
LIFETIME = 3600
ANY = st.characters(exclude_categories=[]) | st.characters(categories=["Cs", "Cc"])


@pytest.fixture
def store() -> MemoryStore:
    """A store without users."""
    return MemoryStore()


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still."""
    return ManualClock()


@pytest.fixture
def links(store: MemoryStore, clock: ManualClock) -> OneTimeLinks:
    """Links to that store's users."""
    return OneTimeLinks(store, [KEY], clock)


async def sent(
    links: OneTimeLinks, store: MemoryStore, purpose: str = "reset", user_id: str = ADA.id, payload: str = ""
) -> str:
    """The token of a link that has just been made."""
    token = links.token(purpose, user_id, "job-1")
    await store.edit(user_id, links.kept(purpose, token, LIFETIME, payload))
    return token


@pytest.mark.parametrize("payload", ["", "new@example.com", "a.b.c", "Zoë 🦉"])
async def test_a_link_is_found(links: OneTimeLinks, store: MemoryStore, payload: str) -> None:
    """A link leads to its user and says what it was made for, letter for letter."""
    await add(store)
    token = await sent(links, store, payload=payload)

    found = await links.find("reset", token)

    assert (found.record.id, found.payload) == (ADA.id, payload)


@pytest.mark.parametrize("user_id", ["ada.lovelace", ".", "a.b.c.", "auth0|5f.7", "Zoë"])
async def test_an_id_may_hold_anything(links: OneTimeLinks, store: MemoryStore, user_id: str) -> None:
    """Users who came along with ids of their own have links, too, dots and all."""
    await add(store, id=user_id)
    token = await sent(links, store, user_id=user_id)

    found = await links.find("reset", token)

    assert found.record.id == user_id


async def test_a_token_follows_from_its_job(links: OneTimeLinks, store: MemoryStore, clock: ManualClock) -> None:
    """The same job makes the same token in another process; another job, user, purpose or key makes another."""
    token = links.token("reset", ADA.id, "job-1")
    other_key = OneTimeLinks(store, [b"j" * 32], clock)

    others = {
        links.token("reset", ADA.id, "job-2"),
        links.token("verify", ADA.id, "job-1"),
        links.token("reset", "grace-id", "job-1"),
        other_key.token("reset", ADA.id, "job-1"),
    }

    assert OneTimeLinks(store, [KEY], clock).token("reset", ADA.id, "job-1") == token
    assert len(others - {token}) == 4


@pytest.mark.parametrize("made_by", [0, 1])
async def test_a_link_that_waits_is_written_down_by_any_key(
    store: MemoryStore, clock: ManualClock, made_by: int
) -> None:
    """A letter that waited while keys were exchanged has the link that was kept; new ones come of the first key."""
    await add(store)
    keys = [b"new" * 11, b"old" * 11]
    token = await sent(OneTimeLinks(store, [keys[made_by]], clock), store, payload="here")
    links = OneTimeLinks(store, keys, clock)

    said, link = await links.waiting("reset", ADA.id, "job-1")

    assert (said, link.payload) == (token, "here")
    assert links.token("reset", ADA.id, "job-1") == OneTimeLinks(store, keys[:1], clock).token(
        "reset", ADA.id, "job-1"
    )
    with pytest.raises(InvalidLink):
        await links.waiting("reset", ADA.id, "job-2")


async def test_what_is_kept_is_no_token(links: OneTimeLinks, store: MemoryStore) -> None:
    """Whoever reads the store finds nothing that opens the account."""
    await add(store)
    token = await sent(links, store)

    record = await store.get(ADA.id)

    assert record is not None
    assert token.partition(".")[0] not in str(record.private)


@pytest.mark.parametrize("wrong", ["", ".", "ada-id", ".ada-id", "x.ada-id", "x.nobody", "\ud800.ada-id", "x.\udfff"])
async def test_a_wrong_token_is_refused(links: OneTimeLinks, store: MemoryStore, wrong: str) -> None:
    """What is no token of ours opens nothing."""
    await add(store)
    await sent(links, store)

    with pytest.raises(InvalidLink):
        await links.find("reset", wrong)


async def test_a_link_of_one_purpose_serves_no_other(links: OneTimeLinks, store: MemoryStore) -> None:
    """A link to confirm an address resets no password, though both are waiting."""
    await add(store)
    token = await sent(links, store, "verify")
    await sent(links, store, "reset")

    with pytest.raises(InvalidLink):
        await links.find("reset", token)


async def test_a_link_of_one_user_serves_no_other(links: OneTimeLinks, store: MemoryStore) -> None:
    """A secret with another's id behind it opens neither account."""
    await add(store)
    await add(store, id="grace-id", email="grace@example.com")
    token = await sent(links, store)
    await sent(links, store, user_id="grace-id")

    with pytest.raises(InvalidLink):
        await links.find("reset", token.replace(ADA.id, "grace-id"))


@pytest.mark.parametrize(("seconds", "good"), [(LIFETIME - 1, True), (LIFETIME, False), (LIFETIME + 1, False)])
async def test_a_link_expires(
    links: OneTimeLinks, store: MemoryStore, clock: ManualClock, seconds: int, good: bool
) -> None:
    """A link is good for its lifetime and no second more."""
    await add(store)
    token = await sent(links, store)
    clock.now_ms += seconds * 1000

    if good:
        assert (await links.find("reset", token)).record.id == ADA.id
    else:
        with pytest.raises(InvalidLink):
            await links.find("reset", token)


async def test_a_newer_link_replaces_an_older_one(links: OneTimeLinks, store: MemoryStore) -> None:
    """Of two links with one purpose the newer is good."""
    await add(store)
    old = await sent(links, store)
    new = links.token("reset", ADA.id, "job-2")
    await store.edit(ADA.id, links.kept("reset", new, LIFETIME))

    with pytest.raises(InvalidLink):
        await links.find("reset", old)
    assert (await links.find("reset", new)).record.id == ADA.id


async def test_using_a_link_uses_it_up(links: OneTimeLinks, store: MemoryStore) -> None:
    """The edit that a link allows takes it away; of two that found it, the second has no effect."""
    await add(store)
    found = await links.find("reset", await sent(links, store))
    use = Edit(fields={"name": "first"}, expect=found.expect, private=found.private)

    after = await store.edit(ADA.id, use)

    assert after is not None
    assert attribute("reset") not in after.private
    with pytest.raises(Stale):
        await store.edit(ADA.id, Edit(fields={"name": "second"}, expect=found.expect, private=found.private))


async def test_no_link_survives_its_user(links: OneTimeLinks, store: MemoryStore) -> None:
    """When the account is gone, so is what its links lead to."""
    await add(store)
    token = await sent(links, store)
    await store.delete(ADA.id)

    with pytest.raises(InvalidLink):
        await links.find("reset", token)


def test_the_refusal_names_the_token() -> None:
    """Whatever is wrong with a link, the answer is one."""
    assert InvalidLink().by_field == {"token": "This link is no longer valid"}


@pytest.fixture(params=["memory", "sqlite"])
async def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store with one user who has a link."""
    store: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "users.db")
    await store.create(ADA, ())
    links = OneTimeLinks(store, [KEY], ManualClock())
    await store.edit(ADA.id, links.kept("reset", links.token("reset", ADA.id, "job-1"), LIFETIME))
    yield store
    await store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    token=st.text(ANY)
    | st.text(ANY).map("secret.".__add__)
    | st.text(ANY).map(lambda text: f"{text}.{ADA.id}")
    | st.integers(1000, 5000).map(lambda length: "." + "x" * length)
)
async def test_no_text_does_more_than_be_refused(any_store: Store, token: str) -> None:
    """Whatever text is sent as a token, surrogates and control characters included, it is an invalid link."""
    links = OneTimeLinks(any_store, [KEY], ManualClock())

    with pytest.raises(InvalidLink):
        await links.find("reset", token)
