"""Known holes are told, and that nobody could be asked is no good news."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import audit

SOUND = {"dependencies": [{"name": "aiohttp", "version": "3.14.5", "vulns": []}]}
HOLE = {"dependencies": [{"name": "aiohttp", "version": "3.0", "vulns": [{"id": "CVE-2024-23334"}]}]}
SKIPPED = {"dependencies": [*SOUND["dependencies"], {"name": "yarl", "skip_reason": "not found"}]}
NPM_SOUND = {"auditReportVersion": 2, "vulnerabilities": {}}
NPM_HOLE = {"vulnerabilities": {"vite": {"severity": "high"}}}
NPM_SILENT = {"message": "405 Method Not Allowed"}


@pytest.mark.parametrize(
    ("python", "npm", "code", "told"),
    [
        (json.dumps(SOUND), json.dumps(NPM_SOUND), 0, "Python: 0 known holes"),
        (json.dumps(HOLE), json.dumps(NPM_SOUND), 1, "aiohttp 3.0: CVE-2024-23334"),
        (json.dumps(SOUND), json.dumps(NPM_HOLE), 1, "vite: high"),
        (json.dumps(SKIPPED), json.dumps(NPM_SOUND), 2, "Python: not checked"),
        (json.dumps({"dependencies": []}), json.dumps(NPM_SOUND), 2, "Python: not checked"),
        ("", json.dumps(NPM_SOUND), 2, "Python: not checked"),
        (json.dumps(SOUND), json.dumps(NPM_SILENT), 2, "npm: not checked"),
        (json.dumps(HOLE), "[]", 2, "aiohttp 3.0: CVE-2024-23334"),
    ],
)
def test_what_is_told(python: str, npm: str, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each hole is named; where nobody answers, wholly or for one package, the outcome is not that all is well."""

    def run(command: Sequence[str], _: Path) -> str:
        return npm if "audit" in command else python

    outcome = audit.main(run)

    assert outcome == code
    assert told in capsys.readouterr().out
