"""The last mile of signing in."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.fakes import ADA, ManualClock, OpenApiTokens, OpenTokens
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sign_in import SignIn
from wicketgate.stores.memory import MemoryStore


def sign_in() -> SignIn:
    """The last mile with tokens in clear."""
    store = MemoryStore()
    return SignIn(SessionBook(store, store, OpenTokens(), ManualClock(), 60), OpenApiTokens())


def test_whoever_is_proven_gets_a_session_and_an_api_token() -> None:
    """Finishing opens a session of the user's version and derives the API token of the user's token version."""
    record = replace(ADA, session_version=4, api_token_version=7)

    signed_in = sign_in().finish(record)

    assert signed_in.record is record
    assert signed_in.session.claims.user_id == ADA.id
    assert signed_in.session.claims.version == 4
    assert signed_in.api_token == "ada-id/7"


def test_the_api_token_needs_no_session() -> None:
    """Sign-up hands out the same API token as a later login."""
    last_mile = sign_in()

    token = last_mile.api_token(ADA)

    assert token == last_mile.finish(ADA).api_token
