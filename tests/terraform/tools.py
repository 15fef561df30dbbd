"""Terraform and its AWS provider, where this machine has them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.terraform.module import MODULE

# What the module asks for, and what of it the last provider before version 6 does not know.
NEWEST_NEEDED: Final = (6, 29)
_UNKNOWN_BEFORE: Final = re.compile(r"^ +(region +=.*var\.aws_region|invoked_via_function_url +=).*\n", re.MULTILINE)
_ASKED_ABOUT: Final = " && aws_lambda_permission.function_by_url[0].invoked_via_function_url"


@dataclass(frozen=True, slots=True)
class Provider:
    """An unpacked AWS provider."""

    plugins: Path
    version: str

    @property
    def complete(self) -> bool:
        """Whether it knows all that the module asks for."""
        major, minor = map(int, self.version.split(".")[:2])
        return (major, minor) >= NEWEST_NEEDED


def provider() -> Provider | None:
    """The newest AWS provider in `TF_PLUGIN_DIR` or in a folder of the kind that Terraform looks into; else None."""
    given = os.environ.get("TF_PLUGIN_DIR")
    usual = [Path.home() / ".terraform.d" / "plugins", *Path("/opt").glob("*")]
    usual += [Path(share, "terraform", "plugins") for share in ("/usr/local/share", "/usr/share")]
    found = [
        Provider(folder, version.name)
        for folder in ([Path(given)] if given else usual)
        for version in folder.glob("*/hashicorp/aws/[0-9]*.[0-9]*.[0-9]*")
        if any(version.glob("*/terraform-provider-aws*"))
    ]
    return max(found, key=lambda one: [int(part) for part in one.version.split(".")], default=None)


def copied(to: Path, found: Provider) -> Path:
    """A copy of the module that this provider can work with.

    With one older than the module asks for, what it does not know is left out: where things lie, and one
    condition on one permission. `test_table.py` looks at those as text.
    """
    shutil.copytree(MODULE, to, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    if not found.complete:
        for file in [*to.rglob("*.tf"), *to.rglob("*.tftest.hcl")]:
            text = file.read_text("utf-8")
            if "provider" in text and "examples" in file.parts:
                text = text.replace("region = var.aws_region", 'region = "us-east-1"')
            text = _UNKNOWN_BEFORE.sub("", text).replace(_ASKED_ABOUT, "")
            file.write_text(text.replace(">= 6.29, < 7.0", found.version), "utf-8")
    return to


def terraform(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs Terraform, which asks nothing, calls nobody and prints no colours."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("TF_")}
    # GOGC: the provider is a large program that lives for a second; collecting its garbage took a sixth of its time.
    quick = {"GOGC": "400", "CHECKPOINT_DISABLE": "1", "TF_INPUT": "0", "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.run(
        ["terraform", f"-chdir={folder}", *arguments],
        env=environment | quick,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
