"""How far the raters of a file agree: the whole file, or a group for each value of some columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from calibration import rating_files
from calibration.how import How, Json, report_of
from calibration.rating_files import Columns
from qa.core.errors import BadInput, Problem
from qa.core.tables.reading import rows_as_lists
from qa.core.tables.table import TableError


def agreement_from_file(
    path: Path, columns: Columns, how: How, *, about: Path | None = None, weights: Path | None = None
) -> Json:
    """Agreement among the raters of a file; with *columns.by* a group for each combination of their values.

    *about* is a table of units that holds the columns to group or cluster by where the file does not, *weights* a
    table that names how near labels are. Raises BadInput: a column or value that is missing, a label that is not
    declared, two labels of one rater for one unit in one round (both lines are named).
    """
    found = rating_files.read(path, columns, about)
    met = set(found.columns[columns.label].used().names)
    strangers = [] if how.categories is None else sorted(met - set(how.categories))
    if strangers:
        expected = f"one of the declared categories {', '.join(how.categories or ())}"
        raise BadInput(*(Problem(expected, path.name, field=columns.label, value=name) for name in strangers))
    reports = [
        (keys, _report(part, columns, how, weights)) for keys, part in rating_files.groups(found, columns.by)
    ]  # fmt: skip
    if not columns.by:
        return reports[0][1]
    return {"groups": [{**keys, **one} for keys, one in reports]}


def _report(found: rating_files.Read, columns: Columns, how: How, weights: Path | None) -> Json:
    ratings = rating_files.ratings_of(found, columns, how.categories)
    if weights is not None:
        how = replace(how, weights=matrix(weights, ratings.categories))
    return report_of(ratings, how, rating_files.clusters_of(found, columns))


def matrix(path: Path, labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """A matrix of weights: its first column and its header name labels, in any order.

    Raises BadInput: a label that is missing, or a cell that is no number.
    """
    cells: dict[str, list[float]] = {}
    with rows_as_lists(path, required=labels) as table:
        places = [table.header.index(label) for label in labels]
        for line, row in table:
            numbers = []
            for label, place in zip(labels, places, strict=True):
                try:
                    numbers.append(float(row[place]))
                except ValueError:
                    wrong = TableError("a number", file=path.name, line=line, field=label, value=row[place])
                    raise wrong from None
            cells[row[0].strip()] = numbers
        missing = [label for label in labels if label not in cells]
        if missing:
            raise TableError(f"a row for {', '.join(missing)}", file=path.name, field=table.header[0])
    return np.array([cells[label] for label in labels], dtype=np.float64)
