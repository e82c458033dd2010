"""An error rate that fallible graders observed, freed of the graders' own errors: Rogan and Gladen's estimator."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.intervals import Interval


@dataclass(frozen=True, slots=True)
class Observed:
    """*hits* of *total* cases; fractions where pairs of raters are counted by halves."""

    hits: float
    total: float

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.total:
            raise ValueError(f"hits lie within 0..total, not {self.hits} of {self.total}")

    @property
    def share(self) -> float:
        """hits / total; nan without a case."""
        return self.hits / self.total if self.total else float("nan")


def rogan_gladen(observed: float, sensitivity: float, specificity: float) -> float:
    """The true error rate behind an observed one.

    e = (D - h) / (Se - h) with h = 1 - Sp, held within [0, 1]. For agents whom graders check: D is the share of
    decisions from which the grader differs, h the graders' own error rate (half the share in which two graders of
    one case differ), Se the chance that a grader differs from a wrong decision.

    Parameters
    ----------
    observed : D, in [0, 1]
    sensitivity, specificity : Se and Sp, in [0, 1]

    Returns
    -------
    float in [0, 1]; nan where Se + Sp <= 1: then differing tells nothing about being wrong.

    References
    ----------
    Rogan & Gladen 1978, doi:10.1093/oxfordjournals.aje.a112510.

    >>> round(rogan_gladen(0.098, 0.98, 0.96), 4)
    0.0617
    """
    room = sensitivity + specificity - 1
    if not room > 0:
        return float("nan")
    return float(min(1.0, max(0.0, (observed + specificity - 1) / room)))


def lang_reiczigel(
    observed: Observed, sensitivity: Observed, specificity: Observed, *, level: float = 0.95
) -> Interval:
    """Interval of `rogan_gladen` where sensitivity and specificity are estimates themselves.

    Parameters
    ----------
    observed : differing cases
    sensitivity : wrong cases at which a grader differed, of all wrong ones looked at
    specificity : right cases at which a grader agreed, of all right ones looked at
    level : coverage, in (0, 1)

    Returns
    -------
    (low, high) within [0, 1]; (nan, nan) without a case, or where the adjusted Se + Sp <= 1. Putting a corrected
    rate into a binomial interval instead covers as little as 60 %.

    Raises
    ------
    ValueError : *level* not in (0, 1).

    References
    ----------
    Lang & Reiczigel 2014, doi:10.1016/j.prevetmed.2013.09.015, equations 14 to 16; the (1 + pi)^2 of its variance
    is read as (1 - pi)^2, as the derivation has it.

    >>> found = lang_reiczigel(Observed(49, 500), Observed(98, 100), Observed(480, 500))
    >>> [round(x, 3) for x in found]
    [0.03, 0.097]
    """
    if not 0 < level < 1:
        raise ValueError(f"level lies between 0 and 1, not {level}")
    z = float(scipy.special.ndtri((1 + level) / 2))
    if not (observed.total and sensitivity.total and specificity.total):
        return float("nan"), float("nan")
    n = observed.total + z**2
    p = (observed.hits + z**2 / 2) / n
    n_se, n_sp = sensitivity.total + 2, specificity.total + 2
    se, sp = (sensitivity.hits + 1) / n_se, (specificity.hits + 1) / n_sp
    room = se + sp - 1
    if not room > 0:
        return float("nan"), float("nan")
    rate = (p + sp - 1) / room
    of_se, of_sp = se * (1 - se) / n_se, sp * (1 - sp) / n_sp
    moved = rate + 2 * z**2 * (rate * of_se - (1 - rate) * of_sp)
    half = z * np.sqrt(p * (1 - p) / n + rate**2 * of_se + (1 - rate) ** 2 * of_sp) / room
    return float(np.clip(moved - half, 0, 1)), float(np.clip(moved + half, 0, 1))
