"""Anybody could silence the mail of an address that had no account yet, by asking for new passwords to it.

What an address may get was counted before it was known whether there was anything to send.
"""

from __future__ import annotations

from tests.support.service import Service, fresh_source
from wicketgate.core.ports import Store

ADDRESS = "new@example.com"


async def test_asking_for_links_to_nobody_silences_nobody(store: Store) -> None:
    """However often a link was asked for in vain, whoever signs up with the address gets the letter."""
    service = Service(store, email_verification="required")
    stranger = service.caller(fresh_source())
    for _ in range(6):
        assert (await stranger.forget(ADDRESS)).status_code == 200
    await service.settle()

    assert (await service.caller(fresh_source()).sign_up(ADDRESS)).status_code == 201
    await service.settle()

    assert [(letter.to, letter.template) for letter in service.post.letters] == [(ADDRESS, "verify_email")]
