"""How Alembic reaches the app's database: one connection, the app's own metadata, batches on SQLite."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from qa.core.columns import Moment
from qa.core.db import db

#: Any number that no other advisory lock of ours has.
_MIGRATION_LOCK = 7_266_002


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One migration at a time, however many processes start at once."""
    path = current_app.config["WRITE_LOCK_PATH"]
    if path is None:
        connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        yield
        return
    with open(path, "a", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        yield


def _plain_moments(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration stands by itself: it must run the same when our own types have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run_migrations() -> None:
    """Run what Alembic asks for."""
    with db.engine.connect() as connection, connection.begin() as transaction, _alone(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_plain_moments,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        transaction.commit()


run_migrations()
