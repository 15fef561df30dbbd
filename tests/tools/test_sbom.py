"""The bill of materials names all that the service is made of."""

from __future__ import annotations

import json
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import sbom

ROOT = Path(__file__).parents[2]
PARTS = {part["name"]: part for part in sbom.document()["components"]}


def test_every_dependency_is_named() -> None:
    """Whatever the package asks for without extras is in it."""
    asked = [Requirement(text) for text in requires("wicketgate") or ()]
    needed = {canonicalize_name(one.name) for one in asked if one.marker is None or "extra" not in str(one.marker)}

    assert needed
    assert needed <= set(PARTS)


def test_nothing_that_is_locked_is_left_out() -> None:
    """There is an entry for each line of the lock file, with its version."""
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line.partition(" ")[0]]

    assert {line.partition(" ")[0] for line in lines} == {
        f"{part['name']}=={part['version']}" for part in PARTS.values() if part["purl"].startswith("pkg:pypi/")
    }


def test_the_pages_carry_what_is_named() -> None:
    """The built pages contain React, and no package of npm that the bill does not name is one for running."""
    lock = json.loads((ROOT / "ui" / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "ui" / "package.json").read_text())

    assert {name for name, part in PARTS.items() if part["purl"].startswith("pkg:npm/")} == {
        "react",
        "react-dom",
        "scheduler",
    }
    assert set(wanted.get("dependencies", {})) <= set(PARTS)
    assert set(wanted["peerDependencies"]) <= set(PARTS)
    assert lock["node_modules/react-dom"]["dependencies"].keys() <= set(PARTS)


@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part["name"])
def test_each_has_an_address(part: dict[str, str]) -> None:
    """A package address says registry, name and version, and names the part within the bill."""
    registry = part["purl"].partition("/")[0]

    assert registry in ("pkg:pypi", "pkg:npm")
    assert part["purl"] == part["bom-ref"] == f"{registry}/{part['name']}@{part['version']}"
