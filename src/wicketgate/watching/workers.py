"""What several processes counted, as if they were one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

_LEVELS = re.compile(r"gauge_live[a-z]+_(\d+)\.db")


def all_workers(folder: Path) -> CollectorRegistry:
    """The sum of what the processes that use this folder counted, and the memory and time of each that lives."""
    registry = CollectorRegistry()
    registry.register(Workers(folder))
    return registry


class Workers(Collector):
    """Counters of all there ever were, levels and process information of those that live."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sums = MultiProcessCollector(None, str(folder))

    def collect(self) -> Iterable[Metric]:
        """The metrics as they are now."""
        living = list(self._living())
        yield from self._sums.collect()
        yield from _joined(living)

    def _living(self) -> Iterator[int]:
        """Who lives. Of a worker that was killed nobody waits or runs any more, so its levels are forgotten."""
        for pid in {int(found[1]) for file in self._folder.iterdir() if (found := _LEVELS.fullmatch(file.name))}:
            if _lives(pid):
                yield pid
            else:
                mark_process_dead(pid, str(self._folder))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's by now; it is a process all the same
    return True


def _joined(pids: Iterable[int]) -> Iterable[Metric]:
    """Each process's own metrics, told apart by a label."""
    found: dict[str, Metric] = {}
    for pid in pids:
        for metric in _of_process(pid):
            whole = found.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
            for sample in metric.samples:
                whole.add_sample(sample.name, {**sample.labels, "pid": str(pid)}, sample.value)
    return found.values()


def _of_process(pid: int) -> Iterable[Metric]:
    return ProcessCollector(pid=lambda: pid, registry=None).collect()
