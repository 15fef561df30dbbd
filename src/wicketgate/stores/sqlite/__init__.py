"""The store on one SQLite file: durable, and safe for several processes of one machine."""

from wicketgate.stores.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
