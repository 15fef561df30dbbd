"""The dashboard and the docs speak of the metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric

from wicketgate.watching.instruments import Instruments

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "wicketgate.json").read_text())
WATCHING = (ROOT / "docs" / "watching.md").read_text()
NAME = re.compile(r"\b(?:wicketgate|process)_[a-z_]+")
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
PROCESS = {"process_cpu_seconds_total", "process_resident_memory_bytes"}


def families() -> list[Metric]:
    """Every metric of the code."""
    registry = CollectorRegistry()
    Instruments(registry)
    return list(registry.collect())


def series(metric: Metric) -> set[str]:
    """The names under which a metric can be asked for."""
    return {metric.name + suffix for suffix in SUFFIXES[metric.type]}


def panels() -> list[dict[str, Any]]:
    """Every panel that shows something."""
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def queries() -> list[str]:
    """Every query."""
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def test_the_dashboard_asks_for_what_there_is() -> None:
    """Each query names series that exist."""
    known = set().union(*map(series, families())) | PROCESS

    asked = {name for query in queries() for name in NAME.findall(query)}

    assert asked - known == set()


def test_the_dashboard_shows_every_metric() -> None:
    """Each metric of the code is in a panel."""
    asked = {name for query in queries() for name in NAME.findall(query)}

    assert [metric.name for metric in families() if not series(metric) & asked] == []


def test_labels_in_queries_exist() -> None:
    """What a query groups by or selects is a label of one of its metrics, or one that Prometheus adds."""
    labels = {name: set(metric._labelnames) for name, metric in named_instruments().items()}

    for query in queries():
        known = {"job", "instance", "le"}.union(*(labels.get(name, set()) for name in base_names(query)))
        grouped = {label for group in re.findall(r"by \(([^)]*)\)", query) for label in group.split(", ")}
        selected = set(re.findall(r"[{ ]([a-z]+)(?:=|!=|=~)\"", query))
        assert grouped | selected <= known, query


def named_instruments() -> dict[str, Any]:
    """The library's own objects by the metric's name."""
    registry = CollectorRegistry()
    Instruments(registry)
    return {collector._name: collector for collector in registry._collector_to_names}  # type: ignore[attr-defined]


def base_names(query: str) -> set[str]:
    """The metrics of a query without what is added for counters and histograms."""
    return {re.sub("_(total|bucket|count|sum)$", "", name) for name in NAME.findall(query)}


def test_panels_do_not_cover_each_other() -> None:
    """Each panel has its number, its place of its own within the grid, and balanced queries."""
    cells = [
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert all(query.count(left) == query.count(right) for query in queries() for left, right in ("()", "{}", "[]"))


def test_the_docs_list_every_metric() -> None:
    """The table in docs/watching.md has each metric with its labels, and no other."""
    rows = re.findall(r"(?m)^\| (`wicketgate_[^|]*)\|([^|]*)\|", WATCHING)
    listed = {name: set(re.findall(r"`([a-z]+)`", labels)) for names, labels in rows for name in NAME.findall(names)}

    shown = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name: metric.name for metric in families()
    }

    assert set(listed) == set(shown)
    instruments = named_instruments()
    for name, base in shown.items():
        assert listed[name] >= set(instruments[base]._labelnames), name


def test_rules_in_the_docs_ask_for_what_there_is() -> None:
    """Whatever else the page says of metrics exists."""
    known = set().union(*map(series, families())) | {metric.name for metric in families()} | PROCESS

    assert set(NAME.findall(WATCHING)) - known == set()
