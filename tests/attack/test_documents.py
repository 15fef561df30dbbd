"""What docs/attack.md says is what holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wicketgate.cli import protocol
from wicketgate.cli.patience import Bounds
from wicketgate.web.bodies import MAX_BYTES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "attack.md").read_text()
BOUNDS = Bounds()


@pytest.mark.parametrize(
    "said",
    [
        f"the connection ends after {BOUNDS.head} seconds",
        f"408 after {BOUNDS.body} seconds",
        f"cut after {BOUNDS.answer} seconds",
        f"closed after {BOUNDS.idle} seconds",
        f"less than {BOUNDS.idle} seconds",
        f"room for {BOUNDS.connections:,} connections",
        f"more than {protocol.LARGEST_HEAD // 1024} KiB",
        f"more than {protocol.MOST_HEADERS} headers",
        f"more than {MAX_BYTES // 1024} KiB",
        f"an answer {protocol.MOST_UNREAD // 1024} KiB",
        f"keeps {2 * protocol.MOST_UNSENT // 1024} KiB",  # Linux doubles what it is asked for (socket(7))
        f"{protocol.MOST_WAITING} wait",
    ],
)
def test_the_numbers_are_those_of_the_code(said: str) -> None:
    """Each bound is said as it is."""
    assert said in TEXT


def test_what_is_named_is_there() -> None:
    """Every folder and file of tests that is named can be run."""
    named = re.findall(r"`(tests/[^`]+)`", TEXT)

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
