"""Which store the settings name. Each is imported only when it is the one, so that a start pays for no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wicketgate.core.ports import Store
from wicketgate.settings import Settings


def open_store(settings: Settings, count_units: Callable[[str, str, float], None] | None = None) -> Store:
    """DynamoDB when a table is named, else SQLite. Nothing is touched before the first call.

    `count_units` is told of what each call to DynamoDB consumed; while nobody asks, DynamoDB is not asked either.
    """
    if settings.dynamodb_table_name:
        from wicketgate.stores.dynamodb import DynamoDBStore
        from wicketgate.stores.dynamodb.capacity import Meter

        return DynamoDBStore(
            settings.dynamodb_table_name,
            settings.aws_region,
            endpoint=settings.aws_endpoint_url_dynamodb,
            meter=Meter(told=count_units) if count_units is not None else None,
        )
    from wicketgate.stores.sqlite import SqliteStore

    return SqliteStore(Path(settings.sqlite_path))
