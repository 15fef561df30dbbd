"""`python -m bench`: runs everything, prints the table and writes it down. `--quick` takes a minute and says less."""

from __future__ import annotations

import argparse
import os
import sys
import time

import uvloop

from bench import layers, login_layers, logins, machine, reads, report, starts, stores, units
from bench.plan import FULL, QUICK, Plan
from bench.results import Row


def main() -> int:
    """Runs the bench. Returns 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what Wicketgate costs.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds; writes no file")
    chosen = parser.parse_args()
    began = time.monotonic()
    found = _everything(QUICK if chosen.quick else FULL)
    print(report.table(found))
    if not chosen.quick:
        report.write(found)
    print(f"\n{time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if all(row.met is not False for row in found.rows) else 1


def _everything(plan: Plan) -> report.Report:
    rows: list[Row] = []
    described = machine.described()
    local = stores.DynamoDBLocal()
    os.sched_setaffinity(0, machine.client_core())
    try:
        with stores.on_sqlite() as on_sqlite:
            _say("session reads on SQLite")
            rows += uvloop.run(reads.on_sqlite(plan, on_sqlite))
        _say("session reads on DynamoDB Local")
        local.keep_on(machine.other_cores())
        rows += uvloop.run(reads.on_dynamodb(plan, local.new_table()))
        with stores.on_sqlite() as on_sqlite:
            _say("logins on SQLite, and reads beside them")
            rows += uvloop.run(logins.measured("SQLite", plan, on_sqlite))
        _say("logins on DynamoDB Local")
        local.keep_on(machine.client_core())
        rows += uvloop.run(logins.measured("DynamoDB", plan, local.new_table()))
        _say("request units, layers, starts")
        operations = uvloop.run(units.measured(local.endpoint))
        with stores.on_sqlite() as on_sqlite:
            rows += uvloop.run(layers.on_sqlite(on_sqlite))
            rows += uvloop.run(layers.on_dynamodb(local.new_table()))
            rows += uvloop.run(login_layers.measured("SQLite", on_sqlite))
            rows += uvloop.run(login_layers.measured("DynamoDB", local.new_table()))
            rows += starts.measured(plan, on_sqlite, local.new_table())
    finally:
        local.stop()
    return report.Report(described, rows, operations)


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
