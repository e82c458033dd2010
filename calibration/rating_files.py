"""Files of ratings: read into codes block by block, so that a large file costs little more than its parsing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calibration.stats.ratings import Codes, Column, DoubleRating, IntArray, Ratings, from_columns
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import rows_as_lists
from qa.core.tables.table import Table, TableError

#: rows that are held as text at once; few, so that they are gone before the collector looks at them
_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file of ratings are called; *by* and *cluster* may stand in a file about the units."""

    unit: str = "case_id"
    rater: str = "rater_id"
    label: str = "label"
    round: str | None = None
    by: tuple[str, ...] = ()
    cluster: str | None = None

    @property
    def own(self) -> list[str]:
        """Those that the file itself must have, each with a value in every row."""
        return [name for name in (self.unit, self.rater, self.label, self.round) if name]

    @property
    def others(self) -> list[str]:
        """Those that may stand elsewhere."""
        return [name for name in (*self.by, self.cluster) if name]


@dataclass(frozen=True, slots=True)
class Read:
    """A file's columns as codes, the line on which each row begins, and its place among all rows."""

    name: str
    columns: dict[str, Column]
    line: IntArray
    row: IntArray

    def keep(self, rows: npt.NDArray[np.bool_]) -> Read:
        """Some of the rows."""
        kept = {name: column.keep(rows) for name, column in self.columns.items()}
        return Read(self.name, kept, self.line[rows], self.row[rows])

    def require(self, names: Sequence[str]) -> None:
        """Refuse a table that lacks one of the columns *names*."""
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise TableError(f"the column {', '.join(missing)}", file=self.name)

    def line_of(self, rows: npt.NDArray[np.bool_]) -> int:
        """The line of the first of *rows*."""
        return int(self.line[int(np.argmax(rows))])


def table_of(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Read:
    """The wanted columns of a table, those of *optional* that it has; blanks around values are cut off.

    Raises BadInput: a file that cannot be read, a required column or value that is missing, or no row.
    """
    with rows_as_lists(path, required=required) as table:
        wanted = list(dict.fromkeys([*required, *(name for name in optional if name in table.header)]))
        places = [table.header.index(name) for name in wanted]
        codes = [Codes() for _ in wanted]
        parts: list[list[IntArray]] = [[] for _ in wanted]
        lines = [np.zeros(0, dtype=np.int64)]
        for numbers, rows in _blocks(table):
            lines.append(np.array(numbers, dtype=np.int64))
            for place, code, part in zip(places, codes, parts, strict=True):
                part.append(code.of([row[place] for row in rows]))
    if not any(parts):
        raise BadInput(Problem("at least one row", path.name))
    columns = {
        name: _stripped(code.column(np.concatenate(part)))
        for name, code, part in zip(wanted, codes, parts, strict=True)
    }
    line = np.concatenate(lines)
    found = Read(path.name, columns, line, np.arange(line.size))
    for name in required:
        _no_blank(found, name)
    return found


def _blocks(table: Table) -> Iterator[tuple[tuple[int, ...], tuple[list[str], ...]]]:
    rows = iter(table)
    while block := list(islice(rows, _BLOCK)):
        numbers, values = zip(*block, strict=True)
        yield numbers, values


def _stripped(column: Column) -> Column:
    """The same without blanks around names; names that then are one become one."""
    names = [name.strip() for name in column.names]
    if names == list(column.names):
        return column
    codes = Codes()
    return codes.column(codes.of(names)[column.codes])


def _no_blank(found: Read, name: str) -> None:
    column = found.columns[name]
    if "" in column.names:
        rows = column.codes == column.names.index("")
        raise TableError("a value", file=found.name, line=found.line_of(rows), field=name)


def read(path: Path, columns: Columns, about: Path | None = None) -> Read:
    """A file of ratings; columns to group or cluster by that it lacks are looked up in *about* by the unit.

    Raises BadInput: a column or value that is missing, a unit that *about* does not have or has with two values.
    """
    found = table_of(path, columns.own, columns.others)
    missing = [name for name in columns.others if name not in found.columns]
    if missing and about is None:
        raise TableError(f"the column {', '.join(missing)}, here or in a file about the units", file=path.name)
    if missing and about is not None:
        found.columns.update(looked_up(found, columns.unit, about, missing))
    if columns.cluster:
        _no_blank(found, columns.cluster)
    return found


def looked_up(
    found: Read, unit: str, about: Path, names: Sequence[str], *, absent_ok: bool = False
) -> dict[str, Column]:
    """Columns *names* of the table *about* for every row of *found*, by the unit's name in the column *unit*.

    A unit that *about* does not have is refused, or with *absent_ok* has no value, like one whose value is empty.
    """
    table = table_of(about, [unit], names)
    table.require(names)
    there = table.columns[unit]
    asked = found.columns[unit].used()
    place = {name: code for code, name in enumerate(there.names)}
    code = np.array([place.get(name, -1) for name in asked.names], dtype=np.int64)
    if (code < 0).any() and not absent_ok:
        absent = asked.names[int(np.argmax(code < 0))]
        line = found.line_of(asked.codes == asked.names.index(absent))
        raise BadInput(Problem(f"a unit that stands in {about.name}", found.name, line, unit, absent))
    return {name: _by_unit(table, unit, name, code[asked.codes]) for name in names}


def _by_unit(table: Read, unit: str, name: str, code: IntArray) -> Column:
    """A column of *table* by units' codes; each unit has one value of it."""
    units, values = table.columns[unit], table.columns[name]
    of_unit = np.full(len(units.names), -1, dtype=np.int64)
    of_unit[units.codes[::-1]] = values.codes[::-1]
    differs = of_unit[units.codes] != values.codes
    if differs.any():
        row = int(np.argmax(differs))
        first = table.line_of(units.codes == units.codes[row])
        said = f"one value for each {unit}; the other stands on line {first}"
        raise BadInput(Problem(said, table.name, int(table.line[row]), name, values.names[values.codes[row]]))
    nowhere = len(values.names)
    return Column(np.where(code >= 0, of_unit[code], nowhere), (*values.names, "")).used()


def groups(found: Read, by: Sequence[str]) -> list[tuple[dict[str, str], Read]]:
    """The rows of each combination of values of the columns *by* that occurs, sorted."""
    if not by:
        return [({}, found)]
    key = np.zeros(found.line.size, dtype=np.int64)
    for name in by:
        key = key * len(found.columns[name].names) + found.columns[name].codes
    parts = []
    for one in np.unique(key):
        rows = key == one
        first = int(np.argmax(rows))
        names = {name: found.columns[name].names[int(found.columns[name].codes[first])] for name in by}
        parts.append((names, found.keep(rows)))
    return sorted(parts, key=lambda part: tuple(part[0].values()))


def ratings_of(found: Read, columns: Columns, categories: tuple[str, ...] | None = None) -> Ratings:
    """The ratings of a file; *categories* hold every label of it.

    Raises BadInput for two labels of one rater for one unit in one round, naming both lines.
    """
    labels = found.columns[columns.label]
    unit, rater = found.columns[columns.unit], found.columns[columns.rater]
    rounds = found.columns[columns.round] if columns.round else None
    try:
        return from_columns(unit, rater, labels, rounds, categories)
    except DoubleRating as double:
        raise _twice(found, columns, double) from double


def _twice(found: Read, columns: Columns, double: DoubleRating) -> BadInput:
    def said(name: str) -> str:
        column = found.columns[name]
        return column.names[int(column.codes[double.first])]

    first, second = int(found.line[double.first]), int(found.line[double.second])
    of_round = f" in round {said(columns.round)}" if columns.round else ""
    one = f"one label by {said(columns.rater)} for {said(columns.unit)}{of_round}"
    problems = ((first, second), (second, first))
    return BadInput(*(Problem(f"{one}; the other stands on line {b}", found.name, a) for a, b in problems))


def clusters_of(found: Read, columns: Columns) -> IntArray | None:
    """The cluster of each unit of `ratings_of`, or None. Raises BadInput for a unit in two clusters."""
    if columns.cluster is None:
        return None
    met = np.flatnonzero(np.bincount(found.columns[columns.unit].codes))
    return _by_unit(found, columns.unit, columns.cluster, met).codes
