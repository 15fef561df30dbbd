"""What it takes to import, to start and to be there."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench import machine, servers
from bench.plan import Plan
from bench.results import Row, middle, ratios
from bench.rivals import environment
from bench.servers import ROOT, Server, clean_environment

_SECTION = "Import and start"


@dataclass(slots=True)
class Start:
    """One way to start: how, and what each round took."""

    name: str
    server: Callable[..., Server]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    imports: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def time(self) -> None:
        """Starts it until it answers, and once more to see what its imports take."""
        with self.server() as server:
            self.wall.append((time.perf_counter() - server.started) * 1000)
            self.cpu.append(server.cpu * 1000)
            self.memory.append(server.memory)
        with self.server("-X", "importtime") as server:
            pass
        self.imports.append(_total(server.output()))

    def rows(self) -> list[Row]:
        """What it took."""
        return [
            Row(_SECTION, f"{self.name}: start to first answer", middle(self.wall).value, "ms"),
            Row(_SECTION, f"{self.name}: processor time of it", middle(self.cpu).value, "ms"),
            Row(_SECTION, f"{self.name}: its imports (-X importtime)", middle(self.imports).value, "ms"),
            Row(_SECTION, f"{self.name}: memory at first answer", middle(self.memory).value, "MB"),
        ]


def measured(plan: Plan, on_sqlite: Mapping[str, str], on_dynamodb: Mapping[str, str]) -> list[Row]:
    """The service on both stores, each beside its rival."""
    starts = [
        _ours("SQLite", on_sqlite),
        _rival("SQLite", "on_sqlite", on_sqlite),
        _ours("DynamoDB", on_dynamodb),
        _rival("DynamoDB", "on_dynamodb", on_dynamodb),
    ]
    for start in starts:
        with start.server():
            pass  # makes the bytecode
        with start.server("-X", "importtime"):
            pass
    package: list[float] = []
    for _ in range(plan.start_rounds):
        package.append(_import_time("import wicketgate"))
        for start in starts:
            start.time()
    sqlite, rival_sqlite, dynamodb, rival_dynamodb = starts
    return [
        Row(_SECTION, "`import wicketgate` (-X importtime)", middle(package).value, "ms"),
        *(row for start in starts for row in start.rows()),
        _ratio("SQLite", sqlite, rival_sqlite),
        _ratio("DynamoDB", dynamodb, rival_dynamodb),
    ]


def _ours(store: str, settings: Mapping[str, str]) -> Start:
    return Start(store, lambda *flags: servers.wicketgate(settings, machine.server_core(), *flags))


def _rival(store: str, module: str, settings: Mapping[str, str]) -> Start:
    python, app, core = environment.python(), f"bench.rivals.{module}:app", machine.server_core()
    return Start(f"rival on {store}", lambda *flags: servers.uvicorn(python, app, settings, core, *flags))


def _ratio(store: str, ours: Start, other: Start) -> Row:
    found = ratios(ours.cpu, other.cpu)
    return Row(
        _SECTION,
        f"{store}: processor time to first answer ÷ the rival's",
        found.value,
        low=found.low,
        high=found.high,
    )


def _import_time(statement: str) -> float:
    command = [sys.executable, "-X", "importtime", "-c", statement]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment({}), capture_output=True, text=True, check=True)
    return _total(done.stderr)


def _total(report: str) -> float:
    """Milliseconds of all imports, the interpreter's own included."""
    lines: Sequence[str] = [line for line in report.splitlines() if line.startswith("import time:") and "|" in line]
    own = [line.removeprefix("import time:").partition("|")[0].strip() for line in lines]
    return sum(int(text) for text in own if text.isdigit()) / 1000
