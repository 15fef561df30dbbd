"""The Next.js example as people run it: package and application built, `next start` in a process of its own.

All is built in copies under `.cache/`, so that nothing which a developer has built or is running is replaced.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.npm import node, packages
from tests.support.ports import free_port
from tools.npm import find

ROOT = Path(__file__).parents[2]
UI, EXAMPLE = ROOT / "ui", ROOT / "examples" / "nextjs"
WORKSHOP = ROOT / ".cache" / "nextjs"
PATIENCE = 60
_not_sources = shutil.ignore_patterns("node_modules", "dist", ".next", ".shots", "next-env.d.ts", "*.tsbuildinfo")
_NEXT = "node_modules/next/dist/bin/next"


@dataclass(frozen=True, slots=True)
class Built:
    """The built application, and the port on which it expects the service: `next build` settles that."""

    folder: Path
    service_port: int


@contextmanager
def built() -> Iterator[Built]:
    """The example as its sources are now, installed and built unless that has been done already.

    It is the caller's alone until the block ends: there is but one port for the service.
    Raises RuntimeError when it cannot be built.
    """
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    with (WORKSHOP / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield _built()


def _built() -> Built:
    # As in the checkout, one beside the other: the example refers to the package by its path.
    ui, example = WORKSHOP / "ui", WORKSHOP / "examples" / "nextjs"
    installed, ready = WORKSHOP / "installed-from", WORKSHOP / "built-from"
    of_package = _fingerprint([*_sources(UI), *(EXAMPLE / name for name in (".npmrc", "package-lock.json"))])
    of_application = of_package + _fingerprint(_sources(EXAMPLE))
    if _text(installed) != of_package:
        _build_package(ui)
        shutil.rmtree(example, ignore_errors=True)
        _copy(EXAMPLE, example)
        packages(example)
        installed.write_text(of_package)
    known, _, port = _text(ready).partition(" ")
    if known != of_application or _in_use(int(port)):
        _copy(EXAMPLE, example)
        port = str(free_port())
        _run([node(), _NEXT, "build"], example, WICKETGATE_URL=f"http://127.0.0.1:{port}")
        ready.write_text(f"{of_application} {port}")
    return Built(example, int(port))


@contextmanager
def running_example(application: Built) -> Iterator[str]:
    """The address of `next start`, until the block ends."""
    process = subprocess.Popen(
        [node(), _NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"],
        cwd=application.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    # To the end: a server whose log nobody reads would stop at a full pipe.
    reading = threading.Thread(target=process.stdout.read)
    overdue = threading.Timer(PATIENCE, process.kill)
    overdue.start()
    try:
        address = _announced(process.stdout)
        overdue.cancel()
        reading.start()
        yield address
    finally:
        overdue.cancel()
        process.terminate()
        process.wait(PATIENCE)
        if reading.ident is not None:
            reading.join()
        process.stdout.close()


def _announced(said: IO[str]) -> str:
    """The address that Next.js prints before it says that it is ready."""
    log: list[str] = []
    for line in said:
        log.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(log))
        if found and "Ready" in line:
            return found[0]
    raise RuntimeError(f"Next.js did not start:\n{''.join(log)}")


def _build_package(ui: Path) -> None:
    """Into a copy, with the tools that are installed in the checkout."""
    if not _installed_as_locked(UI):
        packages(UI)
    shutil.rmtree(ui, ignore_errors=True)
    _copy(UI, ui)
    (ui / "node_modules").symlink_to(UI / "node_modules")
    _run([*find().npm, "run", "--silent", "build"], ui)


def _installed_as_locked(folder: Path) -> bool:
    """Whether all that is installed there, by whomever, is what the lock says."""
    hidden = folder / "node_modules" / ".package-lock.json"
    if not hidden.is_file():
        return False
    locked, there = (json.loads(file.read_bytes())["packages"] for file in (folder / "package-lock.json", hidden))
    return all(locked.get(name, {}).get("version") == found.get("version") for name, found in there.items())


def _copy(source: Path, target: Path) -> None:
    """The sources as they are now; of what is there already, only what is installed stays."""
    for old in target.iterdir() if target.is_dir() else ():
        if old.name != "node_modules":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(source, target, ignore=_not_sources, dirs_exist_ok=True)


def _sources(folder: Path) -> list[Path]:
    found: list[Path] = []
    for here, folders, files in os.walk(folder):
        left_out = _not_sources(here, [*folders, *files])
        folders[:] = [name for name in folders if name not in left_out]
        found += [Path(here, name) for name in files if name not in left_out]
    return sorted(found)


def _in_use(port: int) -> bool:
    """Whether somebody else listens there by now."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _fingerprint(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _text(file: Path) -> str:
    return file.read_text() if file.is_file() else ""


def _run(command: Sequence[str], folder: Path, **variables: str) -> None:
    environment = {**find().environment, "NEXT_TELEMETRY_DISABLED": "1", **variables}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}")
