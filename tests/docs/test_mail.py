"""What docs/mail.md shows works, and what it lists is all there is."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from wicketgate.core.outbox import WAITS_MS
from wicketgate.core.ports import Letter
from wicketgate.mail.console import MOST_KEPT
from wicketgate.mail.smtp import IN_ALL, SECONDS
from wicketgate.mail.templates import LETTERS, LONGEST_VALUE
from wicketgate.outbox.worker import LEASE_MS, MOST_AT_ONCE, PAUSE

PAGE = Path(__file__).parents[2] / "docs" / "mail.md"
TEXT = PAGE.read_text("utf-8")


def test_every_letter_is_listed_with_its_values() -> None:
    """The table of templates is the service's own."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \|([^|]*)\|$", TEXT.partition("## Templates")[2], re.MULTILINE)

    listed = {name: tuple(re.findall(r"\$(\w+)", values)) for name, values in rows}
    assert listed == dict(LETTERS)


def test_the_function_that_it_shows(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is taken as it stands, and given a mail."""
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"(?ms)^```python\n(.*?)^```$", TEXT)
    shown: dict[str, Any] = {}

    exec(compile(block, PAGE.name, "exec"), shown)
    asyncio.run(shown["gate"].post.send(Letter("ada@example.com", "test", {})))

    assert "ada@example.com Email from Wicketgate works" in capsys.readouterr().out


def test_the_times_that_it_tells() -> None:
    """Numbers in words are those of the code."""
    assert [wait / 60_000 for wait in WAITS_MS] == [0.5, 2, 8, 30, 120, 360, 720, 720, 720]
    assert (SECONDS, IN_ALL, PAUSE, LEASE_MS, MOST_AT_ONCE) == (15, 60, 30, 300_000, 16)
    assert f"shows the last {MOST_KEPT} with links" in TEXT
    assert f"of {LONGEST_VALUE} characters at most" in TEXT


def test_its_links_lead_somewhere() -> None:
    """Each names a file that is there, and a heading in it."""
    for target, heading in re.findall(r"\]\(([\w./-]*?)(?:#([\w-]+))?\)", TEXT):
        found = PAGE.parent / target if target else PAGE
        assert found.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w-]", "", each.lower().replace(" ", "-")) for each in headings}, heading
