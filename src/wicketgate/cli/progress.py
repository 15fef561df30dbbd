"""How a long run is told of: a line that keeps changing on a terminal, problems as they come, a closing report."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final, TextIO

from wicketgate.moving.report import Problem, Report

_EVERY: Final = 0.2
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """The line on a terminal, and nothing of it elsewhere. Problems are told in both."""

    def __init__(self, stream: TextIO, timer: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._timer = timer
        self._live = stream.isatty()
        self._began = self._last = timer()

    def show(self, report: Report) -> None:
        """Says how far it is, a few times a second."""
        now = self._timer()
        if self._live and now - self._last >= _EVERY:
            self._last = now
            rate = report.rows / (now - self._began)
            self._stream.write(f"{_CLEAR}{report.rows:,} rows, {rate:,.0f} a second")
            self._stream.flush()

    def tell(self, problem: Problem) -> None:
        """Says what is wrong with one row."""
        self.clear()
        print(f"{problem.where}: {problem.reason}", file=self._stream)

    def clear(self) -> None:
        """Takes the line away."""
        if self._live:
            self._stream.write(_CLEAR)


def followed(progress: Progress) -> Report:
    """An empty report whose growth is shown."""
    return Report(tell=progress.tell, done=progress.show)


def close(report: Report, labels: Mapping[str, str], heading: str, *, as_json: bool, dry_run: bool) -> int:
    """Prints what came of a run. Exit code 1 when a row did not come along."""
    if as_json:
        print(json.dumps({"dryRun": dry_run, **report.as_json()}, indent=2))
    else:
        print(f"{heading}{', if this were no dry run' if dry_run else ''}:")
        for name, label in labels.items():
            print(f"  {getattr(report, name):>9,}  {label}")
        _more(report)
    sys.stdout.flush()
    return 0 if report.clean else 1


def _more(report: Report) -> None:
    for what, count in report.notes.items():
        print(f"  {count:>9,}  {what}")
    for kind, count in report.no_users.items():
        print(f"  {count:>9,}  no users, passed over: {kind}")
    for name, count in report.left_behind.items():
        print(f"  {count:>9,}  users whose {name} stayed behind")
