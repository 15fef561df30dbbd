"""Where the function runs in the tests: as it is installed here, and from the package with Lambda's own Python."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import package as packaging_tool

ROOT = Path(__file__).parents[2]
ARCHITECTURE = "x86_64"
_LOCK = ROOT / "requirements-dev.lock"
CACHE = ROOT / ".cache" / "lambda"
_CLIENT = frozenset({"awslambdaric", "simplejson", "snapshot-restore-py"})
_HOUR = 3600


@dataclass(frozen=True)
class Place:
    """A Python, and where it is to look for modules."""

    name: str
    program: str
    flags: tuple[str, ...]
    paths: tuple[Path, ...]

    def command(self, *arguments: str) -> list[str]:
        """A command line of this Python."""
        return [self.program, *self.flags, *arguments]


def client_is_here() -> bool:
    """Whether the runtime interface client could be installed; it has wheels for Linux only."""
    return importlib.util.find_spec("awslambdaric") is not None


@functools.cache
def lambda_python() -> str | None:
    """A Python like Lambda's that can run the package for x86-64."""
    fitting = sys.platform == "linux" and os.uname().machine == ARCHITECTURE
    return packaging_tool.python() if fitting else None


def names() -> list[str]:
    """The places that there are on this machine."""
    if not client_is_here():
        return []
    return ["installed"] if lambda_python() is None else ["installed", "package"]


def missing() -> list[str]:
    """What there is not, in a line each."""
    if not client_is_here():
        return ["awslambdaric is not on this machine: the function was called by our own code only."]
    if lambda_python() is None:
        return [
            f"No Python {packaging_tool.PYTHON} for x86-64 Linux here: the Lambda package was looked at, not run."
        ]
    return []


def place(name: str) -> Place:
    """One of `names()`."""
    if name == "installed":
        return Place(name, sys.executable, (), ())
    program = lambda_python()
    assert program is not None
    # Without site-packages: what the package lacks is not to be found elsewhere.
    return Place(name, program, ("-S",), (package_tree(), _client_tree()))


def package() -> Path:
    """The zip file, made when the sources have changed."""
    return _made() / f"wicketgate-lambda-{ARCHITECTURE}.zip"


def package_tree() -> Path:
    """The package, unpacked as Lambda unpacks it."""
    return _made() / "tree"


@functools.cache
def _made() -> Path:
    folder = CACHE / _fingerprint()
    folder.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        # Several test workers start at once; one builds and the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").is_file():
            _clear()
            _build(folder)
            with zipfile.ZipFile(folder / f"wicketgate-lambda-{ARCHITECTURE}.zip") as archive:
                archive.extractall(folder / "tree")
            (folder / "done").touch()
    return folder


def _build(folder: Path) -> None:
    built = (ROOT / "src/wicketgate/web/static/manifest.json").is_file()
    # Setting up the project has built the pages; whoever edits `ui/` in the meantime is left alone.
    env = {**os.environ, "WICKETGATE_SKIP_PAGES": "1"} if built else dict(os.environ)
    command = [sys.executable, str(ROOT / "tools/package.py"), "--to", str(folder), "--for", ARCHITECTURE]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _clear() -> None:
    """Removes what was made of sources that are no more."""
    for old in CACHE.iterdir():
        if old.is_dir() and old.stat().st_mtime < time.time() - _HOUR:
            shutil.rmtree(old, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{lambda_python()}".encode())
    files = [ROOT / name for name in ("pyproject.toml", "requirements.lock", "tools/package.py")]
    files += sorted(path for path in (ROOT / "src").rglob("*") if path.is_file() and path.suffix != ".pyc")
    for path in files:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def _client_tree() -> Path:
    """The runtime interface client for Lambda's Python, which Lambda keeps apart from the package."""
    text = _LOCK.read_text("utf-8")
    entries = [line for line in packaging_tool.locked(text, ARCHITECTURE).splitlines() if _is_client(line)]
    tag = hashlib.sha256("\n".join(entries).encode()).hexdigest()[:16]
    folder = CACHE.with_name("lambda-client") / tag
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").is_file():
            wheels = packaging_tool.download(folder, ARCHITECTURE, "\n".join(entries))
            packaging_tool.unpack(wheels, folder / "tree")
            (folder / "done").touch()
    return folder / "tree"


def _is_client(line: str) -> bool:
    return canonicalize_name(Requirement(line.partition(" --hash=")[0]).name) in _CLIENT
