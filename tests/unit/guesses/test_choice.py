"""What the settings ask to be looked at."""

from __future__ import annotations

import subprocess
import sys

from tests.unit.fakes import ManualClock
from wicketgate.guesses import choice
from wicketgate.guesses.breaches import RangeService
from wicketgate.guesses.common import ShippedList
from wicketgate.settings import Settings


def told(event: str, message: str, level: str) -> None:
    """Who is told of a check that failed."""


def test_by_default_the_list_is_asked_and_nobody_else() -> None:
    """A service as it comes refuses what is common, and calls nobody."""
    settings = Settings()

    assert isinstance(choice.common(settings), ShippedList)
    assert choice.breaches(settings, ManualClock(), told) is None


def test_both_can_be_turned_round() -> None:
    """Each of the two has a setting of its own."""
    settings = Settings(password_refuse_common=False, password_breach_check=True)

    assert choice.common(settings) is None
    assert isinstance(choice.breaches(settings, ManualClock(), told), RangeService)


def test_a_start_reads_no_list() -> None:
    """The list and the client for breaches are read when they are needed, not at every start."""
    code = (
        "import sys, wicketgate; from wicketgate.guesses import common;"
        "wicketgate.Wicketgate(wicketgate.Settings(jwt_secret='s' * 32), store=object());"
        "print(common._lines.cache_info().currsize, 'wicketgate.guesses.breaches' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["0", "False"]
