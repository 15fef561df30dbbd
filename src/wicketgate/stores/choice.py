"""Which store the settings name. Each is imported only when it is the one, so that a start pays for no other."""

from __future__ import annotations

from pathlib import Path

from wicketgate.core.ports import Store
from wicketgate.settings import Settings


def open_store(settings: Settings) -> Store:
    """DynamoDB when a table is named, else SQLite. Nothing is touched before the first call."""
    if settings.dynamodb_table_name:
        from wicketgate.stores.dynamodb import DynamoDBStore

        return DynamoDBStore(
            settings.dynamodb_table_name, settings.aws_region, endpoint=settings.aws_endpoint_url_dynamodb
        )
    from wicketgate.stores.sqlite import SqliteStore

    return SqliteStore(Path(settings.sqlite_path))
