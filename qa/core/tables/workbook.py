"""XLSX: the first visible sheet, or the one that is named; its first row is the header."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from qa.core.tables.limits import Limits
from qa.core.tables.table import OnFault, Table, TableError

#: What a spreadsheet shows where a formula failed.
FAILED = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})

#: A formula without a value, and the bytes of a sheet in which one is looked for.
UNCALCULATED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)")
LOOKED_AT = 4_000_000

#: What the library raises over a broken file.
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, EOFError, NotImplementedError,
)  # fmt: skip


class Workbook(Table):
    """A sheet. Empty cells at the end of a row are as good as written; numbers and moments become text."""

    def __init__(
        self, path: Path, name: str, limits: Limits, on_fault: OnFault | None, skip: int, *, sheet: str | None
    ) -> None:
        super().__init__(path, name, limits, on_fault, skip)
        self.sheet = sheet

    def open(self) -> None:
        """Open the workbook and read its sheet's first row."""
        self._check_zip()
        # Opened here, because the library leaves a file open that it cannot read.
        packed = self.closing.enter_context(self.path.open("rb"))
        try:
            with warnings.catch_warnings():
                # The library warns of styles and validations that it does not know; we read values only.
                warnings.simplefilter("ignore")
                book = load_workbook(packed, read_only=True, data_only=True)
        except BROKEN as error:
            raise self._broken(error) from error
        self.closing.callback(book.close)
        sheet = self._sheet(book, self.sheet)
        self._check_formulas(sheet)
        self.rows = self._rows(sheet)
        self.closing.callback(self.rows.close)
        line, names = next(self.rows, (None, []))
        if line is None:
            raise self.error("a header and rows; the sheet is empty")
        self.set_header(names, line)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not blank as texts; the line is the row's number in the sheet."""
        columns = len(self.header)
        for _ in islice(self.rows, self.skip - self.offset):
            self.offset += 1
        for line, row in self.rows:
            self.offset += 1
            if fault := self._fault(line, row):
                self.refuse(fault)
            else:
                yield line, row[:columns] + [""] * (columns - len(row))

    def _fault(self, line: int, row: list[str]) -> TableError | None:
        """What is wrong with a row, if anything."""
        columns = len(self.header)
        if any(row[columns:]):
            place = next(place for place in range(columns, len(row)) if row[place])
            said = f"nothing beside the {columns} columns of the header"
            said += self.title_hint(row)
            return self.error(said, line, f"column {get_column_letter(place + 1)}", row[place])
        for name, value in zip(self.header, row, strict=False):
            if value in FAILED:
                return self.error("a value; the formula of this cell failed", line, name, value)
        return self.fault_in(line, row[:columns] + [""] * (columns - len(row)))

    def _rows(self, sheet: Any) -> Generator[tuple[int, list[str]], None, None]:
        """The rows that are not blank, as texts."""
        # Some programs write a wrong extent into the file; without it the rows themselves are read.
        sheet.reset_dimensions()
        try:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                row = [_as_text(cell) for cell in cells]
                if any(row):
                    yield line, row
        except BROKEN as error:
            raise self._broken(error) from error

    def _sheet(self, book: Any, wanted: str | None) -> Any:
        """The sheet to read."""
        sheets = {sheet.title: sheet for sheet in book.worksheets}
        if wanted is not None and wanted not in sheets:
            raise self.error(f"one of its sheets: {', '.join(sheets)}", field="sheet", value=wanted)
        visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
        if not visible:
            raise self.error("a workbook with a visible sheet")
        return sheets[wanted] if wanted is not None else visible[0]

    def _check_formulas(self, sheet: Any) -> None:
        """Refuse a sheet whose formulas were never calculated: their cells would be read as empty ones."""
        with zipfile.ZipFile(self.path) as packed, packed.open(sheet._worksheet_path.lstrip("/")) as part:
            if not UNCALCULATED.search(part.read(LOOKED_AT)):
                return
        said = (
            "values; this sheet holds formulas that were never calculated. Open it in your spreadsheet program and save"
        )
        raise self.error(f"{said} it there, or paste its cells as values")

    def _check_zip(self) -> None:
        """Refuse what is no zip, and what would unpack to more than we take."""
        try:
            with zipfile.ZipFile(self.path) as packed:
                members = packed.infolist()
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
            raise self._broken(error) from error
        if len(members) > self.limits.members:
            raise self.error(f"an XLSX of at most {self.limits.members} parts; this one has {len(members)}")
        most = self.limits.unpacked(self.path.stat().st_size)
        size = sum(member.file_size for member in members)
        if size > most:
            raise self.error(f"a file that unpacks to at most {most:,} bytes; this one says {size:,}")

    def _broken(self, error: Exception) -> TableError:
        """The complaint about a file that is no workbook."""
        return self.error(f"an XLSX file that can be read, without a password ({type(error).__name__}: {error})")


def _as_text(cell: Any) -> str:
    """The text of one cell: whole numbers without a point, moments as ISO 8601."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell)
