"""CSV and TSV: what is right is read to the letter, what is wrong is said with its line and field."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.core.tables.limits import LONGEST, Limits
from qa.core.tables.reading import read, rows_as_lists
from qa.core.tables.table import TableError

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@pytest.fixture
def table_of(tmp_path):
    """The rows and the faults of a CSV with this content."""

    def table_of(content, name="a.csv", **how):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        faults = []
        rows = [(row.line, list(row.values.values())) for row in read(path, on_fault=faults.append, **how)]
        return rows, [str(fault) for fault in faults]

    return table_of


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(CELL, CELL, CELL), max_size=5),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(",\t"),
    st.booleans(),
)
def test_what_the_csv_module_writes_is_read_back(tmp_path, rows, end, sign, sparing):
    """With sparing quotes and bare line feeds the module forgets to quote a carriage return."""
    quoting = csv.QUOTE_MINIMAL if sparing and end == "\r\n" else csv.QUOTE_ALL
    written = io.StringIO()
    csv.writer(written, lineterminator=end, delimiter=sign, quoting=quoting).writerows([["a", "b", "c"], *rows])
    path = tmp_path / ("a.csv" if sign == "," else "a.tsv")
    path.write_bytes(written.getvalue().encode())

    with rows_as_lists(path) as table:
        found = list(table)

    assert [tuple(values) for _, values in found] == rows


def test_a_byte_order_mark_is_no_part_of_the_first_name(table_of):
    rows, faults = table_of(b"\xef\xbb\xbfa,b\r\n1,2\r\n")

    assert (rows, faults) == ([(2, ["1", "2"])], [])


def test_a_row_begins_in_the_line_of_its_first_field(table_of):
    rows, _ = table_of('a,b\n"x\n\ny",1\n\n2,3\n')

    assert rows == [(2, ["x\n\ny", "1"]), (6, ["2", "3"])]


def test_names_are_stripped_and_nameless_columns_at_the_end_left_out(table_of):
    rows, faults = table_of(" a , b,,\n1, 2 ,,\n3,4,,5\n6,7\n")

    assert rows == [(2, ["1", " 2 "])]
    assert [fault.partition(": ")[0] for fault in faults] == ["a.csv:3", "a.csv:4"]


def test_short_and_long_rows_are_refused_and_the_rest_is_read(table_of):
    rows, faults = table_of("a,b,c\n1,2,3\n1,2\n1,2,3,four\n4,5,6\n")

    assert rows == [(2, ["1", "2", "3"]), (5, ["4", "5", "6"])]
    assert faults == [
        "a.csv:3: c: 3 fields, as in the header; there are 2",
        'a.csv:4: "four": 3 fields, as in the header; there are 4',
    ]


def test_without_a_taker_the_first_bad_row_is_raised(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n1\n")

    with rows_as_lists(path) as table, pytest.raises(TableError, match=r"a\.csv:3: b: 2 fields"):
        list(table)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_text_of_two_million_characters_is_refused_and_one_less_is_not(table_of, quote):
    long = "x" * 2_000_000
    rows, faults = table_of(f"a,b\n1,2\n3,{quote}{long}{quote}\n4,{quote}{long[1:]}{quote}\n5,6\n")

    assert [line for line, _ in rows] == [2, 4, 5]
    assert faults == [f'a.csv:3: b: "{"x" * 60}…": fewer than 2,000,000 characters; there are 2,000,000']


@pytest.mark.parametrize("most", [5, 300_000])
def test_the_length_of_a_field_is_a_setting(table_of, most):
    content = "a,b\n" + "".join(f"{row},{'y' * size}\n" for row, size in enumerate([1, most, most - 1, most, 2]))

    rows, faults = table_of(content, limits=Limits(field_chars=most))

    assert [values[0] for _, values in rows] == ["0", "2", "4"]
    assert [fault.split(": ")[0] for fault in faults] == ["a.csv:3", "a.csv:5"]


def test_a_nul_is_refused_where_it_stands(table_of):
    rows, faults = table_of("a,b\n1,2\n3,x\0y\n5,6\n")

    assert [line for line, _ in rows] == [2, 4]
    assert faults == ['a.csv:3: b: "x\\x00": text without NUL or half characters']


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"a\.csv: a header and rows; the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\n\r\n\n", "the file is empty"),
        (b",,\n1,2,3\n", r"a\.csv:1: a header with the names of the columns"),
        (b"a,,c\n", r"a\.csv:1: a name for column 2"),
        (b"a,b,a\n", r'a\.csv:1: "a": a name of its own for each column; this one stands twice'),
        (b"a,b, a\n", "this one stands twice"),
        (b"a,b\x00\n", "a name for column 2"),
        (b'a,b\n1,2\n3,"x\n4,5\n', r"a\.csv:3: a quote that closes; one that opens in this row does not"),
        (b'a,b\n1,2\n3,"x" y\n', r"a\.csv:3: nothing between a closing quote and the next field"),
        (b'a,"b\n', r"a\.csv:1: a quote that closes"),
        ("a,b\n1,2\nCafé,x\n".encode("cp1252"), r'a\.csv:3: "Caf\\xe9,x": text in UTF-8; is this Latin-1'),
        ("é,b\n".encode("latin-1"), r'a\.csv:1: "\\xe9,b": text in UTF-8'),
        ("a,b\n1,2\n".encode("utf-16"), "this looks like UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), "this looks like UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-be"), "this looks like UTF-16"),
        (b"PK\x03\x04....", "this is a zip or XLSX file"),
        (b"\x1f\x8b....", r"whose name must end in \.gz"),
        (b"PAR1....", "this is a Parquet file"),
        (",".join(f"c{place}" for place in range(10_000)).encode(), "at most 1000 columns; there are 10000"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(table_of, content, said):
    with pytest.raises(TableError, match=said):
        table_of(content)


def test_a_wrong_byte_far_inside_is_found_with_its_line(table_of):
    content = b"a,b\n" + b"1,2\n" * 20_000 + b"3,\xff\n"

    with pytest.raises(TableError) as caught:
        table_of(content)

    assert (caught.value.problem.line, caught.value.problem.value) == (20_002, "3,ÿ")


def test_a_quote_that_never_closes_does_not_swallow_the_file(table_of):
    with pytest.raises(TableError, match=r"a\.csv:2: a quote that closes"):
        table_of(b'a,b\n1,"' + (b"x" * 99_999 + b"\n") * (LONGEST // 99_998))


def test_a_line_that_never_ends_is_given_up_on(table_of):
    with pytest.raises(TableError, match="lines of at most 50,000 bytes"):
        table_of(b"a,b\n1," + b"x" * 100_000, limits=Limits(line_bytes=50_000))


@pytest.mark.parametrize(("sign", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_separator_is_named_with_what_to_do(table_of, sign, called):
    with pytest.raises(TableError, match=rf"separated by {called}\. Save it as an Excel workbook"):
        table_of(f"case_id{sign}text, said\n1{sign}x, y\n".replace(", ", " "))


def test_a_limit_beyond_the_parser_is_refused():
    with pytest.raises(ValueError, match="field_chars"):
        Limits(field_chars=LONGEST + 1)
