"""The page on theming, against what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wicketgate.settings import variables

ROOT = Path(__file__).parents[3]
DOCS = (ROOT / "docs" / "theming.md").read_text()
TOKENS = (ROOT / "ui" / "src" / "styles" / "tokens.css").read_text()
PARTS = (ROOT / "ui" / "src" / "react" / "parts.ts").read_text()
TEXTS = (ROOT / "ui" / "src" / "react" / "texts.ts").read_text()


def _rows(heading: str) -> list[str]:
    """The names in the first column of the table below a heading."""
    section = DOCS.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_variable_is_told_and_none_else() -> None:
    """The table lists the variables that the style sheet reads, and each default is the one it has."""
    read = re.findall(r"var\((--wg-[a-z-]+), (?:light-dark\((#\w+), (#\w+)\)|[^)]*\)?)\)", TOKENS)

    assert set(_rows("Colours, corners, spacing")) == {name for name, _, _ in read}
    for name, light, dark in read:
        if light:
            assert f"| `{name}` | `{light}` | `{dark}` |" in DOCS


def test_every_part_is_told_and_none_else() -> None:
    """The table lists the parts that take a class name."""
    parts = re.findall(r'\| "(\w+)"', PARTS)

    assert _rows("Class names") == parts


def test_the_settings_told_are_settings() -> None:
    """The pages' settings have the names that the service reads."""
    known = {name for name, _ in variables()}

    told = _rows("The service's own pages")

    assert len(told) == 3
    assert set(told) <= known


@pytest.mark.parametrize("name", ["logIn", "loggingIn", "password", "passwordShort", "messages"])
def test_the_texts_told_are_texts(name: str) -> None:
    """The example replaces texts that exist."""
    assert re.search(rf"^  {name}: ", DOCS, re.MULTILINE)
    assert re.search(rf"^  {name}: ", TEXTS, re.MULTILINE)
