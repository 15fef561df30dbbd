"""Who counts as one source, and whose word is taken for it."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from wicketgate.core.limits import address_source, client_address, is_trusted, parse_address

PROXIES = [ip_network(text) for text in ("10.0.0.0/8", "192.0.2.7/32", "fd00::/8")]


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("testclient", "unknown"),
        ("203.0.113.7:80", "unknown"),
        ("203.0.113.007", "unknown"),
        ("/run/wicketgate.sock", "unknown"),
    ],
)
def test_an_address_is_a_source(host: str, source: str) -> None:
    """An IPv4 address is a source of its own, an IPv6 one shares its /64, and what is neither is "unknown"."""
    found = address_source(host)

    assert found == source


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        # Nobody in front, or nobody we trust: the peer it is.
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (None, "198.51.100.1", "unknown"),
        (None, "", "unknown"),
        # One trusted proxy.
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", " 198.51.100.1 ", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "", "10.0.0.1"),
        # What the client wrote stands further left and is not believed.
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        # A chain of trusted proxies is walked to its end.
        ("10.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        # Ports and brackets, as some proxies write them.
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("10.0.0.1", "[2001:db8::5]", "2001:db8::5"),
        ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2:99", "198.51.100.1"),
        # Garbage ends the walk at the last hop that was good.
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, , 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.1,", "10.0.0.1"),
        ("10.0.0.1", "999.1.1.1", "10.0.0.1"),
        ("10.0.0.1", "[::1", "::1"),
        ("10.0.0.1", ",,,", "10.0.0.1"),
    ],
)
def test_forwarded_for_is_read_from_the_right(peer: str | None, forwarded: str, client: str) -> None:
    """`X-Forwarded-For` counts as far as each hop was written by a trusted proxy."""
    found = client_address(peer, forwarded, PROXIES)

    assert found == client


def test_without_trusted_proxies_the_header_is_ignored() -> None:
    """Nobody can choose an address when no proxy is trusted."""
    found = client_address("10.0.0.1", "198.51.100.1", [])

    assert found == "10.0.0.1"


@pytest.mark.parametrize(
    ("host", "trusted"),
    [
        ("10.255.0.1", True),
        ("::ffff:10.1.2.3", True),
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("fd12::1", True),
        ("fe80::1", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_trust_goes_by_network(host: str, trusted: bool) -> None:
    """An address is trusted when one of the networks holds it, however it is written."""
    found = is_trusted(host, PROXIES)

    assert found is trusted


@pytest.mark.parametrize("host", ["", "a", "1.2.3", "1.2.3.4.5", "::g", "1.2.3.4/32", "١.٢.٣.٤"])
def test_what_is_no_address_is_none(host: str) -> None:
    """Only a whole IP address is one."""
    found = parse_address(host)

    assert found is None
