"""Did training work: the change of accuracy with its interval, less what chance alone brings."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.stats.estimate import FEWEST_CASES, Estimate
from calibration.stats.intervals import newcombe
from calibration.stats.ratings import FloatArray
from calibration.stats.shrink import Prior, expected_by_chance, shrunken

#: weeks before the crossing that make the earlier window; the weeks between it and the crossing triggered
EARLIER_WEEKS = (-12, -5)
#: days after completion that count for neither window, and settled cases of the later one
WASH_OUT_DAYS = 7
LATER_CASES = 60

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Effect:
    """The change of one agent's accuracy, in shares; nan with a *reason* where none can be given.

    *kind* is "effect" only against a randomised control, else "change"; None when there is no figure.
    """

    n_pre: int
    n_post: int
    pre: float
    shrunken_pre: float
    post: float
    change: float
    change_from_shrunken: float
    expected_by_chance: float
    low: float
    high: float
    kind: str | None
    reason: str | None


def windows(
    closed_day: FloatArray, random: BoolArray, *, crossed_day: float, completed_day: float
) -> tuple[BoolArray, BoolArray]:
    """Which settled cases, in order of closing, make the earlier and the later window.

    Parameters
    ----------
    closed_day : float array [n], days since any origin, ascending
    random : bool array [n], drawn at random (never hand-picked)
    crossed_day, completed_day : when the signal crossed and the training was completed

    Returns
    -------
    (earlier, later), bool arrays [n]: the 12th to the 5th week before the crossing, and the first 60 cases
    from a week after completion. The weeks that triggered the training are in neither.

    Raises
    ------
    ValueError : *closed_day* is not ascending.
    """
    if bool((np.diff(closed_day) < 0).any()):
        raise ValueError("cases come in order of closing")
    start, stop = (crossed_day + 7 * weeks for weeks in EARLIER_WEEKS)
    earlier = random & (closed_day >= start) & (closed_day < stop)
    after = random & (closed_day >= completed_day + WASH_OUT_DAYS)
    later = after & (np.cumsum(after) <= LATER_CASES)
    return earlier, later


def difference(first: Estimate, second: Estimate) -> tuple[float, float, float]:
    """second - first with Newcombe's interval from both figures' own limits: (change, low, high)."""
    low, high = newcombe(first.estimate, (first.low, first.high), second.estimate, (second.low, second.high))
    return second.estimate - first.estimate, low, high


def effect(
    pre: Estimate,
    post: Estimate,
    prior: Prior,
    *,
    trigger: tuple[int, int] | None = None,
    mix_shift: float = 0.0,
    control: tuple[Estimate, Estimate] | None = None,
) -> Effect:
    """The change from the earlier window to the later one.

    Parameters
    ----------
    pre, post : the agent's accuracy in the earlier and the later window
    prior : the team's, for the shrunken earlier value and for what chance alone brings
    trigger : (right, total) of the window that triggered the training; its low figure recovers by itself, so
        `expected_by_chance` is what a comparison with it would show without any effect. None takes *pre*
    mix_shift : expected accuracy of the later window's cases less that of the earlier one's at unchanged
        skill; taken off the change
    control : the same two windows of a randomised control; the result is then an effect, the
        difference of the two changes

    Returns
    -------
    Effect; kind None with the reason "not enough data" when a window has fewer than 30 settled cases or is
    still in progress.

    References
    ----------
    Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I; Barnett,
    van der Pols & Dobson 2005, doi:10.1093/ije/dyh299 (regression to the mean).
    """
    right, total = trigger if trigger is not None else (pre.raw * pre.n if pre.n else 0.0, pre.n)
    chance = expected_by_chance(prior, right, total)
    own = float(shrunken(prior, np.array([pre.raw * pre.n if pre.n else 0.0]), np.array([pre.n]))[0])
    nan = math.nan
    reason = _too_little(pre, post, *(control or ()))
    if reason is not None:
        return Effect(pre.n, post.n, pre.estimate, own, post.estimate, nan, nan, chance, nan, nan, None, reason)
    change, low, high = difference(pre, post)
    if control is not None:
        other, other_low, other_high = difference(*control)
        low, high = newcombe(other, (other_low, other_high), change, (low, high))
        change -= other
    return Effect(
        pre.n,
        post.n,
        pre.estimate,
        own,
        post.estimate,
        change - mix_shift,
        post.estimate - own - mix_shift,
        chance,
        low - mix_shift,
        high - mix_shift,
        "change" if control is None else "effect",
        None,
    )


def _too_little(*figures: Estimate) -> str | None:
    """Why no change can be given, or None."""
    if any(math.isnan(figure.estimate) for figure in figures if figure.n >= FEWEST_CASES):
        return "not enough data: a window is still in progress"
    fewest = min(figure.n for figure in figures)
    return f"not enough data: {fewest} of {FEWEST_CASES} cases" if fewest < FEWEST_CASES else None
