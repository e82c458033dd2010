"""CSV and TSV, by one fixed dialect: quotes are doubled inside quotes, rows are as wide as the header."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from qa.core.tables.limits import LONGEST, Limits
from qa.core.tables.source import not_utf8, open_text, weigh
from qa.core.tables.table import OnFault, Table, TableError

#: The parser's own limit belongs to the whole process. It is the last resort against a quote that never
#: closes; each table checks its own, lower one.
csv.field_size_limit(LONGEST)

#: What separates columns, in words.
SIGNS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}

#: More bytes than the layers under the parser ever read ahead.
AHEAD = 1 << 18


class Delimited(Table):
    """A table of text whose columns are separated by a comma or a tab."""

    def __init__(
        self, path: Path, name: str, limits: Limits, on_fault: OnFault | None, skip: int, *, sign: str
    ) -> None:
        super().__init__(path, name, limits, on_fault, skip)
        self.sign = sign

    def open(self) -> None:
        """Open the file and read its header."""
        weigh(self.path, self.name, self.limits)
        self.source, text = open_text(self.path, self.name, self.limits, self.closing)
        self.reader = csv.reader(text, delimiter=self.sign, strict=True)
        try:
            names = next(filter(None, self.reader), None)
        except (csv.Error, UnicodeDecodeError) as error:
            raise self._unparsed(1, error) from error
        if names is None:
            raise self.error("a header and rows; the file is empty")
        self._check_sign(names)
        self.set_header(names, self.reader.line_num)
        #: Cells of a row; more than columns where the header ends in cells without a name.
        self.width = len(names)

    def _check_sign(self, names: list[str]) -> None:
        """Refuse a header whose names are separated by something else."""
        for sign, called in SIGNS.items():
            if sign != self.sign and sum(name.count(sign) for name in names) > len(names) - 1:
                wanted = SIGNS[self.sign]
                said = (
                    f"columns separated by {wanted}; here they are separated by {called}. Save it as an Excel workbook"
                )
                raise self.error(f"{said} (.xlsx), or as CSV with commas (in UTF-8)", self.reader.line_num)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Each row as the parser made it, so that a million rows pass at nearly the parser's own speed.

        A row's text is looked at only where the bytes taken since the row before allow for a long field, or
        where a NUL came by.
        """
        reader, source = self.reader, self.source
        width = self.width if self.width == len(self.header) else -1
        alarm = self.limits.field_chars - AHEAD
        line = reader.line_num + 1
        try:
            for _ in islice(filter(None, reader), self.skip - self.offset):
                self.offset += 1
            line, taken = reader.line_num + 1, source.taken
            for row in reader:
                if len(row) == width and source.taken - taken < alarm and not source.has_nul:
                    self.offset += 1
                    yield line, row
                elif row:
                    self.offset += 1
                    yield from self._checked(line, row)
                line, taken = reader.line_num + 1, source.taken
        except (csv.Error, UnicodeDecodeError) as error:
            raise self._unparsed(line, error) from error

    def _checked(self, line: int, row: list[str]) -> Iterator[tuple[int, list[str]]]:
        """A row that had to be looked at, or nothing after it was refused."""
        columns = len(self.header)
        if len(row) != self.width or any(row[columns:]):
            self.refuse(self._ragged(line, row))
        elif fault := self.fault_in(line, row[:columns]):
            self.refuse(fault)
        else:
            yield line, row[:columns]

    def _ragged(self, line: int, row: list[str]) -> TableError:
        """The complaint about a row that is not as wide as the header."""
        columns = len(self.header)
        said = f"{columns} fields, as in the header; there are {len(row)}"
        if len(row) < columns:
            return self.error(said, line, self.header[len(row)])
        return self.error(said + self.title_hint(row), line, value=next((cell for cell in row[columns:] if cell), None))

    def _unparsed(self, line: int, error: Exception) -> TableError:
        """The complaint about a row after which nobody can tell where rows begin."""
        if isinstance(error, UnicodeDecodeError):
            return not_utf8(self.path, self.name)
        said = str(error)
        if "end of data" in said or "field limit" in said:
            return self.error("a quote that closes; one that opens in this row does not", line)
        if "expected after" in said:
            return self.error("nothing between a closing quote and the next field; quotes inside are doubled", line)
        return self.error(f"a row that can be read ({said})", line)
