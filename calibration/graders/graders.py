"""How good each rater of a file is: from their labels alone where those can tell, and against known answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration import rating_files
from calibration.graders import rows as grader_rows
from calibration.graders.rows import Raters
from calibration.rating_files import Columns, Read
from calibration.stats.latent_interval import REPLICATES, SEED
from calibration.stats.ratings import Column, IntArray, Ratings, in_order
from qa.core.errors import BadInput, Problem

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A table of known answers, and the column that holds them."""

    path: Path
    column: str


def graders_from_file(
    path: Path,
    columns: Columns,
    *,
    known: Known | None = None,
    about: Path | None = None,
    confidence: float = 0.95,
    replicates: int = REPLICATES,
) -> Json:
    """Each rater of a file: accuracy from labels alone, corrected and shrunken figures, leaning, and *known* answers.

    With *columns.by* also each rater's share right for every value of these columns, and where it stands out.
    Units with a known answer are held to it by the model; the others are estimated. Raises BadInput as
    `rating_files.read`; a unit that is not among the known answers, or has an empty one, is simply not known.
    """
    if not 0 < confidence < 1:
        raise BadInput(Problem("a number between 0 and 1", field="confidence", value=str(confidence)))
    found = rating_files.read(path, columns, about or (known.path if known else None))
    truth = None
    labels = set(found.columns[columns.label].used().names)
    if known is not None:
        there = rating_files.looked_up(found, columns.unit, known.path, [known.column], absent_ok=True)
        truth = there[known.column]
        labels |= {name for name in truth.used().names if name}
    ratings = rating_files.ratings_of(found, columns, tuple(in_order(sorted(labels))))
    return _printed(found, Raters(ratings, _gold(ratings, truth), confidence, replicates), columns)


def _gold(ratings: Ratings, truth: Column | None) -> IntArray:
    """The known category of each unit; -1 where none is known."""
    gold = np.full(ratings.unit_count, -1, dtype=np.int64)
    if truth is not None:
        place = {name: code for code, name in enumerate(ratings.categories)}
        of_name = np.array([place.get(name, -1) for name in truth.names], dtype=np.int64)
        gold[ratings.unit] = of_name[truth.codes]
    return gold


def _printed(found: Read, raters: Raters, columns: Columns) -> Json:
    ratings, reason = raters.ratings, raters.reason
    shown: Json = {
        "units": ratings.unit_count,
        "known_units": int((raters.gold >= 0).sum()),
        "ratings": len(ratings),
        "categories": list(ratings.categories),
        "by": list(columns.by),
        "confidence": raters.confidence,
        "identified": reason is None,
        "reason": reason,
        "model": None,
    }
    if reason is None:
        shown["model"] = grader_rows.model(raters) | {"replicates": raters.replicates, "seed": SEED}
    groups = rating_files.groups(found, columns.by) if columns.by else []
    shown["raters"] = grader_rows.by_rater(raters)
    shown["below_the_rest"] = grader_rows.below_the_rest(raters)
    shown["groups"] = grader_rows.by_group(raters, [(keys, part.row) for keys, part in groups])
    shown["stands_out"] = [row for row in shown["groups"] if row["stands_out"]]
    shown["against_truth"] = grader_rows.against_truth(raters, [(keys, part.row) for keys, part in groups])
    shown["warnings"] = grader_rows.warnings(raters)
    return shown
