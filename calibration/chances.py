"""What a selection weighs when several plans could have drawn the case: 1 / (sum of its chances in all of them)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from qa import chances
from qa.queries.measured import DrawnCase


def weights(rows: Sequence[DrawnCase]) -> list[float]:
    """The weight of each selection.

    With one plan 1 / probability. With several, every selection of a case weighs 1 / (sum of its probabilities in all
    windows that contain it), drawn there or not: so the estimate is unbiased however the plans overlap.
    """
    drawn: dict[int, dict[int, float]] = defaultdict(dict)
    for row in rows:
        drawn[row.case_id][row.draw_id] = row.probability
    sums = chances.combined(drawn)
    return [1 / sums[row.case_id] for row in rows]
