"""How agreement is computed: the options of the command, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from calibration.stats.agreement import report
from calibration.stats.ratings import IntArray, Ratings
from qa.core.errors import BadInput, Problem

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class How:
    """How agreement is computed: the options of the command."""

    level: str = "nominal"
    weights: str | npt.NDArray[np.float64] = "identity"
    categories: tuple[str, ...] | None = None
    bootstrap: int | None = None
    confidence: float = 0.95
    interval: str = "policy"


def report_of(ratings: Ratings, how: How, cluster: IntArray | None = None) -> Json:
    """The report of *ratings*. Raises BadInput for options that do not exist or do not fit."""
    try:
        return report(
            ratings, level=how.level, weights=how.weights, confidence=how.confidence, bootstrap=how.bootstrap,
            interval=how.interval, cluster=cluster,
        )  # fmt: skip
    except ValueError as error:
        raise BadInput(Problem(str(error))) from error
