"""Tables handed out: nothing that a spreadsheet would run, and every value to be had again."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.tables.writing import FORMULA, csv_lines, json_lines, safe_cell

VALUE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\r=1", "\n=1", "=", "-", "--5", "-5 EUR", "+49 30 12", "＝1", "＠x"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-5, "-5"),
        (-0.25, "-0.25"),
        ("-5", "-5"),
        ("+3.20", "+3.20"),
        ("-1e-7", "-1e-7"),
        ("-5%", "-5%"),
        ("5-3", "5-3"),
        ("a=b", "a=b"),
        (" =1", " =1"),
        ("", ""),
        (None, ""),
        (True, "true"),
        (False, "false"),
    ],
)
def test_numbers_and_harmless_texts_stay(value, text):
    assert safe_cell(value) == text


@given(st.text())
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text):
    cell = safe_cell(text)

    assert cell.removeprefix("'") == text.removeprefix("'") or cell == f"'{text}"
    if cell.startswith(FORMULA):
        float(cell.rstrip("%"))


@given(st.lists(st.tuples(VALUE, VALUE), max_size=5))
def test_a_csv_file_is_read_back(rows):
    text = "".join(csv_lines(["a", "=b"], rows))

    found = list(csv.reader(io.StringIO(text, newline=""), strict=True))

    assert found == [["a", "'=b"], *[[safe_cell(value) for value in row] for row in rows]]


def test_a_csv_file_can_begin_with_a_byte_order_mark():
    assert "".join(csv_lines(["a"], [["ü"]], bom=True)).encode() == b"\xef\xbb\xbfa\r\n\xc3\xbc\r\n"


@given(st.lists(st.tuples(VALUE, VALUE), max_size=5))
def test_json_lines_keep_every_value(rows):
    rows = [[None if value in (float("inf"), float("-inf")) else value for value in row] for row in rows]

    found = [json.loads(line) for line in json_lines(["a", "b"], rows)]

    assert found == [{"a": one, "b": other} for one, other in rows]


def test_an_undefined_figure_is_null():
    assert list(json_lines(["a"], [[float("nan")]])) == ['{"a": null}\n']


def test_rows_are_written_as_they_come():
    def rows():
        yield [1]
        raise RuntimeError("the second row was asked for too early")

    lines = csv_lines(["a"], rows())

    assert [next(lines), next(lines)] == ["a\r\n", "1\r\n"]


def test_a_row_of_another_width_is_an_error():
    with pytest.raises(ValueError, match="shorter|longer"):
        list(json_lines(["a", "b"], [[1]]))
