"""The marks of browsers in which somebody has logged in before."""

from __future__ import annotations

import base64

import pytest

from tests.unit.fakes import NOW_MS, ManualClock
from wicketgate.core.devices import LIFETIME, Devices

KEY, OTHER = b"k" * 32, b"o" * 32
ADA, GRACE = "ada@example.com", "grace@example.com"


def test_a_mark_is_good_for_its_own_account() -> None:
    """It names the browser, and two marks never name the same."""
    devices = Devices([KEY], ManualClock())
    one, two = devices.mark(ADA), devices.mark(ADA)

    names = [devices.known(mark, ADA) for mark in (one, two)]

    assert all(names)
    assert names[0] != names[1]
    assert devices.known(one, GRACE) is None


def test_a_mark_holds_no_address() -> None:
    """Whoever reads the cookie learns a random name and a time."""
    mark = Devices([KEY], ManualClock()).mark(ADA)

    name, end, mac = mark.split(".")

    assert "ada" not in mark
    assert int(end) == NOW_MS // 1000 + LIFETIME
    assert (len(base64.urlsafe_b64decode(f"{name}==")), len(base64.urlsafe_b64decode(f"{mac}="))) == (16, 32)


def test_a_mark_ends() -> None:
    """After 180 days the browser is a stranger's again, whatever it still sends."""
    clock = ManualClock()
    devices = Devices([KEY], clock)
    mark = devices.mark(ADA)
    clock.now_ms += (LIFETIME - 1) * 1000
    before = devices.known(mark, ADA)
    clock.now_ms += 1000

    after = devices.known(mark, ADA)

    assert before is not None
    assert after is None


def test_the_key_before_still_verifies() -> None:
    """While the secret is changed, marks of the old one are good and new ones are the new one's."""
    old, new = Devices([OTHER], ManualClock()), Devices([KEY, OTHER], ManualClock())
    mark = old.mark(ADA)

    assert new.known(mark, ADA) == mark.split(".")[0]
    assert old.known(new.mark(ADA), ADA) is None


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "..",
        "{name}.{end}",
        "{name}.{end}.",
        "{name}.{end}.é\xff",
        "{name}.{end}.{mac}=",
        "{name}.{end}.{mac}.{mac}",
        "x{name}.{end}.{mac}",
        "{name}.9{end}.{mac}",
        "{mac}.{end}.{name}",
    ],
)
def test_a_forged_mark_is_none(forged: str) -> None:
    """Anything but what we made is as good as nothing."""
    devices = Devices([KEY], ManualClock())
    name, end, mac = devices.mark(ADA).split(".")

    assert devices.known(forged.format(name=name, end=end, mac=mac), ADA) is None


def test_a_mark_of_another_service_is_none() -> None:
    """A MAC under another key says nothing."""
    mark = Devices([OTHER], ManualClock()).mark(ADA)

    assert Devices([KEY], ManualClock()).known(mark, ADA) is None
