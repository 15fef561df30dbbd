"""What one run has seen before, in bounded memory however much that is."""

from __future__ import annotations

import hashlib
import sqlite3


class Seen:
    """Names and where each was first. Kept in a temporary file as hashes; it goes with the process."""

    def __init__(self) -> None:
        # An empty name is a private file that SQLite makes, and removes before anyone can look into it.
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("CREATE TABLE seen (name BLOB PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._kept.execute("BEGIN")

    def before(self, name: str, place: str) -> str | None:
        """Where a name was first, None if that is here."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:16]
        added = self._kept.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (digest, place))
        if added.rowcount:
            return None
        found: str = self._kept.execute("SELECT place FROM seen WHERE name = ?", (digest,)).fetchone()[0]
        return found

    def close(self) -> None:
        """Forgets everything."""
        self._kept.close()
