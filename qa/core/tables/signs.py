"""Tables of text whose columns are separated by another sign than their name says, as spreadsheets of many countries
write them: told by their first rows, and written anew with the right one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from qa.core.tables.delimited import SIGNS

#: Rows that are looked at, and the bytes of the largest file that is written anew while somebody waits.
ROWS, MOST_BYTES = 200, 64 << 20
_OWN = {".csv": ",", ".tsv": "\t"}


def mend(path: Path, name: str) -> str | None:
    """Write a file that was put aside anew, with the sign that its name promises; what separated its columns, in words.

    None, and the file stays as it is, where its columns are separated as they should be, or nobody can be sure:
    another sign must part each of the first rows into as many cells as the header, and its own sign none of the header.
    """
    own = _OWN.get(Path(name).suffix.lower())
    if own is None or path.stat().st_size > MOST_BYTES:
        return None
    fitting = [sign for sign in SIGNS if sign != own and _fits(path, sign, own)]
    if len(fitting) != 1 or not _written(path, fitting[0], own):
        return None
    return SIGNS[fitting[0]]


def _rows(path: Path, sign: str) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        yield from csv.reader(text, delimiter=sign, strict=True)


def _fits(path: Path, sign: str, own: str) -> bool:
    try:
        rows = list(islice(filter(None, _rows(path, sign)), ROWS))
    except (csv.Error, UnicodeDecodeError):
        return False
    if not rows or len(rows[0]) < 2 or any(own in cell for cell in rows[0]):
        return False
    return all(len(row) == len(rows[0]) for row in rows) and all(cell.strip() for cell in rows[0])


def _written(path: Path, sign: str, own: str) -> bool:
    """Whether all of it could be written anew; lines stay where they were, so that messages name them rightly."""
    anew = path.with_name(f"{path.name}.anew")
    try:
        with anew.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, delimiter=own, lineterminator="\n").writerows(_rows(path, sign))
        anew.replace(path)
    except (csv.Error, UnicodeDecodeError):
        return False
    finally:
        anew.unlink(missing_ok=True)
    return True
