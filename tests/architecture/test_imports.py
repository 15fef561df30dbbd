"""Imports go the way that the house asks for."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT, SOURCES, name, tree

FLOWS = [path for path in SOURCES if path.name == "flow.py"]


def test_every_import_rule_holds() -> None:
    """Layers, the rules' independence and the methods' are as `pyproject.toml` says."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]

    ran = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stdout
    assert "0 broken" in ran.stdout


@pytest.mark.parametrize("path", FLOWS, ids=name)
def test_a_flow_knows_the_rules_alone(path: object) -> None:
    """A `flow.py` imports the standard library and `core`, and nothing else."""
    imported = {
        module
        for node in ast.walk(tree(path))  # type: ignore[arg-type]
        for module in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    foreign = {
        module
        for module in imported
        if module.partition(".")[0] not in sys.stdlib_module_names and not module.startswith("wicketgate.core")
    }
    assert not foreign


def test_there_are_flows() -> None:
    """The rule above is about something."""
    folders = {path.parent.name for path in FLOWS}

    assert folders >= {"password", "profile", "session", "api_tokens"}


def test_only_the_root_and_the_command_line_choose_a_store() -> None:
    """No other module names a store's module, so that another store is one line."""
    choosing = {
        name(path)
        for path in SOURCES
        if "stores" not in path.parts and "wicketgate.stores" in path.read_text("utf-8")
    }

    assert {path for path in choosing if "/cli/" not in path} == {"src/wicketgate/app.py"}
