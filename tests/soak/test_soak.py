"""The long run, made short, so that it works when it is wanted."""

from __future__ import annotations

from pathlib import Path

from tests.soak.run import SHORT, soak


async def test_nothing_is_found_in_half_a_minute(tmp_path: Path) -> None:
    """Two services under load, with a trouble each round, keep every promise and leave nothing behind."""
    verdict = await soak(SHORT, tmp_path)

    assert [finding for finding in verdict.findings if not finding.good] == [], "\n".join(verdict.complaints)
    assert {"jobs that still wait", "exit code after SIGTERM"} <= {finding.asked for finding in verdict.findings}
