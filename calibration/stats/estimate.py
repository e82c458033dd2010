"""A weighted accuracy figure: what it says, when it may be said, and against which target."""

import math
from dataclasses import dataclass

from calibration.stats.intervals import (
    Interval,
    clopper_pearson,
    effective_size,
    smoothed_effective_size,
    wilson,
)
from calibration.stats.ratings import FloatArray

UNDERLYING = "underlying"
PERIOD = "period"
KORN_GRAUBARD = "Korn-Graubard, effective size capped"
SMOOTHED_WILSON = "Wilson, smoothed design effect"
OPEN_RANGE = "from all open cases wrong to all right"

#: a figure is final when at most this share of its drawn cases is open
OPEN_SHARE = 0.02
#: from this sampling fraction on a period's figure knows noticeably more than a sample of an endless frame
LARGE_FRACTION = 0.10
#: below this many cases, or above this width, a figure is not shown
FEWEST_CASES = 30
WIDEST = 0.30


@dataclass(frozen=True, slots=True)
class Estimate:
    """One accuracy figure; *estimate* is nan with a *reason* where none can be given.

    *low* and *high* are the interval, or, with *reason* "in progress", the range that the open cases
    leave. *n* counts settled cases, *raw* is their unweighted share right, *n_effective* the cases of a
    simple sample that would tell as much.
    """

    estimate: float
    low: float
    high: float
    n: int
    n_effective: float
    open: int
    frame: int
    raw: float
    estimand: str
    method: str | None
    reason: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a design found: the weighted share, its variance, and the cases and strata it rests on."""

    share: float
    variance: float
    n: int
    freedom: int
    strata: int
    frame: float


def design_size(found: Sampled, estimand: str, level: float) -> float:
    """Effective size of a design: Korn-Graubard's, capped at the cases that there are.

    One stratum counts as it is. For a period with a large sampling fraction the cap is
    n (N - 1) / (N - n), so a census has no width.
    """
    cap = float(found.n)
    if estimand == PERIOD and found.n >= LARGE_FRACTION * found.frame:
        rest = found.frame - found.n
        cap = found.n * (found.frame - 1) / rest if rest > 0 else math.inf
    if found.strata == 1:
        return cap
    return effective_size(found.share, found.variance, found.n, found.freedom, cap, level)


def at_size(share: float, size: float, *, level: float) -> Interval:
    """Clopper-Pearson's limits of *share* at an effective size; an infinite size has no width."""
    if math.isinf(size):
        return share, share
    return clopper_pearson(share * size, size, level=level)


def smoothed(
    share: float, settled: FloatArray, right: FloatArray, of_frame: FloatArray, *, level: float
) -> tuple[float, Interval]:
    """Effective size and Wilson limits with a smoothed design effect."""
    size = smoothed_effective_size(settled, right, of_frame)
    return size, wilson(share * size, size, level=level)


def not_enough(figure: Estimate) -> str | None:
    """Why a figure may not be shown, or None.

    Parameters
    ----------
    figure : any figure; one in progress has no effective size and passes by its width

    Returns
    -------
    A sentence with fewer than 30 cases, fewer than 30 effective cases, or an interval wider than 30 points; else None.

    References
    ----------
    Parker et al. 2017, National Center for Health Statistics data presentation standards for proportions, Vital and
    Health Statistics 2(175).
    """
    if figure.n < FEWEST_CASES:
        return f"not enough data: {figure.n} of {FEWEST_CASES} cases"
    if figure.n_effective < FEWEST_CASES:
        return f"not enough data: the design leaves {figure.n_effective:.0f} of {FEWEST_CASES} effective cases"
    if not math.isnan(figure.low) and figure.high - figure.low > WIDEST:
        return f"not enough data: the interval is {100 * (figure.high - figure.low):.0f} points wide"
    return None


def cases_needed(figure: Estimate) -> int:
    """Cases from which on `not_enough` would show such a figure, if further ones are like those that there are.

    The largest of 30, n x 30 / effective cases, and n x (width / 0.30)^2, as a width shrinks with the root of n.

    >>> cases_needed(Estimate(0.9, 0.6, 0.99, 40, 25.0, 0, 400, 0.9, UNDERLYING, None, None))
    68
    """
    needed = float(FEWEST_CASES)
    if figure.n_effective > 0:
        needed = max(needed, figure.n * FEWEST_CASES / figure.n_effective)
    if not math.isnan(figure.low):
        needed = max(needed, figure.n * ((figure.high - figure.low) / WIDEST) ** 2)
    return math.ceil(needed - 1e-9)


def weeks_until_enough(n: int, cases_per_week: float, *, needed: int = FEWEST_CASES) -> int | None:
    """Full weeks until *needed* cases can be expected at *cases_per_week*; None when no case comes.

    >>> weeks_until_enough(12, 6)
    3
    """
    if n >= needed:
        return 0
    # A hair above a whole number is the rounding of the division, not another week.
    return math.ceil((needed - n) / cases_per_week - 1e-9) if cases_per_week > 0 else None


def against_target(low: float, high: float, target: float) -> str:
    """meets (the lower limit is at the target), under (the upper limit is below it), or unclear.

    >>> against_target(0.87, 0.99, 0.95)
    'unclear'
    """
    if low >= target:
        return "meets"
    return "under" if high < target else "unclear"
