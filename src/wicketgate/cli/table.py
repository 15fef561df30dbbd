"""`wicketgate table`."""

from __future__ import annotations

import argparse
import asyncio

from wicketgate.settings import Settings
from wicketgate.stores.choice import open_store


def create(_: argparse.Namespace) -> int:
    """Makes the table."""
    return asyncio.run(_create(Settings.from_env()))


def check(_: argparse.Namespace) -> int:
    """Compares the table with what it must be."""
    return asyncio.run(_check(Settings.from_env()))


def place(settings: Settings) -> str:
    """Where users are kept, in words."""
    if not settings.dynamodb_table_name:
        return f"the SQLite file {settings.sqlite_path}"
    elsewhere = f" at {settings.aws_endpoint_url_dynamodb}" if settings.aws_endpoint_url_dynamodb else ""
    return f"the DynamoDB table {settings.dynamodb_table_name} in {settings.aws_region}{elsewhere}"


async def _create(settings: Settings) -> int:
    store = open_store(settings)
    try:
        made = await store.create_table()
    finally:
        await store.close()
    print(f"Made {place(settings)}" if made else f"{_capital(place(settings))} is there already, and fits")
    return 0


async def _check(settings: Settings) -> int:
    store = open_store(settings)
    try:
        await store.check()
    finally:
        await store.close()
    print(f"{_capital(place(settings))} fits")
    return 0


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
