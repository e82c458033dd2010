"""Parquet, through DuckDB: every column as text, a few thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from qa.core.tables.table import Table

#: Rows that are held at once.
BATCH = 2_000

#: The engine reads this one file, loads nothing from elsewhere and writes nothing anywhere.
ENGINE: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

PLAIN = "coalesce({0}::VARCHAR, '')"
WHOLE = (
    "coalesce(CASE WHEN isfinite({0}) AND {0} = trunc({0}) AND abs({0}) < 1e15 "
    "THEN {0}::BIGINT::VARCHAR ELSE {0}::VARCHAR END, '')"
)
MOMENT = "coalesce(replace({0}::VARCHAR, ' ', 'T'), '')"
NESTED = "coalesce(to_json({0})::VARCHAR, '')"


class Parquet(Table):
    """A Parquet file; the line is the number of the row, from 1."""

    def open(self) -> None:
        """Open the file and read what columns it says it has."""
        path = self.path
        try:
            self.engine = duckdb.connect(":memory:", config=ENGINE)
            self.closing.callback(self.engine.close)
            self.engine.execute("SET TimeZone = 'UTC'")
            self.engine.execute("SET allowed_paths = [?]", [str(path)])
            self.engine.execute("SET enable_external_access = false")
            self._check_size()
            described = self.engine.execute(f"DESCRIBE SELECT * FROM {_file(path)}").fetchall()
        except duckdb.Error as error:
            raise self.error(f"a Parquet file that can be read ({self._said(error)})") from error
        self.set_header([column[0] for column in described], None)
        columns = ", ".join(_texts(str(kind)).format(_quoted(name)) for name, kind, *_ in described)
        self.query = f"SELECT {columns} FROM {_file(path)} LIMIT ALL OFFSET ?"

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Each row as texts."""
        self.offset = max(self.offset, self.skip)
        for row in self._rows():
            self.offset += 1
            values = list(row)
            if fault := self.fault_in(self.offset, values):
                self.refuse(fault)
            else:
                yield self.offset, values

    def _rows(self) -> Iterator[tuple[str, ...]]:
        """The rows behind the offset, until they become more text than such a small file should hold.

        A few bytes can repeat one value a billion times, and the file's own account of its size does not show it.
        """
        most, seen = self.limits.unpacked(self.path.stat().st_size), 0
        try:
            rows = self.engine.execute(self.query, [self.offset])
            while batch := rows.fetchmany(BATCH):
                seen += sum(len(value) for row in batch for value in row)
                if seen > most:
                    raise self.error(f"a file that unpacks to at most {most:,} characters; this one is larger")
                yield from batch
        except duckdb.Error as error:
            raise self.error(f"a row that can be read ({self._said(error)})", self.offset + 1) from error

    def _said(self, error: Exception) -> str:
        """What the engine said, without its advice and by the name that the file has for its owner."""
        return str(error).splitlines()[0].replace(str(self.path), self.name)

    def _check_size(self) -> None:
        """Refuse a file that says it unpacks to more than we take."""
        most = self.limits.unpacked(self.path.stat().st_size)
        said = self.engine.execute(
            "SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(?)", [str(self.path)]
        ).fetchone()
        if said and said[0] > most:
            raise self.error(f"a file that unpacks to at most {most:,} bytes; this one says {said[0]:,}")


def _file(path: Path) -> str:
    """The file as a table of the engine."""
    return f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}', binary_as_string = true)"


def _quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _texts(kind: str) -> str:
    """How a column of one type becomes text."""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return NESTED
    if kind in ("DOUBLE", "FLOAT"):
        return WHOLE
    return MOMENT if kind.startswith("TIMESTAMP") else PLAIN
