"""Files and functions stay small, and say what they are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.source import SOURCES, functions, lines, name, public, tree

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
# A list of routes is one value, written down: it has no steps to take apart.
LISTS = {"endpoints"}
# What a port's docstring says is not said again by those who implement it.
PORTS = {"stores/memory.py", "stores/sqlite/store.py", "stores/dynamodb/store.py", "watching/store.py"}


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_is_readable(path: Path) -> None:
    """No file is longer than one reads in one go."""
    length = len(path.read_text("utf-8").splitlines())

    assert length <= MOST_LINES_OF_A_FILE


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_function_is_readable(path: Path) -> None:
    """No function is longer than a screen."""
    long = {
        node.name: lines(node)
        for node in functions(tree(path))
        if lines(node) > MOST_LINES_OF_A_FUNCTION and node.name not in LISTS
    }

    assert long == {}


def test_most_functions_are_short() -> None:
    """Nine functions in ten are under 30 lines, and most under 10."""
    lengths = sorted(lines(node) for path in SOURCES for node in functions(tree(path)))

    assert lengths[len(lengths) // 2] < 10
    assert lengths[len(lengths) * 9 // 10] < 30


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_says_what_it_is(path: Path) -> None:
    """Every file with anything in it begins with a docstring."""
    module = tree(path)

    assert ast.get_docstring(module) or not module.body


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_public_name_says_what_it_is(path: Path) -> None:
    """Classes, functions and methods that others use have a docstring; a port's are told by the port."""
    told_by_the_port = any(str(path).endswith(file) for file in PORTS)

    silent = {
        node.name
        for node in public(tree(path))
        if not ast.get_docstring(node) and not (told_by_the_port and isinstance(node, ast.AsyncFunctionDef))
    }

    assert silent == set()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_function_only_says_that_it_is_not_there(path: Path) -> None:
    """Alternatives are types: nothing raises NotImplementedError."""
    names = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}

    assert "NotImplementedError" not in names
