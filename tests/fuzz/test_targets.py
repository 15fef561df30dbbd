"""Valid inputs with something changed, for every reader of bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.mutations import LETTERS, changed
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
FOUND = sorted(CORPUS.glob("*/*"))
"""Inputs that broke a promise once, each in the folder of its target."""


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_read(name: str) -> None:
    """What a target begins with keeps every promise."""
    target = TARGETS[name]

    with target.ready() as read:
        results = [read(seed) for seed in target.seeds]

    assert results == [None] * len(target.seeds)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_changed(name: str) -> None:
    """No change of a valid input breaks a promise or raises what was not declared."""
    target = TARGETS[name]
    tried = 0

    @settings(max_examples=target.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=changed(target.seeds))
    def try_it(data: bytes) -> None:
        nonlocal tried
        tried += 1
        read(data)

    with target.ready() as read:
        try_it()

    assert tried >= 20


@pytest.mark.parametrize("name", ["session token", "api token", "device mark", "link"])
def test_every_letter_counts(name: str) -> None:
    """No token with another letter anywhere, or with any other last letter, is one."""
    target = TARGETS[name]
    tried = 0

    with target.ready() as read:
        for seed in target.seeds:
            others = [bytes((letter,)) for letter in LETTERS]
            for place in range(len(seed)):
                for other in others if place == len(seed) - 1 else (b"A", b"z"):
                    read(seed[:place] + other + seed[place + 1 :])
                    tried += 1

    assert tried > 100


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name} {path.name}")
def test_what_was_found_before(path: Path) -> None:
    """An input that a fuzzer found keeps every promise since."""
    with TARGETS[path.parent.name].ready() as read:
        result = read(path.read_bytes())

    assert result is None
