"""A file of people: taken whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from qa.core.db import write
from qa.core.errors import BadInput, Problem
from qa.core.people.rows import PersonRow, read_row
from qa.core.tables import reading
from qa.core.tables.table import TableError

REQUIRED = ("id", "name")


class _OnlyTried(Exception):
    """A dry run comes to its end: everything is rolled back."""


def take(
    path: Path,
    save: Callable[[PersonRow], str],
    *,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
    name: str | None = None,
    dry_run: bool = False,
) -> dict[str, int]:
    """Hand every row of the file to *save*, in one transaction and within *around*; counts by what *save* answers.

    Raises BadInput with every problem found; then nothing was stored.
    """
    called = name or path.name
    rows, problems = _read(path, called)
    if problems:
        raise BadInput(*problems)
    counts = {"read": len(rows), "added": 0, "unchanged": 0, "changed": 0, "refused": 0}

    def deed() -> None:
        counts.update(added=0, unchanged=0, changed=0)
        found: list[Problem] = []
        with around():
            for line, row in rows:
                try:
                    counts[save(row)] += 1
                except BadInput as error:
                    found += [replace(problem, file=called, line=line) for problem in error.problems]
            if found:
                raise BadInput(*found)
        if dry_run:
            raise _OnlyTried

    try:
        write(deed)
    except _OnlyTried:
        return counts
    return counts


def _read(path: Path, called: str) -> tuple[list[tuple[int, PersonRow]], list[Problem]]:
    """All rows with their lines, and all that is wrong with any of them."""
    problems: list[Problem] = []
    rows: list[tuple[int, PersonRow]] = []
    lines: dict[str, tuple[int, PersonRow]] = {}

    def refuse(error: TableError) -> None:
        problems.append(error.problem)

    found = reading.read(path, name=called, required=REQUIRED, on_fault=refuse)
    for cells in found:
        try:
            row = read_row(cells.values, file=called, line=cells.line)
        except BadInput as error:
            problems += error.problems
            continue
        if row.external_id in lines:
            first, known = lines[row.external_id]
            if known != row:
                said = f"expected each person once; line {first} says something else of this one"
                problems.append(Problem(said, called, cells.line, "id", row.external_id))
            continue
        lines[row.external_id] = (cells.line, row)
        rows.append((cells.line, row))
    return rows, problems
