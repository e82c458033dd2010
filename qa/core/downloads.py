"""Tables handed out by pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from qa.core.tables.writing import csv_lines


def csv_of(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file called *name*, safe to open in a spreadsheet."""
    answer = Response(list(csv_lines(header, list(rows))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
