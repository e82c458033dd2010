"""XLSX: cells as text, sheets by name, and archives that are no workbook or far too large."""

import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from qa.core.tables.limits import Limits
from qa.core.tables.reading import read, rows_as_lists
from qa.core.tables.table import TableError


@pytest.fixture
def book_of(tmp_path):
    """A workbook with these rows; *before* may change it before it is saved."""

    def book_of(*rows, before=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if before:
            before(book)
        path = tmp_path / "a.xlsx"
        book.save(path)
        return path

    return book_of


def swap(path, part, content):
    """Replace one part of a workbook."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert part in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, old in parts.items():
            packed.writestr(name, content if name == part else old)


def test_cells_become_text(book_of):
    moment = datetime(2026, 10, 1, 9, 30)  # noqa: DTZ001 (a sheet knows no time zone)
    path = book_of(list("abcdefgh"), ["x", 12345, 5.0, 0.25, True, moment, date(2026, 10, 2), time(9, 30)])

    found = [list(row.values.values()) for row in read(path)]

    assert found == [["x", "12345", "5", "0.25", "true", "2026-10-01T09:30:00", "2026-10-02T00:00:00", "09:30:00"]]


def test_short_rows_are_filled_and_blank_ones_passed_over(book_of):
    path = book_of(["a", "b"], ["1"], [], [None, "2"])

    with rows_as_lists(path) as table:
        found = list(table)

    assert found == [(2, ["1", ""]), (4, ["", "2"])]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["1", "2", None, "x"], r'a\.xlsx:3: column D: "x": nothing beside the 2 columns'),
        (["1", "#N/A"], r'a\.xlsx:3: b: "#N/A": a value; the formula of this cell failed'),
        (["1", "123456"], r'a\.xlsx:3: b: "123456": fewer than 6 characters'),
    ],
)
def test_a_bad_row_is_refused_and_the_rest_is_read(book_of, row, said):
    path = book_of(["a", "b"], ["1", "2"], row, ["3", "4"])
    faults = []

    rows = list(read(path, on_fault=faults.append, limits=Limits(field_chars=6)))

    assert [one.line for one in rows] == [2, 4]
    with pytest.raises(TableError, match=said):
        raise faults[0]


def test_the_first_visible_sheet_is_read_unless_one_is_named(book_of):
    def more(book):
        book.active.sheet_state = "hidden"
        for title in ("second", "third"):
            book.create_sheet(title).append([title])

    path = book_of(["first"], before=more)

    headers = []
    for sheet in (None, "Sheet", "third"):
        with rows_as_lists(path, sheet=sheet) as table:
            headers.append(table.header[0])

    assert headers == ["second", "first", "third"]
    with pytest.raises(TableError, match='sheet: "fourth": one of its sheets: Sheet, second, third'):
        rows_as_lists(path, sheet="fourth")


def test_an_empty_sheet_is_refused(book_of):
    with pytest.raises(TableError, match="the sheet is empty"):
        rows_as_lists(book_of())


@pytest.mark.parametrize(("header", "said"), [(["a", None, "c"], "a name for column 2"), (["a", "a"], "stands twice")])
def test_a_header_must_name_each_column(book_of, header, said):
    with pytest.raises(TableError, match=said):
        rows_as_lists(book_of(header, ["1", "2", "3"]))


def test_a_wrong_extent_in_the_file_hides_nothing(book_of):
    path = book_of(["a", "b"], ["1", "2"])
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as packed:
        content = packed.read(part).replace(b'ref="A1:B2"', b'ref="A1"')
    swap(path, part, content)

    assert [row.values for row in read(path)] == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"PK\x03\x04" + b"0" * 50, b"\xd0\xcf\x11\xe0" * 50, b""])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    with pytest.raises(TableError, match="an XLSX file that can be read, without a password"):
        rows_as_lists(path)


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)

    with pytest.raises(TableError, match=r"unpacks to at most .* this one says 20,000,000"):
        rows_as_lists(path)


def test_an_archive_of_many_parts_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        for part in range(1001):
            packed.writestr(f"part{part}", "")

    with pytest.raises(TableError, match="at most 1000 parts; this one has 1001"):
        rows_as_lists(path)


def test_entities_that_multiply_are_stopped(book_of):
    path = book_of(["a"], ["1"])
    names = "abcdefghi"
    entities = f'<!ENTITY a "{"ha" * 500}">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(names, names[1:], strict=False)
    )
    sheet = (
        f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>'
    )
    swap(path, "xl/worksheets/sheet1.xml", sheet.encode())

    with pytest.raises(TableError, match="can be read"):
        rows_as_lists(path)


def test_a_sheet_that_breaks_off_is_refused(book_of):
    path = book_of(["a"], ["1"])
    with zipfile.ZipFile(path) as packed:
        content = packed.read("xl/worksheets/sheet1.xml")
    swap(path, "xl/worksheets/sheet1.xml", content[:-40])

    with pytest.raises(TableError, match="can be read"):
        list(read(path))
