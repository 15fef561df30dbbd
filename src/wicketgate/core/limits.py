"""How often something may be tried: an exact sliding log, and who counts as one source."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple

Network = IPv4Network | IPv6Network


class Limit(NamedTuple):
    """In any window of `window_ms` at most `most` events; 0 turns it off."""

    name: str
    most: int
    window_ms: int

    def key(self, source: str) -> str:
        """How the log of one source is named in a store, after the prefix `limit#`."""
        return f"{self.name}#{source}"


SKEW_MS: Final = 60_000
"""How far clocks may differ. A time further ahead comes from a clock that was set back since, and is ignored:
counted, it would lock its source out until that time comes."""


def wait_ms(log: Sequence[int], limit: Limit, now_ms: int) -> int:
    """Milliseconds until one more event fits, 0 if it fits now. `log` holds event times, newest first.

    Only the oldest of the newest `most` events matters: once it has left the window there is room for one.
    """
    if limit.most <= 0 or len(log) < limit.most:
        return 0
    deciding = log[limit.most - 1]
    return max(0, deciding + limit.window_ms - now_ms) if deciding <= now_ms + SKEW_MS else 0


def retry_after_seconds(wait: int) -> int:
    """Whole seconds for `Retry-After` (RFC 9110, 10.2.3), rounded up so that whoever obeys is let in."""
    return max(1, -(-wait // 1000))


def account_source(claim_key: str) -> str:
    """An account as a source. A hash, so that the limit's items are no list of addresses."""
    return hashlib.sha256(claim_key.encode()).hexdigest()[:32]


@lru_cache(maxsize=1024)
def address_source(host: str) -> str:
    """A client address as a source: an IPv4 address, or the /64 of an IPv6 one, which is what one home gets."""
    address = parse_address(host)
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)


@lru_cache(maxsize=1024)
def network_of(source: str | None) -> str | None:
    """A source's neighbourhood, a /24 or a /48: enough to see an attack, not enough to name a person."""
    if source is None:
        return None
    try:
        address = ip_address(source.partition("/")[0])
    except ValueError:
        return source
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def client_address(peer: str | None, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The address a request comes from, as text; "unknown" when even the peer has none.

    `X-Forwarded-For` is read from the right, and only as far as each hop was written by a trusted proxy: what
    stands further left is whatever the client chose to send.
    """
    client = peer or "unknown"
    if not forwarded_for or not trusted:
        return client
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    while hops and is_trusted(client, trusted):
        hop = _without_port(hops.pop())
        if parse_address(hop) is None:
            break
        client = hop
    return client


def is_trusted(host: str, trusted: Sequence[Network]) -> bool:
    """Whether an address lies in one of the trusted proxies' networks."""
    address = parse_address(host)
    return address is not None and any(address in network for network in trusted)


def parse_address(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address, an IPv4 one written as IPv6 (`::ffff:…`) taken for what it is; None if it is none."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop
