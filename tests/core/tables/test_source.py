"""Gzipped tables: whole, not too large, and weighed before a row is made of them."""

import gzip

import pytest

from qa.core.tables.limits import Limits
from qa.core.tables.reading import read
from qa.core.tables.table import TableError

ROWS = b"a,b\n" + b"1,2\n" * 1000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(bytes(range(256)) * 40)[:-100], "a whole gzip file"),
        (gzip.compress(ROWS)[:-6] + b"\0\0\0\0\0\0", "a whole gzip file"),
        (ROWS, "a whole gzip file"),
        (gzip.compress(b"a,b\n" + b"0" * 20_000_000), r"unpacks to at most 1,9\d\d,\d\d\d bytes; this one is larger"),
    ],
    ids=["cut short", "a wrong length", "no gzip at all", "swollen"],
)
def test_a_damaged_or_swollen_file_is_refused(tmp_path, content, said):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)

    with pytest.raises(TableError, match=said):
        list(read(path))


@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz"])
def test_a_bomb_is_refused_before_its_rows_are_read(tmp_path, name):
    """Many short rows unpack slowly into objects; the bytes alone are quick to count."""
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000, 9))
    taken = []

    with pytest.raises(TableError, match="unpacks to at most"):
        taken += read(path, limits=Limits(unpacked_bytes=5_000_000), on_fault=taken.append)

    assert taken == []


def test_the_caps_are_settings(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(ROWS))

    assert len(list(read(path))) == 1000
    assert len(list(read(path, limits=Limits(harmless_bytes=0, unpacked_ratio=1000)))) == 1000
    with pytest.raises(TableError, match="at most 2,000 bytes"):
        list(read(path, limits=Limits(unpacked_bytes=2_000)))
    with pytest.raises(TableError, match="unpacks to at most"):
        list(read(path, limits=Limits(harmless_bytes=0, unpacked_ratio=10)))


def test_a_file_in_several_gzip_members_is_read_whole(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n"))

    assert [row.values["a"] for row in read(path)] == ["1", "3"]


def test_a_wrong_encoding_inside_gzip_is_found_with_its_line(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n3,\xe4\n"))

    with pytest.raises(TableError, match=r'a\.csv\.gz:3: "3,\\xe4": text in UTF-8'):
        list(read(path))
