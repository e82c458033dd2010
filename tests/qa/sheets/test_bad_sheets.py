"""A sheet that cannot be taken ends in a sentence that says what to do: on the page, and as a command."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from qa.core import jobs
from qa.core.access import SYSTEM
from qa.intake.cases import import_cases
from tests import factories
from tests.qa.intake import sheets

HEAD = ("case_id", "agent_id", "decided_policy", "action", "closed_at")
ROW = ("c1", "a1", "none", "keep", "2026-11-14T09:30:00Z")


def book(*rows: tuple[object, ...], merged: str = "") -> bytes:
    """A workbook of these rows."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(*rows: tuple[object, ...], sign: str = ",", encoding: str = "utf-8") -> bytes:
    """A text file of these rows."""
    return "".join(sign.join(map(str, row)) + "\n" for row in rows).encode(encoding)


#: What is wrong -> the file, its bytes, and what the sentence says of it and of what to do.
BAD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "merged header": ("a.xlsx", lambda: book(("Case", None, "Decision", None, "When"), HEAD, ROW, merged="A1:B1"),
                      "a name for column 2", "Take merged cells apart"),
    "title above": ("a.xlsx", lambda: book(("QA export, October",), (), HEAD, ROW),
                    "if the first line is a title", "delete what stands above the row of column names"),
    "title above, text": ("a.csv", lambda: text(("QA export October",), HEAD, ROW),
                          "if the first line is a title", "delete what stands above the row of column names"),
    "semicolons, ragged": ("a.csv", lambda: text(HEAD, ROW, ("c2", "a1"), sign=";"), "by semicolons",
                           "Save it as an Excel workbook"),
    "tabs, ragged": ("a.csv", lambda: text(HEAD, ROW, ("c2", "a1"), sign="\t"), "separated by tabs",
                     "Save it as an Excel workbook"),
    "formulas": ("a.xlsx", lambda: book(HEAD, ("c1", "a1", "none", "keep", "=NOW()")),
                 "never calculated", "Open it in your spreadsheet program and save"),
    "wrong encoding": ("a.csv", lambda: text((*HEAD, "text"), (*ROW, "Café"), encoding="cp1252"),
                       "Windows-1252", "“CSV UTF-8”"),
    "UTF-16": ("a.csv", lambda: text(HEAD, ROW, encoding="utf-16"), "UTF-16", "“CSV UTF-8”"),
    "empty": ("a.csv", lambda: b"", "a header and rows", "the file is empty"),
    "empty sheet": ("a.xlsx", lambda: book(), "a header and rows", "the sheet is empty"),
    "header alone": ("a.csv", lambda: text(HEAD), "at least one row", "below the header"),
    "too many columns": ("a.csv", lambda: text(tuple(f"c{n}" for n in range(1_001)), tuple(range(1_001))),
                         "at most 1000 columns", "there are 1001"),
    "old Excel": ("a.xls", lambda: b"\xd0\xcf\x11\xe0", "ends in one of", "can be saved as .xlsx"),
}  # fmt: skip
#: Only found when rows are read.
BAD_ROWS: dict[str, tuple[bytes, str, str]] = {
    "two rows of names": (text(HEAD, ("Id", "Agent", "Label", "Done", "Closed"), ROW), "second row of column names",
                          "delete it"),
    "days as numbers": (text(HEAD, (*ROW[:4], "46340.396")), "day number", "format the column as yyyy-mm-dd hh:mm"),
    "days their own way": (text(HEAD, (*ROW[:4], "14.11.2026")), "day or the month comes first",
                           "say on the import page"),
}  # fmt: skip


@pytest.mark.parametrize("what", list(BAD))
def test_a_file_that_cannot_be_read_says_what_to_do(sqlite_app: Flask, tmp_path: Path, what: str) -> None:
    sheets.set_up()
    name, made, wrong, remedy = BAD[what]
    path = tmp_path / name
    path.write_bytes(made())
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    data = {"file": (io.BytesIO(path.read_bytes()), name), "source": "default", "kind": "cases"}

    page = manager.send("/imports/sheets", data, content_type="multipart/form-data")
    said = page.get_data(as_text=True).replace("&#39;", "'")

    assert page.status_code == 422 and wrong in said and remedy in said
    if not name.endswith(".xls"):
        command = sqlite_app.test_cli_runner().invoke(args=["cases", "import", str(path)])
        assert command.exit_code == 1 and wrong in command.stderr and remedy in command.stderr


@pytest.mark.parametrize("what", list(BAD_ROWS))
def test_rows_that_cannot_be_read_say_what_to_do(sqlite_app: Flask, tmp_path: Path, what: str) -> None:
    sheets.set_up()
    content, wrong, remedy = BAD_ROWS[what]
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    command = sqlite_app.test_cli_runner().invoke(args=["cases", "import", str(path)])

    assert command.exit_code == 1 and wrong in command.stderr and remedy in command.stderr


def test_two_hundred_columns_are_taken_and_only_what_was_said_is_evidence(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    more = tuple(f"extra {number}" for number in range(195))
    content = text((*HEAD, *more), (*ROW, *range(195)))
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    data = {"file": (io.BytesIO(content), "wide.csv"), "source": "default", "kind": "cases"}

    address = manager.send("/imports/sheets", data, content_type="multipart/form-data").headers["Location"]
    page = manager.get(address).get_data(as_text=True)
    chosen = {f"c{place}": f"ours:{name}" for place, name in enumerate(HEAD)} | {"c7": "class:evidence"}
    words = {"mapping_name": "wide", "deed": "take"}
    manager.send(address, chosen | words)
    ran = jobs.run_due()

    assert page.count('<select name="c') == 200
    assert ran > 0 and "1 read, 1 added" in manager.get("/imports").get_data(as_text=True)


def test_a_formula_whose_value_is_there_is_read(sqlite_app: Flask, tmp_path: Path) -> None:
    sheets.set_up()
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(io.BytesIO(book(HEAD, ("c1", "a1", "none", "keep", "=X()")))) as made:
        parts = {one: made.read(one) for one in made.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<c r="E2"><f>X()</f><v />', b'<c r="E2" t="str"><f>X()</f><v>2026-11-14</v>')
    with zipfile.ZipFile(path, "w") as out:
        for one, content in parts.items():
            out.writestr(one, content)

    report = added_by(path)

    assert b"2026-11-14" in parts[sheet] and report == 1


def added_by(path: Path) -> int:
    """Cases that a file adds."""
    return import_cases(SYSTEM, path).added


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs")])
def test_the_page_reads_other_signs_and_says_so_while_the_command_refuses_them(
    sqlite_app: Flask, tmp_path: Path, sign: str, called: str
) -> None:
    sheets.set_up()
    path = tmp_path / "a.csv"
    path.write_bytes(text(HEAD, ROW, (), ("c2", '"a1"', "none", '"keep, \n""it"""', ROW[4]), sign=sign))
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    data = {"file": (io.BytesIO(path.read_bytes()), path.name), "source": "default", "kind": "cases"}

    address = manager.send("/imports/sheets", data, content_type="multipart/form-data").headers["Location"]
    page = manager.get(address).get_data(as_text=True)
    command = sqlite_app.test_cli_runner().invoke(args=["cases", "import", str(path)])

    assert f"separated by {called}, and it was read so" in page and page.count('<select name="c') == len(HEAD)
    assert "keep, \n&#34;it&#34;" in page
    assert command.exit_code == 1 and f"separated by {called}" in command.stderr


def test_a_pasted_table_may_have_commas(sqlite_app: Flask) -> None:
    sheets.set_up()
    manager = factories.browser(sqlite_app, factories.actor("manager", manages=None))
    data = {"pasted": text(HEAD, ROW).decode(), "source": "default", "kind": "cases"}

    address = manager.send("/imports/sheets", data, content_type="multipart/form-data").headers["Location"]

    assert "separated by commas, and it was read so" in manager.get(address).get_data(as_text=True)
