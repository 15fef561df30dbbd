"""One target under a coverage-guided fuzzer: `python -m tests.fuzz.guided TARGET [libFuzzer's options] FOLDERS`.

Runs where `atheris` is installed, see `tests/fuzz/__main__.py`.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main() -> None:
    """Fuzzes until it is told to stop, or finds something."""
    name = sys.argv.pop(1)
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["wicketgate"]):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS
    with targets[name].ready() as read:
        atheris.Setup(sys.argv, read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
