"""Checking and replacing API tokens."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, EventfulStore, EventList, OpenApiTokens, add
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import Edit
from wicketgate.features.api_tokens.flow import ApiTokenFlow

HERE = "203.0.113.7"


@pytest.fixture
def store() -> EventfulStore:
    """An empty store."""
    return EventfulStore()


@pytest.fixture
def events() -> EventList:
    """What is observed."""
    return EventList()


@pytest.fixture
def flow(store: EventfulStore, events: EventList) -> ApiTokenFlow:
    """The flow with tokens in clear."""
    return ApiTokenFlow(store, OpenApiTokens(), events)


async def test_a_token_leads_to_its_owner(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """The token of today's version says whose it is."""
    await add(store)

    owner = await flow.owner("ada-id/1")

    assert owner == ADA


@pytest.mark.parametrize("token", ["", "garbage", "nobody/1", "ada-id/0", "ada-id/2"])
async def test_any_other_token_is_refused(flow: ApiTokenFlow, store: EventfulStore, token: str) -> None:
    """A token that says nothing, of nobody, or of another version opens nothing."""
    await add(store)

    with pytest.raises(NotAuthenticated):
        await flow.owner(token)


async def test_rotation_kills_the_old_token(flow: ApiTokenFlow, store: EventfulStore, events: EventList) -> None:
    """The new token is the only one that counts, and whoever watches is told."""
    await add(store)

    token = await flow.rotate(ADA, HERE)

    assert (await flow.owner(token)).api_token_version == 2
    with pytest.raises(NotAuthenticated):
        await flow.owner("ada-id/1")
    assert events.events == [SecurityEvent("api_token_rotated", ADA.id, HERE)]


async def test_of_two_rotations_at_once_both_count(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """Someone who rotates during another rotation gets a token of a version of its own, the only good one."""
    await add(store)
    store.meanwhile = [lambda: store.play(ADA.id, Edit(raise_api_token_version=True))]

    token = await flow.rotate(ADA, HERE)

    assert token == "ada-id/3"
    assert (await flow.owner(token)).id == ADA.id
    with pytest.raises(NotAuthenticated):
        await flow.owner("ada-id/2")


async def test_rotation_leaves_sessions_alone(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """A new API token ends no session and is no change of the profile."""
    await add(store)

    await flow.rotate(ADA, HERE)

    record = await store.get(ADA.id)
    assert record is not None
    assert (record.session_version, record.last_modified) == (ADA.session_version, ADA.last_modified)


async def test_a_deleted_user_gets_no_token(flow: ApiTokenFlow, events: EventList) -> None:
    """A user deleted after the session was checked is not brought back, and nobody is told of a rotation."""
    with pytest.raises(NotAuthenticated):
        await flow.rotate(ADA, HERE)

    assert events.events == []
