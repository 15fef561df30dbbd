"""The code in the documentation of embedding, run as it stands there."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.embedded import TestClient
from tests.support.service import JWT_SECRET

DOCUMENT = Path(__file__).parents[2] / "docs" / "embedding.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder and an environment that says little."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JWT_SECRET", JWT_SECRET)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_each_piece_of_code_runs(block: str) -> None:
    """Each block is a whole module; its application starts and stops, and its tests pass."""
    module: dict[str, Any] = {"__name__": "documented"}

    exec(compile(block, DOCUMENT.name, "exec"), module)

    for name, test in module.items():
        if name.startswith("test_"):
            asyncio.run(test())
    if "app" in module:
        with TestClient(module["app"]) as client:
            assert client.get("/nowhere").status_code == 404


def test_every_link_within_leads_to_a_heading() -> None:
    """The contents at the top name headings that are there, and all of them."""
    text = DOCUMENT.read_text()

    links = re.findall(r"\]\(#([\w-]+)\)", text)

    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert links == [re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings]
