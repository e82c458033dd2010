"""One way to read any table that is handed in: the ending of its name says which kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from qa.core.tables.delimited import Delimited
from qa.core.tables.jsonlines import JsonLines
from qa.core.tables.limits import Limits
from qa.core.tables.table import OnFault, Table, TableError

ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".xlsx", ".parquet")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins in its file, and its values by column; None where there is no value."""

    line: int
    values: dict[str, str | None]


def rows_as_lists(
    path: Path,
    *,
    name: str | None = None,
    required: Sequence[str] = (),
    skip: int = 0,
    limits: Limits | None = None,
    on_fault: OnFault | None = None,
    sheet: str | None = None,
) -> Table:
    """Open a table; use it in a `with`, read *header*, iterate over (line, values).

    *name* is what messages call the file and what tells its kind (an upload lies under another path);
    *skip* records are passed over (`Table.offset` of an earlier reading); *on_fault* gets the rows that
    cannot be taken, without it the first one is raised. Raises TableError.
    """
    called = name or path.name
    ending = next((one for one in sorted(ENDINGS, key=len, reverse=True) if called.lower().endswith(one)), "")
    if not ending:
        raise TableError(f"a name that ends in one of {', '.join(ENDINGS)}", file=called)
    table = _of_kind(ending.removesuffix(".gz"), (path, called, limits or Limits(), on_fault, skip), sheet)
    with ExitStack() as undoing:
        undoing.callback(table.close)
        try:
            table.open()
        except OSError as error:
            raise TableError(f"a file that can be opened ({error.strerror})", file=called) from error
        table.require(required)
        undoing.pop_all()
    return table


def read(
    path: Path,
    *,
    name: str | None = None,
    required: Sequence[str] = (),
    skip: int = 0,
    limits: Limits | None = None,
    on_fault: OnFault | None = None,
    sheet: str | None = None,
) -> Iterator[Row]:
    """The rows of any table as mappings, one at a time; arguments as in `rows_as_lists`."""
    with rows_as_lists(
        path, name=name, required=required, skip=skip, limits=limits, on_fault=on_fault, sheet=sheet
    ) as table:
        for line, values in table:
            yield Row(line, {column: value or None for column, value in zip(table.header, values, strict=True)})


def _of_kind(kind: str, how: tuple[Path, str, Limits, OnFault | None, int], sheet: str | None) -> Table:
    """The table of one kind, not yet open."""
    if kind == ".csv":
        return Delimited(*how, sign=",")
    if kind == ".tsv":
        return Delimited(*how, sign="\t")
    if kind == ".jsonl":
        return JsonLines(*how)
    # The libraries behind these two are large and few files need them: loaded by the first one that does.
    if kind == ".xlsx":
        return import_module("qa.core.tables.workbook").Workbook(*how, sheet=sheet)
    return import_module("qa.core.tables.parquet").Parquet(*how)
