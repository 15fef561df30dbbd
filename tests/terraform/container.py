"""The Dockerfile as instructions, and the linter for it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Final

from tests.terraform.module import ROOT

DOCKERFILE: Final = ROOT / "Dockerfile"

Instruction = tuple[str, str]


def stages(text: str) -> list[list[Instruction]]:
    """The instructions of each stage, each begun by its FROM."""
    found: list[list[Instruction]] = []
    for word, rest in instructions(text):
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def instructions(text: str) -> list[Instruction]:
    """Every instruction with what follows it, continued lines joined, comments left out."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", plain).splitlines()
    pairs = [line.strip().partition(" ") for line in lines if line.strip()]
    return [(word.upper(), rest.strip()) for word, _, rest in pairs]


def hadolint() -> str | None:
    """The linter beside this Python or on the path; None if there is none."""
    return shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
