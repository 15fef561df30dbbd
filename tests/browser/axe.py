"""The accessibility checker, run in a page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.support.npm import packages

FOLDER = Path(__file__).parents[1] / "support" / "axe"
# The checker knows no gradients. The strongest colour of each stands in for it: if that can be read, all can.
_FLATTEN = """() => {
  for (const element of document.querySelectorAll("*")) {
    const [strongest] = getComputedStyle(element).backgroundImage.match(/(?:oklab|rgba?|color)\\([^)]*\\)/) ?? [];
    if (strongest) Object.assign(element.style, { backgroundImage: "none", backgroundColor: strongest });
  }
}"""
_RESTORE = """() => {
  for (const element of document.querySelectorAll("[style]")) element.style.background = "";
}"""
_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations, incomplete, passes } = await axe.run(document, { runOnly: tags });
  const told = (results) => results.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`) }));
  return { violations: told(violations), incomplete: told(incomplete), rules: passes.length };
}"""


async def violations(page: Page) -> list[Any]:
    """What a page does against WCAG 2.2 AA and good practice, as far as a machine can see it."""
    await page.evaluate(_source())
    await page.evaluate(_FLATTEN)
    found = await page.evaluate(_RUN)
    await page.evaluate(_RESTORE)
    assert found["rules"] > 10, "the checker has hardly looked at anything"
    # What the checker cannot decide by itself counts when it is about contrast, which is there to be seen.
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    return [*found["violations"], *undecided]


@functools.cache
def _source() -> str:
    return (packages(FOLDER) / "axe-core" / "axe.min.js").read_text()
