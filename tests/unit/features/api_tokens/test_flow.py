"""Checking and replacing API tokens."""

from __future__ import annotations

import pytest

from tests.unit.fakes import ADA, EventfulStore, EventList, add
from tests.unit.features.api_tokens.house import token_flow
from wicketgate.core.errors import NotAuthenticated
from wicketgate.core.events import SecurityEvent
from wicketgate.core.users import OLD_API_TOKEN, Claim, Edit, UserRecord, api_token_claim, api_token_digest
from wicketgate.features.api_tokens.flow import ApiTokenFlow

HERE = "203.0.113.7"
OLD = "4a6d9a4e-6f0b-4b0c-9c3c-1f2d3e4a5b6c"
DIGEST = api_token_digest(OLD)


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
    return token_flow(store, events=events)


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


async def brought_along(store: EventfulStore) -> UserRecord:
    """Ada with an API token of another service."""
    return await add(store, private={**ADA.private, OLD_API_TOKEN: DIGEST})


async def test_an_old_token_leads_to_its_owner(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """A token of another service is good beside the one of ours."""
    ada = await brought_along(store)

    owners = [await flow.owner(OLD), await flow.owner("ada-id/1")]

    assert owners == [ada, ada]


async def test_rotation_forgets_an_old_token(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """After a rotation the old token is nobody's: neither the user nor a claim remembers it."""
    ada = await brought_along(store)

    token = await flow.rotate(ada, HERE)

    with pytest.raises(NotAuthenticated):
        await flow.owner(OLD)
    assert dict((await flow.owner(token)).private) == dict(ADA.private)
    assert await store.find(api_token_claim(DIGEST)) is None


async def test_two_rotations_at_once_forget_an_old_token(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """Who rotates after another rotation has freed the claim still gets a token, and the old one stays dead."""
    ada = await brought_along(store)
    other = Edit(private={OLD_API_TOKEN: None}, raise_api_token_version=True, drop_claims=(api_token_claim(DIGEST),))
    store.meanwhile = [lambda: store.play(ADA.id, other)]

    token = await flow.rotate(ada, HERE)

    assert token == "ada-id/3"
    with pytest.raises(NotAuthenticated):
        await flow.owner(OLD)


async def test_a_claim_alone_opens_nothing(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """A claim that was left behind, of which its user knows nothing, is no token."""
    await store.create(ADA, [api_token_claim(DIGEST)])

    with pytest.raises(NotAuthenticated):
        await flow.owner(OLD)


async def test_a_token_of_ours_is_never_looked_for_as_an_old_one(flow: ApiTokenFlow, store: EventfulStore) -> None:
    """A dead token of our own form stays dead even if somebody was brought along with that very text."""
    digest = api_token_digest("ada-id/7")
    await add(store, private={OLD_API_TOKEN: digest})

    with pytest.raises(NotAuthenticated):
        await flow.owner("ada-id/7")
    assert await store.find(Claim("apitoken", digest)) is not None
