"""JSON Lines: values as they are written, keys from anywhere in the file, bad lines refused one by one."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.core.tables.limits import Limits
from qa.core.tables.reading import read, rows_as_lists
from qa.core.tables.table import TableError


@pytest.fixture
def table_of(tmp_path):
    """The rows and the faults of a file with this content."""

    def table_of(content, **how):
        path = tmp_path / "a.jsonl"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        faults = []
        rows = [(row.line, row.values) for row in read(path, on_fault=faults.append, **how)]
        return rows, [str(fault) for fault in faults]

    return table_of


def test_numbers_stay_as_written_and_nested_values_stay_json(table_of):
    rows, _ = table_of('{"a": 1.50, "b": 12345678901234567890, "c": true, "d": [{"x": 2.0}, "ü"], "e": null}\n')

    assert rows == [(1, {"a": "1.50", "b": "12345678901234567890", "c": "true", "d": '[{"x": 2.0}, "ü"]', "e": None})]


def test_a_key_that_only_a_late_line_has_is_a_column(table_of):
    rows, _ = table_of('{"a": 1}\n\n{"b": 2}\n')

    assert rows == [(1, {"a": "1", "b": None}), (3, {"a": None, "b": "2"})]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[1]", "a JSON object on one line"),
        ('"text"', "a JSON object on one line"),
        ("{bad", "at character 2"),
        ('{"a": 1} {"a": 2}', "Extra data at character 10"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": {"x": 1, "x": 2}}', "'x' stands twice"),
        ('{"a": NaN}', "numbers that JSON knows, not NaN"),
        ('{"a": -Infinity}', "not -Infinity"),
        ('{"a": "x\\u0000"}', "a: .*text without NUL"),
        ('{"a": "\\ud800"}', "a: .*half characters"),
        ('{"a": "123456"}', "a: .*fewer than 6 characters"),
        ('{"a": ' + "[" * 20_000 + "]" * 20_000 + "}", "nested so deeply"),
    ],
)
def test_a_bad_line_is_refused_and_the_rest_is_read(table_of, line, said):
    rows, faults = table_of(f'{{"a": 1}}\n{line}\n{{"a": 3}}\n', limits=Limits(field_chars=6))

    assert [number for number, _ in rows] == [1, 3]
    assert len(faults) == 1
    assert faults[0].startswith("a.jsonl:2: ")
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(faults[0])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n  \n", "the file is empty"),
        (b"nothing\n[1]\n", "lines that are JSON objects"),
        (b'{"": 1}\n', "the names of the columns"),
        (b'{"a": 1, "a ": 2}\n', "stands twice"),
        ('{"a": "x"}\n{"a": "é"}\n'.encode("latin-1"), r'a\.jsonl:2: "{"a": "\\xe9"}": text in UTF-8'),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
        (json.dumps({f"c{place}": 1 for place in range(1001)}).encode(), "at most 1000 columns"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(table_of, content, said):
    with pytest.raises(TableError, match=said):
        table_of(content)


def test_a_byte_order_mark_is_passed_over(table_of):
    assert table_of(b'\xef\xbb\xbf{"a": 1}\n')[0] == [(1, {"a": "1"})]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from("abc"),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
            min_size=1,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_texts_are_read_back_to_the_letter(tmp_path, rows):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="")

    with rows_as_lists(path) as table:
        found = [dict(zip(table.header, values, strict=True)) for _, values in table]

    assert found == [{name: row.get(name, "") for name in table.header} for row in rows]
