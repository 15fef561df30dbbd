"""`python -m tests.fuzz`: lets a fuzzer look for inputs that break a promise, a while for each target.

The fuzzer, atheris, lives in an environment of its own in `.cache/`, as it is not there for every Python and system.
What it learns stays there. An input that broke something lies beside it in `broken/`, and belongs into `corpus/`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".cache" / "fuzz"
ATHERIS = "atheris==3.0.0"
LONGEST = 70_000
SLOW_SECONDS = 5


def main() -> int:
    """Runs the chosen targets, all by default. Returns 1 if one found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz what reads bytes from elsewhere.")
    parser.add_argument("targets", nargs="*", help="names of targets, all by default")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    chosen = parser.parse_args()
    python = _python()
    names = chosen.targets or list(TARGETS)
    return max(_fuzzed(python, name, chosen.seconds) for name in names)


def _python() -> Path:
    """The interpreter of the fuzzer's environment, made when it is first needed."""
    home = HOME / "venv"
    python = home / "bin" / "python"
    if not (home / ATHERIS).exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ATHERIS], check=True)
        (home / ATHERIS).touch()
    return python


def _fuzzed(python: Path, name: str, seconds: int) -> int:
    corpus, broken = HOME / name / "corpus", HOME / name / "broken"
    for folder in (corpus, broken):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW_SECONDS}"]
    options += [f"-artifact_prefix={broken}/", "-print_final_stats=1", str(corpus)]
    known = ROOT / "tests" / "fuzz" / "corpus" / name
    options += [str(known)] if known.exists() else []
    libraries = os.pathsep.join([str(ROOT), str(ROOT / "src"), sysconfig.get_path("purelib")])
    run = subprocess.run(
        [python, "-m", "tests.fuzz.guided", name, *options],
        env={**os.environ, "PYTHONPATH": libraries},
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
    )
    tries = re.search(r"stat::number_of_executed_units: *(\d+)", run.stderr)
    print(f"{name}: {tries[1] if tries else 'no'} inputs, {'nothing found' if run.returncode == 0 else 'BROKEN'}")
    if run.returncode != 0:
        print(run.stdout[-3000:], run.stderr[-3000:], sep="\n")
    sys.stdout.flush()
    return int(run.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
