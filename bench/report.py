"""The table, as Markdown and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from bench.results import Row
from bench.units import DOLLARS_PER_MILLION_READS, DOLLARS_PER_MILLION_WRITES, Operation

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found."""

    machine: dict[str, str]
    rows: list[Row]
    operations: list[Operation]


def write(found: Report) -> None:
    """Writes RESULTS.md and results.json beside this file."""
    said = ", ".join(f"{name} {value}" for name, value in found.machine.items())
    title = "# Results of the last run\n\nMade by `make bench`; README.md says what each line means.\n"
    (_HERE / "RESULTS.md").write_text(f"{title}\n{said}\n\n{table(found)}\n")
    whole = {
        "machine": found.machine,
        "rows": [{**_plain(row), "met": row.met} for row in found.rows],
        "operations": [{**asdict(one), "dollars_per_million": one.dollars_per_million} for one in found.operations],
    }
    (_HERE / "results.json").write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n")


def table(found: Report) -> str:
    """All rows, and the operations on DynamoDB with their prices."""
    lines = ["| what | value | target | | quartiles | more |", "| --- | ---: | --- | --- | --- | --- |"]
    for section, rows in groupby(found.rows, lambda row: row.section):
        lines.append(f"| **{section}** | | | | | |")
        lines += [_line(row) for row in rows]
    return "\n".join([*lines, "", *_prices(found.operations)])


def _line(row: Row) -> str:
    target = f"{row.goal.value} {row.target:g}" if row.goal else ""
    verdict = {True: "met", False: "**missed**", None: ""}[row.met]
    spread = f"{_number(row.low)} to {_number(row.high)}" if row.low is not None and row.high is not None else ""
    return f"| {row.what} | {_number(row.value)} {row.unit} | {target} | {verdict} | {spread} | {row.note} |"


def _prices(operations: list[Operation]) -> list[str]:
    return [
        f"Request units on DynamoDB, and dollars for a million at {DOLLARS_PER_MILLION_READS} a million reads and "
        f"{DOLLARS_PER_MILLION_WRITES} a million writes:",
        "",
        "| operation | read units | write units | the least | a million | |",
        "| --- | ---: | ---: | --- | ---: | --- |",
        *(
            f"| {one.name} | {one.reads:g} | {one.writes:g} | {one.least_reads:g} + {one.least_writes:g} "
            f"| ${one.dollars_per_million:.3f} | {one.why} |"
            for one in operations
        ),
    ]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _plain(row: Row) -> dict[str, object]:
    return {**asdict(row), "goal": row.goal.value if row.goal else None}
