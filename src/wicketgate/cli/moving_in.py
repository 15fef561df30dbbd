"""`wicketgate users import` and `wicketgate table adopt`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from wicketgate import email_syntax
from wicketgate.cli.progress import Progress, close, followed
from wicketgate.cli.table import place
from wicketgate.core.clock import iso, system_clock
from wicketgate.core.errors import ConfigurationError, StoreUnavailable, Unavailable
from wicketgate.moving import files, tables
from wicketgate.moving.adoption import Adoption
from wicketgate.moving.columns import Rules
from wicketgate.moving.importing import Importer
from wicketgate.moving.report import Report
from wicketgate.moving.rows import Source
from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store

_IMPORTED: Final = {
    "created": "created",
    "unchanged": "there already, and the same",
    "differing": "there already with other values, left as they are",
    "conflicts": "conflicts",
    "bad": "bad rows",
}
_ADOPTED: Final = {
    "created": "address items written",
    "unchanged": "users who had theirs already",
    "conflicts": "conflicts",
    "bad": "items left alone, as they break a rule",
}


def import_users(chosen: argparse.Namespace) -> int:
    """Brings users along from a file or another program's table."""
    return asyncio.run(_import(Settings.from_env(), chosen))


def adopt(chosen: argparse.Namespace) -> int:
    """Writes the address items that a table filled by other code lacks."""
    return asyncio.run(_adopt(Settings.from_env(), chosen))


async def _import(settings: Settings, chosen: argparse.Namespace) -> int:
    rules = Rules(
        email_syntax.normalised,
        now=iso(system_clock()),
        own_token_prefix=f"{settings.api_token_prefix}_",
        keep_ids=chosen.keep_ids,
        ignored=frozenset(chosen.ignore),
    )
    progress = Progress(sys.stderr)
    report = followed(progress)
    store = open_store(settings)
    try:
        await store.check()
        async with _source(settings, chosen) as source:
            importer = Importer(store, rules, report, dry_run=chosen.dry_run)
            await _to_the_end(lambda: importer.run(source), progress, report)
    finally:
        await store.close()
    heading = f"Import into {place(settings)}"
    return close(report, _IMPORTED, heading, as_json=chosen.json, dry_run=chosen.dry_run)


@asynccontextmanager
async def _source(settings: Settings, chosen: argparse.Namespace) -> AsyncIterator[Source]:
    given = [name for name in (chosen.file, chosen.from_guide, chosen.from_authjs) if name is not None]
    if len(given) != 1:
        raise ConfigurationError("say one source: a file, - for standard input, --from-guide or --from-authjs")
    if chosen.file == "-":
        yield files.rows_of(sys.stdin.buffer, chosen.format, chosen.ignore)  # type: ignore[arg-type]
    elif chosen.file is not None:
        try:
            stream = Path(chosen.file).open("rb")  # noqa: ASYNC230, SIM115  # one file, and nothing else to do yet
        except OSError as error:
            raise ConfigurationError(f"cannot read {chosen.file}: {error.strerror}") from None
        with stream:
            yield files.rows_of(stream, chosen.format, chosen.ignore)
    else:
        async with _table(settings, chosen, given[0]) as source:
            yield source


@asynccontextmanager
async def _table(settings: Settings, chosen: argparse.Namespace, name: str) -> AsyncIterator[Source]:
    from wicketgate.stores.dynamodb.scanning import scanned

    endpoint = chosen.endpoint or settings.aws_endpoint_url_dynamodb
    table = scanned(name, chosen.region or settings.aws_region, endpoint)
    try:
        yield tables.rows_of(table.page, tables.from_guide if chosen.from_guide else tables.from_authjs)
    finally:
        await table.close()


async def _adopt(settings: Settings, chosen: argparse.Namespace) -> int:
    if not settings.dynamodb_table_name:
        raise ConfigurationError("there is a table to adopt in DynamoDB only; set DYNAMODB_TABLE_NAME")
    from wicketgate.stores.dynamodb.adoption import adopted, kind_of_ours

    store = open_store(settings)
    try:
        await store.check()
    finally:
        await store.close()
    progress = Progress(sys.stderr)
    report = followed(progress)
    table = adopted(settings.dynamodb_table_name, settings.aws_region, settings.aws_endpoint_url_dynamodb)
    adoption = Adoption(
        table,
        kind_of_ours,
        email_syntax.normalised,
        report,
        dry_run=chosen.dry_run,
        rewrite=chosen.rewrite_addresses,
    )
    try:
        await _to_the_end(adoption.run, progress, report)
    finally:
        await table.close()
    heading = f"Adoption of {place(settings)}"
    return close(report, _ADOPTED, heading, as_json=chosen.json, dry_run=chosen.dry_run)


async def _to_the_end(run: Callable[[], Awaitable[None]], progress: Progress, report: Report) -> None:
    try:
        await run()
    except Unavailable as error:
        raise StoreUnavailable(f"{error} (stopped after {report.rows:,} rows; run it again to go on)") from error
    finally:
        progress.clear()
