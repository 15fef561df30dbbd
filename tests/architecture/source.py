"""The service's source and its tests as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "wicketgate").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    """A file's path from the root of the project."""
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text("utf-8"), str(path))


def functions(within: ast.AST) -> Iterator[Function]:
    """Every function in a tree, methods and inner ones included."""
    return (node for node in ast.walk(within) if isinstance(node, Function))


def lines(node: Definition) -> int:
    """How many lines a definition takes, its decorators aside."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def public(within: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The classes and functions that others may use, and the methods of such classes."""
    for node in within.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)
