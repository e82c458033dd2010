"""The ids that a file had so far, kept on disk while the file is only being checked."""

from __future__ import annotations

import sqlite3


class Seen:
    """Id -> its content and line; a million of them cost no memory."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("", isolation_level=None)
        self.base.execute("PRAGMA journal_mode=OFF")
        self.base.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, hash TEXT, line INTEGER) WITHOUT ROWID")

    def close(self) -> None:
        """Forget everything."""
        self.base.close()

    def first(self, external_id: str, content_hash: str, line: int) -> tuple[str, int] | None:
        """Content and line of the id's first row; None when this is the first."""
        added = self.base.execute(
            "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (external_id, content_hash, line)
        ).rowcount
        if added:
            return None
        found = self.base.execute("SELECT hash, line FROM seen WHERE id = ?", (external_id,)).fetchone()
        return str(found[0]), int(found[1])
