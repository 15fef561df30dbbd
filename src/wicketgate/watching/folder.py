"""Where several processes keep their numbers so that one can add them up.

The library decides when it is imported whether its numbers lie in files, so this comes first and imports nothing
of it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wicketgate.core.errors import ConfigurationError

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own name for the folder. Whoever sets it chooses the place, and empties it before each start."""

_MEMORY: Final = "/dev/shm"  # noqa: S108 - the folder made in it has a name of its own and is its owner's alone


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder for as long as the block lasts, in memory where there is such a place; else a disk is written to.

    Raises ConfigurationError when there is no place for it.
    """
    given = os.environ.get(VARIABLE)
    if given:
        Path(given).mkdir(parents=True, exist_ok=True)
        yield Path(given)
        return
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    try:
        made = tempfile.mkdtemp(prefix="wicketgate-metrics-", dir=place)
    except OSError as error:
        raise ConfigurationError(f"METRICS of several workers need a folder: set {VARIABLE} ({error})") from None
    os.environ[VARIABLE] = made
    try:
        yield Path(made)
    finally:
        del os.environ[VARIABLE]
        shutil.rmtree(made, ignore_errors=True)
