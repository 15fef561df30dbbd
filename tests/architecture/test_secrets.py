"""Secrets are compared in a time that does not depend on where they differ."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SOURCES, name, tree

SECRET = {"mac", "hmac", "digest", "signature", "csrf", "token", "secret", "hash", "hashed", "password", "mark"}
"""A value whose name ends in one of these words is one, or follows from one."""

NO_SECRETS = {
    # Both are what one person has just typed.
    "src/wicketgate/methods/password/change.py: fields.normal_password(current) == password",
    "src/wicketgate/cli/users.py: getpass.getpass('Once more: ') != password",
    # Known values of the library's, when it is loaded.
    "src/wicketgate/crypto/libxcrypt.py: crypt(password, salt) == salt + digest",
}
IN_EQUAL_TIME = {
    "web/guard.py": "the CSRF value",
    "web/cookies.py": "two session tokens of one call",
    "crypto/session_tokens.py": "the MAC of a session token",
    "crypto/api_tokens.py": "the MAC of an API token, with a name or without",
    "crypto/foreign_kdf.py": "PBKDF2 and scrypt of other programs",
    "crypto/system_bcrypt.py": "bcrypt of the system's library",
    "core/devices.py": "the MAC of a browser's mark",
    "core/one_time.py": "the digest of a link",
    "features/api_tokens/flow.py": "the digest of an API token from elsewhere",
}
"""Every place where a secret is compared here. bcrypt and argon2id of the packages are compared by these."""


def last_word(node: ast.AST) -> str:
    """The last word of a value's name: of `self._mac(key)` it is `mac`; empty for a value without a name."""
    while isinstance(node, ast.Await | ast.Starred):
        node = node.value
    if isinstance(node, ast.Call):
        wrapped = isinstance(node.func, ast.Attribute) and node.func.attr in ("encode", "decode", "strip", "lower")
        return last_word(node.func.value if wrapped and isinstance(node.func, ast.Attribute) else node.func)
    if isinstance(node, ast.BinOp):
        return last_word(node.right)
    if isinstance(node, ast.Subscript):
        return last_word(node.value)
    named = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return named.lower().rpartition("_")[2]


def plain_comparisons(module: ast.Module) -> Iterator[ast.Compare]:
    """Where something secret is compared by `==` or `!=`, other than with a constant."""
    for node in ast.walk(module):
        if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Eq | ast.NotEq) for sign in node.ops):
            sides = [node.left, *node.comparators]
            constant = any(isinstance(side, ast.Constant) for side in sides)
            if not constant and any(last_word(side) in SECRET for side in sides):
                yield node


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_secret_is_compared_letter_by_letter(path: Path) -> None:
    """`==` stops at the first letter that differs, and so tells by its time how many were right."""
    found = {f"{name(path)}: {ast.unparse(node)}" for node in plain_comparisons(tree(path))}

    assert found <= NO_SECRETS


@pytest.mark.parametrize(
    "line",
    [
        "mac == given",
        "given != self._mac(key)",
        "_digest(token) == kept",
        "record.private.get(x) == digest",
        "sent == self.csrf(session).encode()",
        "a == b == api_token",
    ],
)
def test_the_rule_sees_them(line: str) -> None:
    """The rule above finds each shape in which a secret could be compared."""
    assert len(list(plain_comparisons(ast.parse(line)))) == 1


@pytest.mark.parametrize("line", ["mac == 'x'", "token_id == other", "len(token) == most", "kind == other"])
def test_the_rule_sees_nothing_else(line: str) -> None:
    """What is no secret may be compared as anything else."""
    assert not list(plain_comparisons(ast.parse(line)))


def test_every_place_is_known() -> None:
    """`hmac.compare_digest` is called where the list above says, so that none of them goes unnoticed."""
    package = ROOT / "src" / "wicketgate"
    calling = {
        str(path.relative_to(package))
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "hmac.compare_digest"
    }

    assert calling == set(IN_EQUAL_TIME)
