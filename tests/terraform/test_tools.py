"""What Terraform itself says of the module. Each test is there if its tool is; conftest.py names the missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.terraform.module import MODULE
from tests.terraform.tools import copied, provider, terraform

PROVIDER = provider() if shutil.which("terraform") else None

if shutil.which("terraform"):

    def test_files_are_formatted() -> None:
        """`terraform fmt` would change nothing."""
        formatted = terraform("fmt", "-check", "-recursive", "-diff", folder=MODULE)

        assert formatted.returncode == 0, formatted.stdout + formatted.stderr


if PROVIDER is not None:

    @pytest.mark.parametrize("part", ["examples/table-only", "examples/service"])
    def test_examples_are_valid(part: str, tmp_path: Path) -> None:
        """The provider knows every resource, argument and reference."""
        assert PROVIDER is not None
        folder = copied(tmp_path / "module", PROVIDER) / part
        begun = terraform("init", "-backend=false", f"-plugin-dir={PROVIDER.plugins}", "-no-color", folder=folder)
        assert begun.returncode == 0, begun.stdout + begun.stderr
        valid = terraform("validate", "-no-color", folder=folder)

        assert valid.returncode == 0, valid.stdout + valid.stderr

    def test_module_s_own_tests_pass(tmp_path: Path) -> None:
        """`terraform test` passes, with AWS mocked."""
        assert PROVIDER is not None
        folder = copied(tmp_path / "module", PROVIDER)
        begun = terraform("init", "-backend=false", f"-plugin-dir={PROVIDER.plugins}", "-no-color", folder=folder)
        assert begun.returncode == 0, begun.stdout + begun.stderr
        tested = terraform("test", "-no-color", folder=folder)

        assert tested.returncode == 0, tested.stdout + tested.stderr
        assert "0 failed" in tested.stdout
