"""An hour of mixed load on the real service with faults injected: `python -m tests.soak --minutes 60`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.run import SHORT, Plan, lasting, soak
from tests.soak.verdict import Verdict


def main() -> int:
    """Prints what was found. Returns 1 if any of it will not do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="0 for half a minute")
    parser.add_argument("--folder", type=Path, help="where files and logs go and stay; else they are removed")
    chosen = parser.parse_args()
    plan = lasting(chosen.minutes) if chosen.minutes else SHORT
    with TemporaryDirectory(prefix="wicketgate-soak-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        verdict = asyncio.run(_until_told(plan, folder))
    print(verdict)
    return 0 if verdict.good else 1


async def _until_told(plan: Plan, folder: Path) -> Verdict:
    """Runs it. SIGTERM and Ctrl-C end it with everything that it has started."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await soak(plan, folder)


if __name__ == "__main__":
    sys.exit(main())
