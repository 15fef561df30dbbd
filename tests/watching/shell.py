"""Runs what a page of the docs says in `sh` blocks, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


def sections(page: str) -> dict[str, list[str]]:
    """The blocks of a page by the heading above them, as they would be typed."""
    text = (ROOT / "docs" / page).read_text()
    parts = re.split(r"(?m)^## (.+)$", text)[1:]
    return {title: _blocks(body) for title, body in zip(parts[::2], parts[1::2], strict=True)}


def _blocks(body: str) -> list[str]:
    found = re.findall(r"(?ms)^( *)```sh\n(.*?)^ *```$", body)
    return [re.sub(f"(?m)^{indent}", "", text) for indent, text in found]


@dataclass
class Shell:
    """One terminal: a folder, and variables that stay from block to block."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.variables = {"PATH": path, "HOME": str(self.folder), "BCRYPT_COST": "4", **self.variables}

    def run(self, block: str, stdin: str = "", **replaced: str) -> str:
        """What a block prints. It must succeed; what it exports is there for the next one."""
        for placeholder, value in replaced.items():
            block = block.replace(placeholder, value)
        script = f"{block}\nenv -0 >&9"
        with tempfile.TemporaryFile("w+") as variables:
            ran = subprocess.run(
                ["bash", "-euc", f"exec 9>&{variables.fileno()}\n{script}"],
                cwd=self.folder,
                env=self.variables,
                input=stdin,
                capture_output=True,
                text=True,
                timeout=120,
                pass_fds=[variables.fileno()],
            )
            assert ran.returncode == 0, f"{block}\n{ran.stdout}{ran.stderr}"
            variables.seek(0)
            kept = variables.read().split("\0")
        self.variables = dict(line.partition("=")[::2] for line in kept if line and not line.startswith("_="))
        return ran.stdout
