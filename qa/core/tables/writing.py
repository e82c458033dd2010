"""Tables handed out: streamed, every value as it is, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

#: What makes a spreadsheet take a cell for a formula, in the full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)


def safe_cell(value: object) -> str:
    """The text of a CSV cell; what a spreadsheet would run gets an apostrophe in front. Numbers stay.

    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell(-0.5), safe_cell(None), safe_cell("@all")
    ("'=1+1", '-5', '-0.5', '', "'@all")
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text


class _Line:
    """What the csv module writes its line into."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]], *, bom: bool = False) -> Iterator[str]:
    r"""A CSV file (RFC 4180, line ends CR LF), line by line; *bom* for programs that guess the encoding.

    >>> list(csv_lines(["case", "note"], [["c-1", "a, b"], ["c-2", "=x"]]))
    ['case,note\r\n', 'c-1,"a, b"\r\n', "c-2,'=x\r\n"]
    """
    line = _Line()
    writer = csv.writer(line)
    writer.writerow([safe_cell(name) for name in header])
    yield ("\ufeff" if bom else "") + line.text
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        yield line.text


def json_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    r"""The same rows as JSON Lines: numbers, truth values and null stay, the rest is text; nan is null.

    >>> list(json_lines(["case", "n"], [["c-1", 3], ["=x", None]]))
    ['{"case": "c-1", "n": 3}\n', '{"case": "=x", "n": null}\n']
    """
    for row in rows:
        found = {name: None if _is_nan(value) else value for name, value in zip(header, row, strict=True)}
        yield json.dumps(found, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def _is_nan(value: object) -> bool:
    """Whether a value is a figure that is not defined."""
    return isinstance(value, float) and math.isnan(value)
