"""Every kind of table is read alike, goes on where it stopped, and keeps the lines of its file."""

import gzip
import json
import tracemalloc

import duckdb
import openpyxl
import pytest

from qa.core.tables.reading import Row, read, rows_as_lists
from qa.core.tables.table import TableError

HEADER = ["case_id", "text", "n"]
ROWS = [["c-1", 'He said "no",\nthen left', "1"], ["c-2", "", "2"], ["c-3", "größer 👍\ttab", "3"]]


def write_csv(path, sign=","):
    """The rows as CSV or TSV, with every cell in quotes."""
    rows = [sign.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [HEADER, *ROWS]]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write_tsv(path):
    """The rows with tabs."""
    write_csv(path, "\t")


def write_jsonl(path):
    """The rows as objects; a number and a missing key among them."""
    rows = [dict(zip(HEADER, row, strict=True)) | {"n": int(row[2])} for row in ROWS]
    del rows[1]["text"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_xlsx(path):
    """The rows as a sheet with numbers."""
    book = openpyxl.Workbook()
    for row in [HEADER, *[[*row[:2], int(row[2])] for row in ROWS]]:
        book.active.append(row)
    book.save(path)


def write_parquet(path):
    """The rows as a Parquet file with whole numbers and a null."""
    with duckdb.connect(":memory:") as engine:
        engine.execute("CREATE TABLE t (case_id VARCHAR, text VARCHAR, n BIGINT)")
        engine.executemany("INSERT INTO t VALUES (?, ?, ?)", [[one, two or None, int(n)] for one, two, n in ROWS])
        engine.execute(f"COPY t TO '{path}' (FORMAT parquet)")


KINDS = {
    "a.csv": (write_csv, [2, 4, 5]),
    "a.tsv": (write_tsv, [2, 4, 5]),
    "a.jsonl": (write_jsonl, [1, 2, 3]),
    "A.XLSX": (write_xlsx, [2, 3, 4]),
    "a.parquet": (write_parquet, [1, 2, 3]),
}
PACKED = {f"{name}.gz": KINDS[name] for name in ("a.csv", "a.tsv", "a.jsonl")}
ALL = sorted(KINDS | PACKED)


@pytest.fixture
def written(tmp_path):
    """Write the rows as a kind of file; gives its path and the lines that its rows begin in."""

    def write(name):
        path = tmp_path / name
        if name in PACKED:
            write, lines = PACKED[name]
            write(path)
            path.write_bytes(gzip.compress(path.read_bytes()))
        else:
            write, lines = KINDS[name]
            write(path)
        return path, lines

    return write


@pytest.mark.parametrize("name", ALL)
def test_every_kind_gives_the_same_rows(written, name):
    path, lines = written(name)

    found = list(read(path))

    assert [row.values for row in found] == [
        {column: cell or None for column, cell in zip(HEADER, row, strict=True)} for row in ROWS
    ]
    assert [row.line for row in found] == lines


@pytest.mark.parametrize("name", ALL)
def test_the_fast_path_gives_a_header_and_lists(written, name):
    path, lines = written(name)

    with rows_as_lists(path, required=["case_id", "n"]) as table:
        found = list(table)

    assert list(table.header) == HEADER
    assert found == list(zip(lines, ROWS, strict=True))
    assert table.offset == 3


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("stop", [0, 1, 2, 3])
def test_a_reading_goes_on_where_an_earlier_one_stopped(written, name, stop):
    path, lines = written(name)
    with rows_as_lists(path) as table:
        before = [row for row, _ in zip(table, range(stop), strict=False)] if stop else []
        offset = stop

    with rows_as_lists(path, skip=offset) as table:
        after = list(table)

    assert before + after == list(zip(lines, ROWS, strict=True))
    assert table.offset == 3


def test_the_offset_counts_refused_rows_too(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\nshort\n\n3,4\n5,6\n")
    faults = []
    with rows_as_lists(path, on_fault=faults.append) as table:
        rows = iter(table)
        offsets = [(next(rows)[1][0], table.offset) for _ in range(2)]

    with rows_as_lists(path, skip=2) as again:
        rest = list(again)

    assert offsets == [("1", 1), ("3", 3)]
    assert [fault.problem.line for fault in faults] == [3]
    assert rest == [(5, ["3", "4"]), (6, ["5", "6"])]


@pytest.mark.parametrize("name", ALL)
def test_a_missing_column_is_named_beside_those_that_are_there(written, name):
    path, _ = written(name)

    with pytest.raises(TableError, match=r"the column agent_id, action \(there are: case_id, text, n\)") as caught:
        rows_as_lists(path, required=["case_id", "agent_id", "action"])

    assert caught.value.problem.file == name


def test_an_upload_is_called_by_its_own_name(written):
    path, _ = written("a.csv")
    elsewhere = path.rename(path.with_name("upload-17"))

    assert [row.line for row in read(elsewhere, name="cases.csv")] == [2, 4, 5]
    with pytest.raises(TableError, match=r"^cases\.csv: the column x"):
        list(read(elsewhere, name="cases.csv", required=["x"]))


def test_another_ending_is_refused_with_those_that_are_read(tmp_path):
    with pytest.raises(TableError, match=r"a\.ods: a name that ends in one of \.csv, \.csv\.gz"):
        rows_as_lists(tmp_path / "a.ods")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl.gz", "a.xlsx"])
def test_a_file_that_is_not_there_is_a_complaint(tmp_path, name):
    with pytest.raises(TableError, match="No such file"):
        rows_as_lists(tmp_path / name)


@pytest.mark.parametrize("name", ALL)
def test_a_table_lets_go_of_its_file_in_the_middle(written, name):
    path, lines = written(name)

    with rows_as_lists(path) as table:
        first = next(iter(table))

    path.unlink()
    assert first == (lines[0], ROWS[0])


@pytest.mark.parametrize("ending", ["csv", "jsonl", "csv.gz"])
def test_memory_does_not_grow_with_the_rows(tmp_path, ending):
    line = '{"a": "%07d", "b": "' + "x" * 200 + '"}\n' if ending == "jsonl" else "%07d," + "x" * 200 + "\n"
    text = ("" if ending == "jsonl" else "a,b\n") + "".join(line % row for row in range(10_000))
    path = tmp_path / f"a.{ending}"
    path.write_bytes(gzip.compress(text.encode(), 1) if ending.endswith("gz") else text.encode())
    del text

    tracemalloc.start()
    rows = sum(1 for _ in read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert rows == 10_000
    assert peak < 1_500_000


def test_a_row_is_its_line_and_its_values(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,\n")

    assert list(read(path)) == [Row(2, {"a": "1", "b": None})]
