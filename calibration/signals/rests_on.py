"""What an alert of somebody below the standard rests on: the drawn cases of that day as counts, kept with the alert.

Later draws change the chances of cases that were drawn before, and later settlements what came out of them. So what
counted on the day is kept: an outsider makes the alert again from it, whatever has changed since.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calibration.tallied import Figures

#: Under which an alert keeps its rows.
KEY = "rests_on"
#: What came out of a case, as the rows say it.
RIGHT, WRONG, OPEN, LOST = "right", "wrong", "open", "lost"
#: Of one row: the stratum's inside number, a case's weight, whether the cases are the agent's, what came out, how many.
COLUMNS = ("stratum", "weight", "own", "outcome", "cases")


def rows(seen: Figures, agent_id: int) -> list[list[Any]]:
    """The cases of the strata that an agent's cases touch, those of others too: they carry the variance.

    Cases that no figure can tell apart are one row, so that a stratum has a handful of them.
    """
    cases = seen.cases
    own = seen.drawn.column("agent") == agent_id
    strata = seen.drawn.column("stratum")
    here = np.isin(strata, np.unique(strata[own]))
    fate = np.select([cases.settled & cases.right, cases.settled, cases.open], [0, 1, 2], 3)
    table = np.column_stack([strata[here], cases.weight[here], own[here], fate[here]])
    found, often = np.unique(table, axis=0, return_counts=True)
    said = (RIGHT, WRONG, OPEN, LOST)
    return [
        [int(stratum), float(weight), bool(mine), said[int(came)], int(count)]
        for (stratum, weight, mine, came), count in zip(found.tolist(), often.tolist(), strict=True)
    ]
