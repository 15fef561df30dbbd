"""What docs/costs.md says about listed sessions and named tokens is so."""

from __future__ import annotations

import asyncio
from functools import cache

from bench.kept import Kept, kept_table, measured
from tests.support.dynamodb_local import running
from tests.watching.shell import ROOT

COSTS = (ROOT / "docs" / "costs.md").read_text()


@cache
def rows() -> list[Kept]:
    """What each request consumes on DynamoDB Local, measured once."""
    return asyncio.run(measured(running().endpoint))


def test_the_units_are_those_measured() -> None:
    """The table is what `python -m bench.kept` prints."""
    table = "\n".join(kept_table(rows()))

    assert table in COSTS


def test_a_check_stays_within_two_units() -> None:
    """However many sessions and tokens a user has, what is read with every request is bounded."""
    checks = [row.reads for row in rows() if "check" in row.name]

    assert (min(checks), max(checks)) == (1, 2)
