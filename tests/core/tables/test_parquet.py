"""Parquet: every type becomes the text that the same value has in the other kinds of file."""

import duckdb
import pytest

from qa.core.tables.limits import Limits
from qa.core.tables.reading import read, rows_as_lists
from qa.core.tables.table import TableError


@pytest.fixture
def parquet_of(tmp_path):
    """A Parquet file of what a query gives."""

    def parquet_of(query):
        path = tmp_path / "it's a.parquet"
        with duckdb.connect(":memory:") as engine:
            engine.execute("SET TimeZone = 'America/Lima'")
            engine.execute(f"COPY ({query}) TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
        return path

    return parquet_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'größer 👍'", "größer 👍"),
        ("7::BIGINT", "7"),
        ("5.0::DOUBLE", "5"),
        ("-0.25::DOUBLE", "-0.25"),
        ("'nan'::DOUBLE", "nan"),
        ("'inf'::FLOAT", "inf"),
        ("1e300::DOUBLE", "1e+300"),
        ("1.50::DECIMAL(5,2)", "1.50"),
        ("true", "true"),
        ("DATE '2026-10-02'", "2026-10-02"),
        ("TIMESTAMP '2026-10-01 09:30:00.5'", "2026-10-01T09:30:00.5"),
        ("TIMESTAMPTZ '2026-10-01 09:30:00+02'", "2026-10-01T07:30:00+00"),
        ("[1, 2]", "[1,2]"),
        ("{'at': 'x', 'n': [1.5]}", '{"at":"x","n":[1.5]}'),
        ("'bytes'::BLOB", "bytes"),
        ("NULL::VARCHAR", None),
        ("''", None),
    ],
)
def test_values_become_text(parquet_of, value, text):
    path = parquet_of(f"SELECT 'c-1' AS case_id, {value} AS found")

    assert [row.values for row in read(path)] == [{"case_id": "c-1", "found": text}]


def test_names_that_mean_something_in_sql_are_names(parquet_of):
    path = parquet_of('SELECT 1 AS "a""; DROP {0}", 2 AS "select"')

    with rows_as_lists(path) as table:
        found = list(table)

    assert table.header == ('a"; DROP {0}', "select")
    assert found == [(1, ["1", "2"])]


def test_rows_keep_their_order_and_go_on_behind_an_offset(parquet_of):
    path = parquet_of("SELECT i::VARCHAR AS i FROM range(5000) r(i)")

    with rows_as_lists(path, skip=4997) as table:
        found = list(table)

    assert found == [(4998, ["4997"]), (4999, ["4998"]), (5000, ["4999"])]
    assert [row.values["i"] for row in read(path)] == [str(i) for i in range(5000)]


def test_a_bad_value_is_refused_and_the_rest_is_read(parquet_of):
    path = parquet_of("SELECT * FROM (VALUES ('a'), ('x' || chr(0)), ('123456'), ('b')) v(a)")
    faults = []

    rows = list(read(path, on_fault=faults.append, limits=Limits(field_chars=6)))

    assert [row.line for row in rows] == [1, 4]
    assert [(fault.problem.line, fault.problem.field) for fault in faults] == [(2, "a"), (3, "a")]


def test_a_value_repeated_without_end_is_stopped(parquet_of):
    path = parquet_of("SELECT repeat('x', 1000) AS a FROM range(20000)")

    with pytest.raises(TableError, match="this one is larger"):
        list(read(path))


def test_a_file_that_says_it_is_too_large_is_refused(parquet_of):
    path = parquet_of("SELECT md5(i::VARCHAR) AS a FROM range(2000) r(i)")

    with pytest.raises(TableError, match=r"at most 5,000 bytes; this one says \d\d"):
        rows_as_lists(path, limits=Limits(unpacked_bytes=5000))


def test_what_is_no_parquet_is_refused_by_its_own_name(tmp_path, parquet_of):
    whole = parquet_of("SELECT 1 AS a").read_bytes()
    path = tmp_path / "upload"

    for content in (b"", b"a,b\n1,2\n", whole[:-20]):
        path.write_bytes(content)
        with pytest.raises(TableError, match=r"^a\.parquet: a Parquet file that can be read") as caught:
            rows_as_lists(path, name="a.parquet")
        assert str(tmp_path) not in str(caught.value)


def test_the_engine_reads_this_file_and_no_other(parquet_of, tmp_path):
    path = parquet_of("SELECT 1 AS a")
    other = tmp_path / "other.csv"
    other.write_text("secret\n")

    with rows_as_lists(path) as table, pytest.raises(duckdb.PermissionException):
        table.engine.execute(f"SELECT * FROM read_text('{other}')")
