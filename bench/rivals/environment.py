"""A virtual environment for the rivals, made when it is first needed and again when its list changes."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
_HOME = _HERE / ".venv"
_DONE = _HOME / "installed"
_SHARED = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools")


def python() -> str:
    """The rivals' interpreter."""
    wanted = (_HERE / "requirements.txt").read_text() + "".join(f"{name}=={version(name)}\n" for name in _SHARED)
    if not _DONE.exists() or _DONE.read_text() != wanted:
        _make(wanted)
    return str(_HOME / "bin" / "python")


def _make(wanted: str) -> None:
    print("installing the rivals' libraries …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(_HOME)], check=True)
    listed = [line for line in wanted.splitlines() if not line.startswith("#")]
    subprocess.run([_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", *listed], check=True)
    _DONE.write_text(wanted)
