"""The last mile of signing in."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.fakes import ADA, ManualClock, OpenApiTokens, OpenTokens
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sign_in import SignIn
from wicketgate.core.visits import Visit
from wicketgate.stores.memory import MemoryStore

HERE = Visit("203.0.113.7")


def sign_in() -> SignIn:
    """The last mile with tokens in clear."""
    store = MemoryStore()
    return SignIn(SessionBook(store, store, OpenTokens(), ManualClock(), 60), OpenApiTokens())


async def test_whoever_is_proven_gets_a_session_and_an_api_token() -> None:
    """Finishing opens a session of the user's version and derives the API token of the user's token version."""
    record = replace(ADA, session_version=4, api_token_version=7)

    signed_in = await sign_in().finish(record, HERE)

    assert signed_in.record is record
    assert signed_in.session.claims.user_id == ADA.id
    assert signed_in.session.claims.version == 4
    assert signed_in.api_token == "ada-id/7"


async def test_the_api_token_needs_no_session() -> None:
    """Sign-up hands out the same API token as a later login."""
    last_mile = sign_in()

    token = last_mile.api_token(ADA)

    assert token == (await last_mile.finish(ADA, HERE)).api_token
