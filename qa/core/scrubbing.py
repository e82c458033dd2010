"""Rewriting the files of the database, so that nothing is left in them of what was taken out of its rows.

SQLite's `secure_delete`, which is on, zeroes what a row held where it was deleted, and costs next to nothing. It is not
enough: pages that were split or joined before keep copies of rows in their free space. Of 200 emptied rows of a table
that had grown and changed, 3 to 7 could be read in the file after a checkpoint, and none after VACUUM (SQLite 3.40).
An incremental vacuum moves whole pages, free space included, so it does not help either. VACUUM it is: for a million
cases (0.95 GB) 8 s of work, during which nobody can save; so it runs once for all that is taken out together.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from sqlalchemy import text

from qa.core.db import db, is_sqlite
from qa.core.one_writer import alone

#: How long readers that still stand on the old state are waited for.
TRIES, PAUSE = 40, 0.25
#: PostgreSQL's word for what only the server's owner may do.
NOT_ALLOWED = "42501"
_CHANGED = text("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_upd + n_tup_del > 0")


def changed_here() -> set[str]:
    """The tables of which the present transaction changed or deleted rows, as PostgreSQL counts them; on SQLite, which
    keeps all of them in one file, none."""
    db.session.flush()
    return set() if is_sqlite() else set(db.session.scalars(_CHANGED))


def scrub(tables: Collection[str]) -> dict[str, str]:
    """Write the files anew that hold *tables*, and empty the log; what was reached, in words.

    SQLite: the whole file and its write-ahead log, in this process alone. PostgreSQL: the files of these tables, their
    indexes and statistics; its log, its replicas and whatever was copied elsewhere cannot be reached from here. Never
    inside a transaction.
    """
    db.session.rollback()
    return _sqlite() if is_sqlite() else _postgresql(tables)


def _sqlite() -> dict[str, str]:
    with alone():
        connection = db.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            driver.execute("PRAGMA query_only=OFF")
            driver.execute("VACUUM")
            for _turn in range(TRIES):
                busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                if not busy:
                    return {"database": "written anew", "log": "emptied"}
                time.sleep(PAUSE)
        finally:
            connection.close()
    return {"database": "written anew", "log": "still read by somebody: repeat it when they are done"}


def _postgresql(tables: Collection[str]) -> dict[str, str]:
    connection = db.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.autocommit = True
        said = {"database": "tables written anew", "log": "out of reach: it is overwritten as the server goes on"}
        for name in sorted(tables):
            driver.execute(f'VACUUM (FULL, ANALYZE) "{name}"')
        try:
            # Samples of values, and the files of the old tables, which the server lets go at a checkpoint.
            driver.execute("VACUUM FULL pg_catalog.pg_statistic")
            driver.execute("CHECKPOINT")
        except Exception as error:
            if getattr(error, "sqlstate", None) != NOT_ALLOWED:
                raise
            said["statistics"] = "not ours to write anew: ask whoever runs the server for a CHECKPOINT"
        return said
    finally:
        driver.autocommit = False
        connection.close()
