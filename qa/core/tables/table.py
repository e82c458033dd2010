"""What every kind of table looks like to its reader: a header, and rows of text with their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from qa.core.errors import BadInput, Problem
from qa.core.tables.limits import Limits

#: What no database and no page can hold: NUL, and halves of a character.
UNWANTED = re.compile("[\0\ud800-\udfff]")


#: What to do about a header that is merged, stands in two rows, or has something above it.
ONE_ROW = (
    "the first row must hold one name above each column. Take merged cells apart, make two rows of names one, "
    "and delete what stands above it"
)
#: What to do about a first line that is too short to be the names of what stands below.
TITLE = "; if the first line is a title, delete what stands above the row of column names"
#: A header of no more columns may be a title.
FEW = 2


class TableError(BadInput):
    """A table that cannot be read, or one row of it; says file, line, field, value and what was expected."""

    def __init__(
        self,
        expected: str,
        *,
        file: str,
        line: int | None = None,
        field: str | None = None,
        value: str | None = None,
    ) -> None:
        self.problem = Problem(expected, file, line, field, value)
        super().__init__(self.problem)


OnFault = Callable[[TableError], None]


class Table:
    """An open table. Iterating gives (line, values): one text for each column of *header*, "" for no value.

    *offset* counts the records passed so far, refused ones included; a table opened with skip=offset goes on
    behind them. A row that cannot be taken goes to *on_fault* and reading goes on; without it, it is raised.
    What makes the rest of the file doubtful is always raised.
    """

    def __init__(self, path: Path, name: str, limits: Limits, on_fault: OnFault | None, skip: int) -> None:
        self.path = path
        self.name = name
        self.limits = limits
        self.on_fault = on_fault
        self.skip = skip
        self.offset = 0
        self.header: tuple[str, ...] = ()
        self.closing = ExitStack()

    def open(self) -> None:
        """Open the file and read its header."""
        raise NotImplementedError

    def __enter__(self) -> Table:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.closing.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """The rows behind *skip*, each with its line; one after another."""
        raise NotImplementedError

    def error(
        self, expected: str, line: int | None = None, field: str | None = None, value: str | None = None
    ) -> TableError:
        """A complaint about this file."""
        return TableError(expected, file=self.name, line=line, field=field, value=value)

    def refuse(self, error: TableError) -> None:
        """Hand over one bad row, or raise it when nobody wants it."""
        if self.on_fault is None:
            raise error
        self.on_fault(error)

    def set_header(self, names: Iterable[object], line: int | None) -> None:
        """Take the names of the columns, which must be there, be few enough, and differ."""
        header = [str("" if name is None else name).strip() for name in names]
        while header and not header[-1]:
            header.pop()
        if not header:
            raise self.error("a header with the names of the columns; there is none", line)
        if len(header) > self.limits.columns:
            raise self.error(f"at most {self.limits.columns} columns; there are {len(header)}", line)
        seen: set[str] = set()
        for place, name in enumerate(header, start=1):
            if not name or UNWANTED.search(name):
                raise self.error(f"a name for column {place}; {ONE_ROW}", line, value=name or None)
            if name in seen:
                said = "a name of its own for each column; this one stands twice. Rename one; where names are merged,"
                raise self.error(f"{said} {ONE_ROW}", line, value=name)
            seen.add(name)
        self.header = tuple(header)

    def title_hint(self, cells: Sequence[str]) -> str:
        """What to add to a complaint about a row that is wider than a header of hardly any names."""
        return TITLE if len(self.header) <= FEW < sum(map(bool, cells)) else ""

    def require(self, columns: Sequence[str]) -> None:
        """Refuse a table that lacks one of *columns*."""
        missing = [column for column in columns if column not in self.header]
        if not missing:
            return
        raise self.error(f"the column {', '.join(missing)} (there are: {_some(self.header)})")

    def fault_in(self, line: int, values: Sequence[str]) -> TableError | None:
        """What is wrong with a row of the right width, if anything."""
        for name, value in zip(self.header, values, strict=True):
            if len(value) >= self.limits.field_chars:
                most = self.limits.field_chars
                return self.error(f"fewer than {most:,} characters; there are {len(value):,}", line, name, value)
            if found := UNWANTED.search(value):
                start = value[max(0, found.start() - 20) : found.end()]
                return self.error("text without NUL or half characters", line, name, start)
        return None


def _some(names: Sequence[str]) -> str:
    """The first of many names."""
    return ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
