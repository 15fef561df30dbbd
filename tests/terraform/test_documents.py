"""The module's README says what the module is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.terraform.module import MODULE, outputs, parsed, variables

README = (MODULE / "README.md").read_text("utf-8")
EXAMPLES = sorted(path for path in (MODULE / "examples").iterdir() if path.is_dir())


def test_inputs_are_listed_with_their_defaults() -> None:
    """Every variable is in the table of inputs with its default, and every row is a variable."""
    listed = {row[0]: row[1] for row in _rows("Inputs")}

    assert listed == {f"`{name}`": _default(body) for name, body in variables().items()}


def test_outputs_are_listed() -> None:
    """Every output is in the table of outputs, and every row is an output."""
    assert {row[0] for row in _rows("Outputs")} == {f"`{name}`" for name in outputs()}


@pytest.mark.parametrize("kind", ["variable", "output"])
def test_everything_is_described(kind: str) -> None:
    """Every variable and output says what it is for."""
    for block in parsed()[kind]:
        for name, body in block.items():
            assert body.get("description"), name


def test_every_limit_on_a_variable_has_a_test() -> None:
    """Each validation of a variable is made to fail by a run in tests/."""
    runs = (MODULE / "tests" / "validation.tftest.hcl").read_text("utf-8")
    for name, body in variables().items():
        assert runs.count(f"expect_failures = [var.{name}]") >= len(body.get("validation", ())), name


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_use_the_module_as_it_is(example: Any) -> None:
    """Each example passes variables that exist, reads outputs that exist, and asks for the same provider."""
    blocks = parsed(example)
    module = blocks["module"][0]["wicketgate"]

    assert module["source"] == "../.."
    assert set(module) - {"source"} <= set(variables())
    assert set(re.findall(r"module\.wicketgate\.(\w+)", (example / "main.tf").read_text("utf-8"))) <= set(outputs())
    assert blocks["terraform"] == parsed()["terraform"]


def _rows(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _default(body: dict[str, Any]) -> str:
    """As the README writes it: JSON, or a dash for what is unset."""
    default = body.get("default")
    return "–" if default in (None, "null", "${null}") else f"`{json.dumps(default)}`"
