"""The first rows of a file that was handed in, read once and kept beside it, so that its page need not read it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qa.core.tables import reading as tables
from qa.core.tables.limits import Limits
from qa.core.tables.table import TableError

#: Rows and cells that are looked at: enough to tell columns apart, and quick on every page.
MOST_ROWS = 5_000
MOST_CELLS = 200_000
#: Rows that cannot be read, and are named.
MOST_FAULTS = 20
#: Characters of a cell that are kept.
KEPT = 400
#: More different values than this are not words that stand for something.
MOST_WORDS = 60


@dataclass(frozen=True)
class Survey:
    """Header and first rows of a sheet; *whole*: whether these are all of them."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: bool
    #: Rows among these that could not be read, each as a sentence.
    faults: tuple[str, ...] = ()
    #: What separated its columns, where that was not what its name says.
    separated_by: str | None = None

    @cached_property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Column -> its cells, in the order of the rows."""
        return {name: tuple(row[place] for row in self.rows) for place, name in enumerate(self.header)}

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """Column -> its different values, the empty one too, each with how often it stands there."""
        return {name: Counter(cell.strip() for cell in cells) for name, cells in self.columns.items()}

    def words(self, column: str) -> list[tuple[str, int]]:
        """The different values of a column with few of them, the most frequent first; nothing of one with many."""
        found = self.counts.get(column, Counter())
        return sorted(found.items(), key=lambda one: (-one[1], one[0])) if len(found) <= MOST_WORDS else []


def read(path: Path, *, name: str, limits: Limits) -> Survey:
    """Look at a file. Raises BadInput with what to do about one that cannot be read."""
    faults: list[TableError] = []

    def fault(error: TableError) -> None:
        if len(faults) < MOST_FAULTS:
            faults.append(error)

    rows: list[tuple[str, ...]] = []
    whole = True
    with tables.rows_as_lists(path, name=name, limits=limits, on_fault=fault) as table:
        most = max(20, min(MOST_ROWS, MOST_CELLS // len(table.header)))
        for _, row in table:
            if len(rows) == most:
                whole = False
                break
            rows.append(tuple(cell[:KEPT] for cell in row))
        if not rows:
            raise faults[0] if faults else table.error("at least one row below the header; there is none")
        return Survey(table.header, tuple(rows), whole, tuple(str(one.problem) for one in faults))


def keep(survey: Survey, path: Path) -> None:
    """Write a survey down."""
    said = {"header": survey.header, "rows": survey.rows, "whole": survey.whole, "faults": survey.faults}
    said["separated_by"] = survey.separated_by
    path.write_text(json.dumps(said), encoding="utf-8")


def kept(path: Path) -> Survey:
    """A survey that was written down."""
    said = json.loads(path.read_text(encoding="utf-8"))
    rows = tuple(tuple(row) for row in said["rows"])
    return Survey(tuple(said["header"]), rows, said["whole"], tuple(said["faults"]), said.get("separated_by"))
