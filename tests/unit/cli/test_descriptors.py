"""How many connections fit under the limit of file descriptors; in a process of its own, whose limit may change."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASKED = """
import resource, sys
soft, hard, wanted = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from wicketgate.cli.descriptors import room_for
print(room_for(wanted), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "room", "raised"),
    [
        (1024, 1024, 500, 500, 1024),
        (256, 1024, 500, 500, 600),
        (256, 512, 500, 412, 512),
        (256, 512, 4096, 412, 512),
        (64, 64, 4096, 1, 64),
    ],
)
def test_as_many_as_fit(soft: int, hard: int, wanted: int, room: int, raised: int) -> None:
    """The limit is raised as far as needed and allowed, and a hundred descriptors stay for the rest."""
    asked = [sys.executable, "-c", ASKED, str(soft), str(hard), str(wanted)]
    found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    assert found.split() == [str(room), str(raised)]
