"""What makes code of input, trusts anybody, or can be guessed is not there to be called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SOURCES, name, tree

RUNNING = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.spawnv"}
"""Calls that run what they are given."""

READING = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "subprocess", "pty"}
"""Modules that make objects or processes of what they read."""

TRUSTING = {"CERT_NONE", "CERT_OPTIONAL", "_create_unverified_context"}
NO_CHECK = {"check_hostname", "verify", "ssl", "verify_ssl"}
"""What tells TLS to ask nobody for a certificate: these names, or one of these set to False."""

GUESSABLE = {"stores/dynamodb/retries.py", "outbox/worker.py"}
"""Where `random` is good enough: pauses, so that those who failed together part ways."""

OLD_DIGESTS = {"guesses/breaches.py"}
"""Where SHA-1 is called: the range service's index of passwords is made of it, and nothing rests on it."""


def imported(module: ast.Module) -> set[str]:
    """The first part of every module that is imported."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


def calls(module: ast.AST) -> Iterator[ast.Call]:
    """Every call."""
    return (node for node in ast.walk(module) if isinstance(node, ast.Call))


def place(path: Path) -> str:
    """A file's path within the package."""
    return str(path.relative_to(ROOT / "src" / "wicketgate"))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_nothing_runs_what_it_reads(path: Path) -> None:
    """No text becomes code, a command or an object of any kind (ASVS 1.2.5, 1.3.2, 1.5.1, 1.5.2)."""
    module = tree(path)

    assert not {ast.unparse(call.func) for call in calls(module)} & RUNNING
    assert not imported(module) & READING


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_patterns_are_our_own(path: Path) -> None:
    """A pattern is written down, or made where the module is: none is made of what somebody sent (ASVS 1.2.9)."""
    module = tree(path)
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    made = [
        call
        for function in functions
        for call in calls(function)
        if ast.unparse(call.func).startswith("re.") and not isinstance(call.args[0], ast.Constant)
    ]

    assert [ast.unparse(call) for call in made] == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_certificate_is_checked(path: Path) -> None:
    """Nothing turns off what TLS checks (ASVS 12.3.2)."""
    module = tree(path)
    named = {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    given = {word.arg for call in calls(module) for word in call.keywords if ast.unparse(word.value) == "False"}
    set_to = {
        ast.unparse(target).rpartition(".")[2]
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "False"
        for target in node.targets
    }

    assert not named & TRUSTING
    assert not (given | set_to) & NO_CHECK


def test_what_can_be_guessed_is_no_secret() -> None:
    """`random` and SHA-1 are used where nothing rests on them, and MD5 nowhere (ASVS 11.4.1, 11.5.1)."""
    random = {place(path) for path in SOURCES if "random" in imported(tree(path))}
    called = {(place(path), ast.unparse(call.func)) for path in SOURCES for call in calls(tree(path))}

    assert random == GUESSABLE
    assert {where for where, what in called if what == "hashlib.sha1"} == OLD_DIGESTS
    assert {where for where, what in called if what == "hashlib.md5"} == set()
