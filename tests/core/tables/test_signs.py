"""Another sign than the file's name says: told by the first rows, and never against what they say."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.core.tables import signs

CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=6)


def put(folder: Path, content: bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
def test_whatever_stands_in_its_cells_comes_back(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["one", "two", "three"], *rows])
    path = put(tmp_path_factory.mktemp("signs"), out.getvalue().encode())

    mended = signs.mend(path, "a.csv")

    if mended is not None:
        assert mended == "semicolons"
        assert list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:] == rows
    else:
        assert any(sign in cell for row in rows for cell in row for sign in "\t|,")


@pytest.mark.parametrize(
    "content",
    [
        b"one,two\n1;2,3\n",
        b"one;two\n1;2\n3\n",
        b"one;t,wo\n1;2\n",
        b"one;\n1;2\n",
        b"one\n1;2\n",
        "one;café\n1;2\n".encode("cp1252"),
        b'one;two\n1;"2\n',
        b"",
    ],
)
def test_what_nobody_can_be_sure_of_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    path = put(tmp_path, content)

    assert signs.mend(path, "a.csv") is None and path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_lines_stay_where_they_were_and_a_mark_at_the_start_goes(tmp_path: Path) -> None:
    path = put(tmp_path, '\ufeffone;two\r\n\r\n"a\nb";"x, y"\r\n3;4\r\n'.encode())

    assert signs.mend(path, "A.CSV") == "semicolons"
    assert path.read_text(encoding="utf-8") == 'one,two\n\n"a\nb","x, y"\n3,4\n'
