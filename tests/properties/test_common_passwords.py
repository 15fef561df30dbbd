"""Property 36: what is tried first opens no account."""

from __future__ import annotations

import gzip
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.world import World
from tests.support.service import fresh_email
from wicketgate.core.quality import TOO_CLOSE, TOO_COMMON, folded

LISTED = gzip.decompress(files("wicketgate.guesses").joinpath("common.txt.gz").read_bytes()).decode().split()
UNITS = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=3).filter(
    lambda unit: len(folded(unit * 3)) == len(unit) * 3  # `¼` is three characters once it is normalised
)


def typed(draw: st.DrawFn, password: str) -> str:
    """The password in some mixture of cases and widths."""
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    return "".join(
        draw(st.sampled_from([letter, letter.upper(), letter.translate(wide)])) if letter.isascii() else letter
        for letter in password
    )


@st.composite
def common(draw: st.DrawFn) -> str:
    """A password of the list."""
    return typed(draw, draw(st.sampled_from(LISTED)))


@st.composite
def predictable(draw: st.DrawFn) -> str:
    """A password that repeats, or counts up or down."""
    length = draw(st.integers(8, 40))
    if draw(st.booleans()):
        unit = draw(UNITS)
        return (unit * length)[:length]
    first = draw(st.integers(ord("一"), ord("一") + 5000))
    run = "".join(chr(first + step) for step in range(length))
    return run if draw(st.booleans()) else run[::-1]


@st.composite
def expected(draw: st.DrawFn, address: str) -> str:
    """A password made of the address or the product's name."""
    word = draw(st.sampled_from([address, address.partition("@")[0], "Wicketgate"]))
    return typed(draw, word) + draw(st.text("0123456789", min_size=0, max_size=4))


# Feature: user-authentication, Property 36: For any password that is commonly used, predictable, or made of the
# owner's address or the service's name, in whatever case and width it is typed, the system should refuse it wherever
# a password is chosen, and say why.
@given(data=st.data(), kind=st.sampled_from(["common", "predictable", "expected"]))
async def test_common_passwords_are_refused(world: World, data: st.DataObject, kind: str) -> None:
    """A sign-up and a change are refused with the same words, nobody is created, and the old password stays."""
    owner = fresh_email().replace("user", "somebody")
    caller = world.caller()
    await caller.sign_up(owner, "correct horse battery")
    token = (await caller.log_in(owner, "correct horse battery")).json()["token"]
    address = fresh_email().replace("user", "somebody")
    strategies = {"common": common(), "predictable": predictable()}
    password = data.draw(strategies[kind] if kind in strategies else expected(address))

    signed_up = await world.caller().sign_up(address, password)
    change = {"current_password": "correct horse battery", "password": password}
    changed = await caller.post("/api/auth/password/change", json=change, headers=caller.proof(token))

    message = TOO_CLOSE if kind == "expected" else TOO_COMMON
    assert (signed_up.status_code, signed_up.json()["errors"]) == (400, {"password": message})
    assert (await world.caller().log_in(address, password)).status_code == 401
    if kind != "expected":
        assert (changed.status_code, changed.json()["errors"]) == (400, {"password": message})
        assert (await world.caller().log_in(owner, "correct horse battery")).status_code == 200
