"""`python -m tests.browser.mailing serve …`: the service with its command line, its mail left in a folder.

The folder is named by TEST_LETTERS; without it there is no way to send mail. Each letter is a file, so that a test in
another process can wait for it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from wicketgate.cli import main
from wicketgate.core.ports import Letter
from wicketgate.mail import choice


class Folder:
    """Who carries the mail: into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter) -> None:
        """Leaves the letter, whole or not at all."""
        draft = self._folder / f"{uuid4()}.draft"
        draft.write_text(json.dumps(asdict(letter)))
        draft.rename(draft.with_suffix(".json"))


if __name__ == "__main__":
    named = os.environ.get("TEST_LETTERS")
    choice.chosen = lambda *_: Folder(Path(named)) if named else None  # type: ignore[assignment]
    sys.exit(main())
