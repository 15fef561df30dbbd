"""The Terraform module as Python values."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import hcl2

ROOT: Final = Path(__file__).parents[2]
MODULE: Final = ROOT / "terraform"

_AS_VALUES: Final = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)


@functools.cache
def parsed(folder: Path = MODULE) -> dict[str, list[dict[str, Any]]]:
    """All files of a folder as one: each kind of block with its blocks."""
    blocks: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(folder.glob("*.tf")):
        for kind, found in hcl2.loads(file.read_text("utf-8"), serialization_options=_AS_VALUES).items():
            blocks.setdefault(kind, []).extend(found)
    return blocks


def resource(kind: str, name: str) -> dict[str, Any]:
    """One resource's arguments."""
    return next(body for found, called, body in resources() if (found, called) == (kind, name))


def resources() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every resource and data source: type, name, arguments."""
    for block in [*parsed()["resource"], *parsed()["data"]]:
        for kind, named in block.items():
            for name, body in named.items():
                yield kind, name, body


def local(name: str) -> Any:
    """A local value as it is written."""
    return next(values[name] for values in parsed()["locals"] if name in values)


def variables() -> dict[str, dict[str, Any]]:
    """Every variable with its arguments."""
    return {name: body for block in parsed()["variable"] for name, body in block.items()}


def outputs() -> dict[str, dict[str, Any]]:
    """Every output with its arguments."""
    return {name: body for block in parsed()["output"] for name, body in block.items()}
