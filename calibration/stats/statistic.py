"""A figure as a function of totals over units: what a standard error and a resample need of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray

#: what stands in a sentence when a chance-corrected figure is 0/0
NO_VARIATION = "no variation: every rating is the same category"
NO_PAIRS = "no unit has two ratings"


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure, its standard error, and the way to compute it again from resampled units.

    *columns* [P, c] are what each pattern adds to the totals, *units* [P] how many units show the
    pattern, *of_totals* maps totals [.., c] to values [..], *influence* [P] is a unit's pull on the
    value (mean nought over units). A figure without columns cannot be resampled.
    """

    value: float
    se: float
    columns: FloatArray
    units: FloatArray
    of_totals: Callable[[FloatArray], FloatArray]
    influence: FloatArray
    reason: str | None = None

    @property
    def unit_count(self) -> float:
        """Units that the figure rests on."""
        return float(self.units.sum())

    def again(self, draws: FloatArray) -> FloatArray:
        """The figure for each row of *draws* [B, P], units per pattern; an undefined one counts as 1."""
        values = self.of_totals(draws @ self.columns)
        return np.where(np.isnan(values), 1.0, values)


def spread(influence: FloatArray, units: FloatArray) -> float:
    """Standard error sqrt(sum of squared influences / (n (n - 1))); nan below two units."""
    n = float(units.sum())
    if n < 2 or bool(np.isnan(influence).any()):
        return float("nan")
    return float(np.sqrt(units @ influence**2 / (n * (n - 1))))


def corrected(agreement: FloatArray, chance: FloatArray) -> FloatArray:
    """(agreement - chance) / (1 - chance), nan where chance leaves no room."""
    room = 1.0 - chance
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(room > 1e-12, (agreement - chance) / room, np.nan)


def ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """top / bottom, nan where the bottom is nought."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)
