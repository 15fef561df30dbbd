"""The zip file that Lambda is given."""

from __future__ import annotations

import os
import re
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.lambda_ import places
from tools import package as tool

ROOT = Path(__file__).parents[2]
UNCHECKED_HASH = 1  # PEP 552


@pytest.fixture(scope="session")
def entries(package: Path) -> Sequence[zipfile.ZipInfo]:
    """What is in it."""
    with zipfile.ZipFile(package) as archive:
        return archive.infolist()


@pytest.fixture(scope="session")
def names(entries: Sequence[zipfile.ZipInfo]) -> set[str]:
    """The names of what is in it."""
    return {entry.filename for entry in entries}


def test_it_is_small(package: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Under 30 MB as it is sent, and far below what Lambda unpacks."""
    assert package.stat().st_size < 30_000_000
    assert sum(entry.file_size for entry in entries) < 100_000_000


def test_it_has_what_is_served(names: set[str]) -> None:
    """The service, its pages and its assets."""
    built = {name.rpartition(".")[2] for name in names if name.startswith("wicketgate/web/static/")}

    assert {"wicketgate/aws_lambda/__init__.py", "wicketgate/web/static/manifest.json"} <= names
    assert built >= {"js", "css", "json"}
    assert "wicketgate/web/assets/docs.css" in names


def test_it_has_nothing_that_is_not(names: set[str]) -> None:
    """No server, no SQLite, no tests, no types, no sources of C."""
    folders = {name.partition("/")[0] for name in names}

    assert not folders & {"uvicorn", "uvloop", "apsw", "dns", "dotenv", "click", "h11", "fastapi", "bin"}
    assert not [name for name in names if name.endswith((".pyi", ".c", ".h", ".pyx"))]
    assert not [name for name in names if "/tests/" in name]


def test_every_package_keeps_its_name_and_licence(package: Path, names: set[str]) -> None:
    """What `importlib.metadata` reads, and what licences ask to be handed on, are there."""
    described = {name.partition("/")[0] for name in names if ".dist-info/" in name}

    assert len(described) > 10
    for folder in described:
        assert f"{folder}/METADATA" in names
        assert [name for name in names if name.startswith(folder) and "licen" in name.lower()], folder


def test_it_is_the_same_each_time(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Order, dates and rights say nothing of when and by whom it was made."""
    listed = [entry.filename for entry in entries]

    assert listed == sorted(listed, key=lambda name: Path(name).parts)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    """When files were written, and in which order, does not show."""
    for name, order in (("one", ("b", "a")), ("two", ("a", "b"))):
        folder = tmp_path / name
        folder.mkdir()
        for number, file in enumerate(order):
            (folder / file).write_text(file)
            os.utime(folder / file, (number, number))
        tool.write_zip(folder, tmp_path / f"{name}.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_libraries_are_of_the_processor(package: Path) -> None:
    """Every compiled library is for x86-64 and for the runtime's Python, or for any."""
    machines, tags = set(), set()

    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            if name.endswith(".so"):
                machines.add(struct.unpack_from("<H", archive.read(name), 18)[0])  # e_machine in ELF's header
                tags |= set(re.findall(r"cpython-3\d+|abi3", name))

    assert machines == {0x3E}
    assert tags <= {"cpython-313", "abi3"}


def test_bytecode_is_taken_for_good(package: Path) -> None:
    """With a Python of the right version at hand, every module comes with bytecode that nobody checks."""
    with zipfile.ZipFile(package) as archive:
        modules = [name for name in archive.namelist() if name.endswith(".py")]
        compiled = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pyc")}

    flags = {struct.unpack_from("<I", code, 4)[0] for code in compiled.values()}
    if places.lambda_python() is None:
        assert compiled == {}
    else:
        assert len(compiled) == len(modules)
        assert flags == {UNCHECKED_HASH}
        assert all(b"/var/task/" in code for code in compiled.values())


def test_markers_are_held_against_the_functions_python() -> None:
    """A lock file's line counts if it holds on Lambda, whatever Python makes the package."""
    text = (
        "one==1 ; python_full_version < '3.13' \\\n    --hash=sha256:aa\n"
        "two==2 ; python_version >= '3.13' and sys_platform == 'linux' \\\n    --hash=sha256:bb \\\n"
        "    --hash=sha256:cc\n"
        "three==3 ; platform_machine == 'aarch64' \\\n    --hash=sha256:dd\n"
        "# a remark\n"
        "uvicorn==4 \\\n    --hash=sha256:ee\n"
    )

    assert tool.locked(text, "x86_64") == "two==2 --hash=sha256:bb --hash=sha256:cc\n"
    assert tool.locked(text, "aarch64").splitlines()[1] == "three==3 --hash=sha256:dd"


def wheel(name: str, *requires: str) -> tool.Wheel:
    """A wheel that nobody opens."""
    return tool.Wheel(Path(f"{name}.whl"), name, tuple(map(Requirement, requires)))


def test_only_what_is_needed_goes_in() -> None:
    """Extras, what is left out, and what only that needs stay behind."""
    wheels = [
        wheel("wicketgate", "one>=1", "uvicorn", "fastapi; extra == 'fastapi'", "win; sys_platform == 'win32'"),
        wheel("one", "two"),
        wheel("two", "one"),
        wheel("h11"),
        wheel("fastapi"),
    ]

    found, missing = tool.needed(wheels, "x86_64")

    assert [each.name for each in found] == ["one", "two", "wicketgate"]
    assert missing == []
    assert next(each.name for each in tool.needed(wheels, "x86_64", ["fastapi"])[0]) == "fastapi"


def test_what_is_missing_is_said() -> None:
    """What is needed and not there has a name, so that no package is made which would fail later."""
    _, missing = tool.needed([wheel("wicketgate", "one")], "x86_64")

    assert missing == ["one"]


def test_terraform_names_the_same() -> None:
    """The runtime, the handler, the processors and the file names of the module and of the guides are ours."""
    module = (ROOT / "terraform/lambda.tf").read_text("utf-8")
    variables = (ROOT / "terraform/variables.tf").read_text("utf-8")
    texts = [
        ROOT / "docs/deploy/terraform.md",
        ROOT / "docs/deploy/lambda.md",
        ROOT / "terraform/examples/service/main.tf",
    ]
    named = {name for path in texts for name in re.findall(r"wicketgate-lambda-\w+\.zip", path.read_text("utf-8"))}

    assert f'"python{tool.PYTHON}"' in module
    assert '"wicketgate.aws_lambda.handler"' in module
    assert f"contains({str(list(tool.ARCHITECTURES)).replace(chr(39), chr(34))}, var.architecture)" in variables
    assert (
        {f"wicketgate-lambda-{name}.zip" for name in tool.ARCHITECTURES} >= named >= {"wicketgate-lambda-arm64.zip"}
    )
