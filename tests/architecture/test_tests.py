"""Tests say what they claim, can fail, and are all run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import TESTS, Function, functions, name, tree

FILES = [path for path in TESTS if path.name.startswith("test_")]
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}
CHECKS = {"raises", "warns", "fail", "expect"}
# These claim that something is no error, so the call itself is what fails.
NO_ERROR = {"test_close_twice", "test_writing_to_nobody"}


def claims_in(path: Path) -> Iterator[Function]:
    """The test functions of a file."""
    return (node for node in functions(tree(path)) if node.name.startswith("test_"))


def may_fail(node: ast.AST, checking: set[str]) -> bool:
    """Whether somewhere in a tree something is asserted, expected to raise, or handed to what does so."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assert | ast.Raise):
            return True
        if isinstance(part, ast.Call):
            called = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            if called in CHECKS | checking:
                return True
    return False


def checking_functions() -> set[str]:
    """The names of helpers that assert, or that call one that does."""
    known: set[str] = set()
    every = [node for path in TESTS for node in functions(tree(path)) if not node.name.startswith("test_")]
    while True:
        found = {node.name for node in every if may_fail(node, known)}
        if found == known:
            return known
        known = found


CHECKING = checking_functions()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_test_states_its_claim(path: Path) -> None:
    """Each test has a docstring that is a whole sentence."""
    silent = [node.name for node in claims_in(path) if not (ast.get_docstring(node) or "").rstrip().endswith(".")]

    assert silent == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_test_can_fail(path: Path) -> None:
    """Each test asserts something, itself or through a helper."""
    toothless = {node.name for node in claims_in(path) if not may_fail(node, CHECKING)}

    assert toothless <= NO_ERROR


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_test_is_left_out(path: Path) -> None:
    """No test is skipped or expected to fail."""
    used = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}

    assert not used & SKIPPING


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_test_is_lost_to_its_namesake(path: Path) -> None:
    """No two tests of a file share a name, of which the first would never run."""
    names = [node.name for node in claims_in(path)]

    assert sorted(names) == sorted(set(names))
