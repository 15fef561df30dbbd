"""What docs/asvs.md refers to exists."""

from __future__ import annotations

import re
from pathlib import Path

from wicketgate.settings import variables

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "asvs.md").read_text()
ROWS = [row.split("|")[1:-1] for row in TEXT.splitlines() if re.match(r"\| \d", row)]


def test_every_test_that_is_named_is_there() -> None:
    """A requirement rests on a file of tests that can be run."""
    named = re.findall(r"`((?:tests|ui|bench)/[^`]+)`", TEXT)

    assert len(named) > 50
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_link_leads_somewhere() -> None:
    """A requirement rests on a document that can be read."""
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_what_is_met_rests_on_something() -> None:
    """Whatever is called met, or met by a setting, names a test or a document."""
    claimed = [row for row in ROWS if len(row) == 4 and row[2].strip() in ("yes", "set")]

    assert len(claimed) > 80
    assert [row[0] for row in claimed if not re.search(r"`(tests|ui)/|\]\(", row[3])] == []


def test_every_setting_that_is_named_is_one() -> None:
    """What is to be set can be set."""
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", TEXT))

    assert len(named) > 8
    assert named <= {name for name, _ in variables()}


def test_what_is_not_met_stands_in_front() -> None:
    """Whatever the tables call missing, wholly or in part, is told at the top or beside it."""
    missing = [row for row in ROWS if len(row) == 4 and row[2].strip() in ("no", "part")]
    front = TEXT.partition("## V1 ")[0]

    assert missing
    for number, _, _, where in missing:
        told = where.strip().startswith("above")
        assert (number.strip() in front) if told else len(where.strip()) > 20, number
