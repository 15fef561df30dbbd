"""The list of common passwords that the package carries. `NOTICE` says where it comes from, `tools/` how."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files


class ShippedList:
    """The port `CommonPasswords`. Read at the first question and then kept, once for the whole process."""

    def include(self, folded: str) -> bool:
        """Whether the list has it. It is searched as it lies, which takes 0.1 ms and a tenth of a set's memory."""
        return "\n" not in folded and f"\n{folded}\n".encode() in _lines()


@cache
def _lines() -> bytes:
    """Every entry between two line feeds."""
    return gzip.decompress(files("wicketgate.guesses").joinpath("common.txt.gz").read_bytes())
