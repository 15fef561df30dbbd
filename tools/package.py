"""Makes the packages for AWS Lambda, dist/wicketgate-lambda-arm64.zip and -x86_64.zip: `python tools/package.py`.

Published wheels with the hashes of requirements.lock, our own wheel with the browser pages, and bytecode; nothing is
compiled, so that any machine makes both. The same sources make the same bytes.
"""

from __future__ import annotations

import argparse
import email.parser
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYTHON = "3.13"
"""Of Lambda's runtime; terraform/lambda.tf names the same."""

ARCHITECTURES = {"arm64": "aarch64", "x86_64": "x86_64"}
MOST_MEGABYTES = 30
_TAG = f"cp{PYTHON.replace('.', '')}"
# The runtime's system is Amazon Linux 2023 with glibc 2.34. A wheel for an older one does.
_GLIBC = range(34, 16, -1)
_PLACE = "/var/task"

# A function is handed its requests, has no SQLite, no .env, and asks no name server about addresses of people. What
# only these need goes with them.
LEFT_OUT = frozenset({"apsw", "dnspython", "python-dotenv", "uvicorn", "uvloop"})
_NEEDLESS_ENDS = (".pyi", ".pyx", ".pxd", ".c", ".h", ".hpp", ".cpp", ".rst", ".pyc")
_NEEDLESS_FOLDERS = frozenset({"tests", "test", "testing", "__pycache__"})
# Of what describes a package, the name, the version and the licence are needed.
_NEEDLESS_RECORDS = frozenset({"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "entry_points.txt", "top_level.txt"})


class PackagingError(RuntimeError):
    """The package could not be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel's file, and what its metadata say."""

    path: Path
    name: str
    requires: tuple[Requirement, ...]
    extras: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path) -> Wheel:
        """The wheel in this file."""
        with zipfile.ZipFile(path) as archive:
            entry = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            metadata = email.parser.Parser().parsestr(archive.read(entry).decode())
        requires = tuple(Requirement(line) for line in metadata.get_all("Requires-Dist", []))
        extras = frozenset(metadata.get_all("Provides-Extra", []))
        return cls(path, canonicalize_name(metadata["Name"]), requires, extras)


def environment(machine: str) -> dict[str, str]:
    """What requirements' markers are held against: the function's Python, whatever runs this."""
    return {
        "extra": "",
        "implementation_name": "cpython",
        "implementation_version": f"{PYTHON}.0",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{PYTHON}.0",
        "python_version": PYTHON,
        "sys_platform": "linux",
    }


def locked(text: str, machine: str) -> str:
    """Those entries of a lock file that hold on the function's Python, with their hashes, less what is left out.

    pip would hold markers against the Python that it runs on.
    """
    kept = []
    for entry in text.replace("\\\n", " ").splitlines():
        wanted, *hashes = entry.split(" --hash=")
        if not wanted.strip() or wanted.startswith("#"):
            continue
        requirement = Requirement(wanted.strip())
        holds = requirement.marker is None or requirement.marker.evaluate(environment(machine))
        if holds and canonicalize_name(requirement.name) not in LEFT_OUT:
            requirement.marker = None
            kept.append(" ".join([str(requirement), *(f"--hash={value.strip()}" for value in hashes)]))
    return "\n".join(kept) + "\n"


def needed(wheels: Iterable[Wheel], machine: str, extras: Sequence[str] = ()) -> tuple[list[Wheel], list[str]]:
    """Of these wheels ours and what it needs, directly or not, by name; and the names of what is missing."""
    known = {wheel.name: wheel for wheel in wheels}
    found: set[str] = set()
    waiting = ["wicketgate"]
    while waiting:
        name = waiting.pop()
        if name in found or name in LEFT_OUT:
            continue
        found.add(name)
        if name in known:
            waiting += _required(known[name], machine, extras if name == "wicketgate" else ())
    return [known[name] for name in sorted(found) if name in known], sorted(found - known.keys())


def _required(wheel: Wheel, machine: str, extras: Sequence[str]) -> Iterator[str]:
    for requirement in wheel.requires:
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**environment(machine), "extra": extra}) for extra in ("", *extras)
        ):
            yield canonicalize_name(requirement.name)


def useful(entry: str) -> bool:
    """Whether a file of a wheel does anything in a function."""
    path = PurePosixPath(entry)
    if path.parts[0].endswith(".dist-info"):
        return path.name not in _NEEDLESS_RECORDS
    return not (
        entry.endswith(("/", *_NEEDLESS_ENDS))
        or path.name in (".built-from", "py.typed")
        or path.parts[0].endswith(".data")
        or _NEEDLESS_FOLDERS.intersection(path.parts[:-1])
    )


def unpack(wheels: Iterable[Wheel], folder: Path) -> None:
    """Lays the useful files of wheels into one folder."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel.path) as archive:
            for entry in archive.namelist():
                if useful(entry):
                    archive.extract(entry, folder)


def python() -> str | None:
    """A Python of the function's version on this machine, to make bytecode with."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    own = [shutil.which(f"python{PYTHON}"), *sorted(pyenv.glob(f"versions/{PYTHON}.*/bin/python"), reverse=True)]
    return next((str(found) for found in own if found is not None and _is_it(str(found))), None) or _by_uv()


def _is_it(program: str) -> bool:
    """Whether a program is what its name says: pyenv puts one on the path that may only complain."""
    asked = [program, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return said.returncode == 0 and said.stdout.strip() == PYTHON


def _by_uv() -> str | None:
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if uv is None:
        return None
    asked = [uv, "python", "find", "--no-python-downloads", PYTHON]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    found = said.stdout.strip()
    return found if said.returncode == 0 and _is_it(found) else None


def compile_all(folder: Path, program: str) -> None:
    """Puts bytecode beside every module, which is taken for good without a look at the module's date.

    The runtime cannot write any: its code lies in a read-only place.
    """
    options = ["-q", "-f", "-j", "1", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _PLACE]
    # What a frozen set is written as hangs on the hashes of its strings.
    fixed = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    _run([program, "-I", "-m", "compileall", *options, str(folder)], "The bytecode could not be made", fixed)


def write_zip(folder: Path, target: Path) -> None:
    """Packs a folder. Names are sorted, dates and rights fixed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    draft.replace(target)


def own_wheel(folder: Path) -> Wheel:
    """Our own wheel; building it builds the pages, if they are older than their sources."""
    command = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    _run([*_PIP, *command], "Our own wheel could not be built")
    wheel = Wheel.read(next(folder.glob("wicketgate-*.whl")))
    with zipfile.ZipFile(wheel.path) as archive:
        if "wicketgate/web/static/manifest.json" not in archive.namelist():
            raise PackagingError("The pages are missing: build without WICKETGATE_SKIP_PAGES")
    return wheel


def gathered(own: Wheel, machine: str, extras: Sequence[str], folder: Path) -> list[Wheel]:
    """Our wheel and all that it needs. Raises PackagingError.

    What only extras need is locked for development.
    """
    lock, more = ((ROOT / name).read_text("utf-8") for name in ("requirements.lock", "requirements-dev.lock"))
    wheels = [own, *download(folder / "locked", machine, locked(lock, machine))]
    while True:
        found, missing = needed(wheels, machine, extras)
        if not missing:
            return found
        entries = [entry for entry in locked(more, machine).splitlines() if entry.partition("==")[0] in missing]
        if len(entries) < len(missing):
            raise PackagingError(f"The lock files lack some of {', '.join(missing)}; `make lock` mends it")
        wheels += download(folder / "-".join(missing), machine, "\n".join(entries))


def download(folder: Path, machine: str, requirements: str) -> list[Wheel]:
    """The wheels for the function's Python on a machine."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "requirements.txt"
    wanted.write_text(requirements, "utf-8")
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC] + [f"manylinux2014_{machine}"]
    target = ["--only-binary", ":all:", "--python-version", PYTHON, "--implementation", "cp", "--abi", _TAG]
    target += ["--abi", "abi3", "--abi", "none", *(part for name in platforms for part in ("--platform", name))]
    command = ["download", "--quiet", "--no-deps", "--require-hashes", "--dest", str(folder), *target]
    _run([*_PIP, *command, "-r", str(wanted)], "The wheels could not be had")
    return [Wheel.read(path) for path in sorted(folder.glob("*.whl"))]


_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def _run(command: Sequence[str], trouble: str, env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)  # noqa: S603
    if done.returncode != 0:
        raise PackagingError(f"{trouble}:\n{done.stdout}{done.stderr}")


def make(architecture: str, own: Wheel, chosen: argparse.Namespace, program: str | None) -> Path:
    """Makes one package, and says how large it became. Raises PackagingError."""
    machine = ARCHITECTURES[architecture]
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        unpack(gathered(own, machine, chosen.extras, Path(scratch, "wheels")), tree)
        if program is not None:
            compile_all(tree, program)
        package: Path = chosen.to / f"wicketgate-lambda-{architecture}.zip"
        write_zip(tree, package)
        unpacked = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file())
    size = package.stat().st_size
    print(f"{package}: {size / 1e6:.1f} MB, unpacked {unpacked / 1e6:.1f} MB")
    if size > MOST_MEGABYTES * 1e6:
        raise PackagingError(f"{package} is larger than {MOST_MEGABYTES} MB")
    return package


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    """Makes the packages; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make the packages for AWS Lambda.")
    parser.add_argument("--to", type=Path, default=Path("dist"), help="the folder to write to (dist)")
    parser.add_argument("--for", dest="only", choices=ARCHITECTURES, help="one processor instead of both")
    parser.add_argument("--extras", nargs="*", default=[], metavar="EXTRA", help="such as argon2")
    chosen = parser.parse_args(arguments)
    program = python()
    if program is None:
        print(
            f"There is no Python {PYTHON} on this machine, so the packages have no bytecode and start most of a "
            f"second later. `uv python install {PYTHON}` gets one.",
            file=sys.stderr,
        )
    try:
        with tempfile.TemporaryDirectory() as scratch:
            own = own_wheel(Path(scratch))
            if not own.extras.issuperset(chosen.extras):
                raise PackagingError(f"The extras are {', '.join(sorted(own.extras))}")
            for architecture in [chosen.only] if chosen.only else ARCHITECTURES:
                make(architecture, own, chosen, program)
    except PackagingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
