"""How columns are declared: type, class of what they hold, and with it how long they are kept."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Index, Integer, String, TypeDecorator, text
from sqlalchemy.orm import MappedColumn, mapped_column

#: Class of a column -> its retention rule.
RETENTION = {
    "evidence": "180 days after the import, unless the holder keeps a masked copy under a rule of its own",
    "outcome": "kept; the person is taken out of it after 13 months",
    "person": "until the person is erased",
    "bookkeeping": "kept",
}


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite knows no offsets: it holds the UTC wall time, and reading gives the offset back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment needs its offset: {value!r}.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: 64-bit keys. SQLite numbers its rows only in a column of plain INTEGER, which there holds 64 bits too.
Key = BigInteger().with_variant(Integer(), "sqlite")


def _column(kind: str, *args: Any, **options: Any) -> MappedColumn[Any]:
    return mapped_column(*args, info={"class": kind}, **options)


def evidence(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column that holds what a case was decided by."""
    return _column("evidence", *args, **options)


def outcome(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column that tells what somebody decided, or how that turned out."""
    return _column("outcome", *args, **options)


def personal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column that holds something about a person."""
    return _column("person", *args, **options)


def keeping(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column of bookkeeping."""
    return _column("bookkeeping", *args, **options)


def refers(target: str, kind: str = "bookkeeping", **options: Any) -> MappedColumn[Any]:
    """A foreign key to *target* ("table.column"), indexed unless said otherwise."""
    options.setdefault("index", True)
    return _column(kind, Key, ForeignKey(target), **options)


def words(name: str, *values: str, kind: str = "bookkeeping", **options: Any) -> MappedColumn[Any]:
    """A text column that takes one of *values*, held by a CHECK named *name* (no enum type of the database's own)."""
    width = max(24, *map(len, values))
    choice = Enum(*values, name=name, native_enum=False, create_constraint=True, length=width)
    return _column(kind, choice, **options)


def new_public_id() -> str:
    """128 random bits, as the address of a row: never counted up, never derived from what the row holds."""
    return secrets.token_hex(16)


def public_id() -> MappedColumn[Any]:
    """The column of a row's address. By it the rows of one INSERT know their numbers again: SQLite gives them back in
    no order, and without such a column SQLAlchemy would insert them one by one."""
    return _column("bookkeeping", String(32), unique=True, default=new_public_id, insert_sentinel=True)


def one_where(name: str, *columns: str, where: str) -> Index:
    """At most one row of *columns* among those that *where* holds for; both databases have such an index."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))
