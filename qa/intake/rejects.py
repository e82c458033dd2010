"""Rows that were refused: the first of them in memory for the message, all of them in a file if one is wanted."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from qa.core.errors import BadInput, Problem
from qa.core.tables.writing import safe_cell

#: Problems that a message may name.
MOST_NAMED = 1_000
HEADER = ("line", "field", "value", "expected")


class Rejects:
    """Takes refused rows as they come; the file gets its name when everything was written."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.count = 0
        self.header: tuple[str, ...] = ()
        self._file: TextIO | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _unfinished(self) -> Path | None:
        return None if self.path is None else self.path.with_name(self.path.name + ".part")

    def add(self, problem: Problem, row: Sequence[str] = ()) -> None:
        """Take one refused row; *row* is empty where it could not even be read."""
        self.count += 1
        if len(self.problems) < MOST_NAMED:
            self.problems.append(problem)
        self._write(problem, row)

    def _write(self, problem: Problem, row: Sequence[str]) -> None:
        if self._unfinished is None:
            return
        if self._file is None:
            try:
                self._file = self._unfinished.open("w", encoding="utf-8", newline="")
            except OSError as error:
                said = f"a place where a file can be written ({error.strerror})"
                raise BadInput(Problem(said, field="--rejects", value=str(self.path))) from error
            self._line([*HEADER, *self.header])
        value = "" if problem.value is None else problem.value[:200]
        cells = row[: len(self.header)] or [""] * len(self.header)
        self._line([problem.line, problem.field, value, problem.expected, *cells])

    def _line(self, cells: Sequence[object]) -> None:
        assert self._file is not None
        csv.writer(self._file).writerow([safe_cell(cell) for cell in cells])

    def begin_again(self) -> None:
        """Forget what a trial found; the file will be read once more."""
        if self._file is not None and self._unfinished is not None:
            self._file.close()
            self._file = None
            self._unfinished.unlink()
        self.problems, self.count = [], 0

    def close(self) -> None:
        """End the file and give it its name. Safe to repeat."""
        if self._file is not None and self._unfinished is not None and self.path is not None:
            self._file.close()
            self._file = None
            self._unfinished.replace(self.path)
