"""The list of common passwords in the package."""

from __future__ import annotations

import gzip
from importlib.resources import files

import pytest

from wicketgate.core.quality import folded, predictable
from wicketgate.guesses.common import ShippedList


def entries() -> list[str]:
    """The list, entry by entry."""
    packed = files("wicketgate.guesses").joinpath("common.txt.gz").read_bytes()
    return gzip.decompress(packed).decode()[1:-1].split("\n")


@pytest.mark.parametrize("password", ["password", "iloveyou", "qwertyuiop", "trustno1", "p@ssw0rd", "1q2w3e4r5t"])
def test_it_knows_what_is_tried_first(password: str) -> None:
    """What stands at the top of every list of leaked passwords is in ours."""
    assert ShippedList().include(password)


@pytest.mark.parametrize("password", ["correct horse battery", "correct horse", "", "password\npassword1", "passwor"])
def test_it_knows_no_more(password: str) -> None:
    """Neither a passphrase, nor part of an entry, nor two entries with the line between them."""
    assert not ShippedList().include(password)


def test_every_entry_is_found() -> None:
    """The first, the last and all between are found."""
    listed = ShippedList()

    assert [entry for entry in entries() if not listed.include(entry)] == []


def test_it_holds_only_what_could_be_chosen() -> None:
    """Each entry has 8 to 128 characters, as they are compared, and would pass the other rules."""
    found = entries()

    assert len(found) > 20_000
    assert found == sorted(set(found))
    assert {8 <= len(entry) <= 128 and entry == folded(entry) and not predictable(entry) for entry in found} == {True}


def test_it_is_small() -> None:
    """The list takes less than 100 kB of the package and 300 kB of memory."""
    packed = files("wicketgate.guesses").joinpath("common.txt.gz").read_bytes()

    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) < 300_000


def test_its_licences_come_along() -> None:
    """The notice beside it names both sources with their licences."""
    notice = files("wicketgate.guesses").joinpath("NOTICE").read_text()

    assert "Copyright (c) 2021 @zxcvbn-ts" in notice
    assert "Copyright (c) Django Software Foundation" in notice
