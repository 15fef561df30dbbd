"""Signing in from a network that an account does not know yet."""

from __future__ import annotations

from typing import Final

from wicketgate.core.errors import Stale
from wicketgate.core.events import Observer, SecurityEvent
from wicketgate.core.limits import network_of
from wicketgate.core.ports import Background, Users
from wicketgate.core.user_agents import UNKNOWN, device_name
from wicketgate.core.users import Edit, UserRecord
from wicketgate.core.visits import Visit

NETWORKS: Final = "networks"
"""The private attribute with the networks that a user has signed in from, separated by commas, newest first."""

MOST_KNOWN: Final = 10
_ATTEMPTS: Final = 4


class Arrivals:
    """Remembers networks, and tells the first sign-in from each: an event `new_sign_in`.

    The very first sign-in of an account is only remembered, and a browser that is known is no news wherever it is.
    All of it is done after the answer, and for a network that is known nothing is.
    """

    def __init__(self, users: Users, background: Background, observe: Observer) -> None:
        self._users = users
        self._background = background
        self._observe = observe

    def note(self, record: UserRecord, visit: Visit, *, known_browser: bool) -> None:
        """Takes notice of a sign-in."""
        known = networks_of(record)
        network = network_of(visit.source) or ""
        if network not in known and not (known and known_browser):
            self._background.begin(self._remember(record, network, visit))

    async def _remember(self, record: UserRecord, network: str, visit: Visit) -> None:
        for _ in range(_ATTEMPTS):
            known = networks_of(record)
            if network in known:
                return
            try:
                changed = await self._users.edit(record.id, _remembering(network, known))
            except Stale:
                again = await self._users.get(record.id)
                if again is None:
                    return
                record = again
                continue
            if changed is not None and known:
                device = _in_our_words(visit.user_agent)
                await self._observe(SecurityEvent("new_sign_in", record.id, visit.source, device))
            return


def networks_of(record: UserRecord) -> list[str]:
    """The networks that a user has signed in from, newest first."""
    return [network for network in record.private.get(NETWORKS, "").split(",") if network]


def _remembering(network: str, known: list[str]) -> Edit:
    """Two who remember at once each see the other: the second is stale. At an account's first sign-in one wins."""
    expect = {NETWORKS: ",".join(known)} if known else {}
    return Edit(private={NETWORKS: ",".join([network, *known][:MOST_KNOWN])}, expect=expect)


def _in_our_words(user_agent: str) -> str:
    """The device, unless it is a program that names itself: what somebody else wrote goes into no log and no mail."""
    return device_name(user_agent) if user_agent.startswith("Mozilla/") else UNKNOWN
