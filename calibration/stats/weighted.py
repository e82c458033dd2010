"""Accuracy from a stratified draw, by counts: weights of the frame, response, open cases, joined strata."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.stats.estimate import (
    KORN_GRAUBARD,
    OPEN_RANGE,
    OPEN_SHARE,
    PERIOD,
    SMOOTHED_WILSON,
    UNDERLYING,
    Estimate,
    Sampled,
    at_size,
    design_size,
    smoothed,
)
from calibration.stats.ratings import FloatArray


@dataclass(frozen=True, slots=True)
class Stratum:
    """Cases of one stratum: eligible, drawn, settled, right, still open. The rest of the drawn is lost.

    The last part of *key* is the tier: a stratum that is too thin joins the neighbour that shares the
    parts before it.
    """

    key: tuple[str, ...]
    frame: int
    drawn: int
    settled: int
    right: int
    open: int

    def __post_init__(self) -> None:
        if not (0 <= self.right <= self.settled and self.open >= 0):
            raise ValueError(f"stratum {self.key}: right lies within settled, and open is not negative")
        if not self.settled + self.open <= self.drawn <= self.frame:
            raise ValueError(f"stratum {self.key}: settled + open <= drawn <= frame")


def _add(a: Stratum, b: Stratum) -> Stratum:
    """Both strata as one, under the key of *a*."""
    return Stratum(
        a.key,
        a.frame + b.frame,
        a.drawn + b.drawn,
        a.settled + b.settled,
        a.right + b.right,
        a.open + b.open,
    )


def neighbour(keys: Sequence[tuple[str, ...]], place: int) -> int:
    """The stratum to join *place* with: the next tier of the same group, else the next stratum at all."""
    others = [other for other in range(len(keys)) if other != place]
    return min(others, key=lambda other: (keys[other][:-1] != keys[place][:-1], abs(other - place), other))


def joined(strata: Sequence[Stratum]) -> tuple[list[Stratum], list[str]]:
    """Strata with at least two answers each, where that can be, and a sentence for every join.

    An answer is a settled or an open case. Strata of which nothing was drawn are left out and said.
    """
    known = [stratum for stratum in strata if stratum.drawn]
    notes = []
    missing = sum(stratum.frame for stratum in strata if not stratum.drawn)
    if missing:
        notes.append(f"{missing} eligible cases lie in strata of which nothing was drawn")
    while len(known) > 1:
        thin = [place for place, stratum in enumerate(known) if stratum.settled + stratum.open < 2]
        if not thin:
            break
        other = neighbour([stratum.key for stratum in known], thin[0])
        notes.append(f"{' / '.join(known[thin[0]].key)} joined with {' / '.join(known[other].key)}")
        known[other] = _add(known[other], known[thin[0]])
        del known[thin[0]]
    return known, notes


def _columns(strata: Sequence[Stratum]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """frame, settled, right, open [H]."""
    rows = [(stratum.frame, stratum.settled, stratum.right, stratum.open) for stratum in strata]
    frame, settled, right, still_open = np.array(rows, dtype=np.float64).T
    return frame, settled, right, still_open


def stratified(frame: FloatArray, settled: FloatArray, right: FloatArray, estimand: str) -> Sampled:
    """The stratified share and its variance.

    p = sum W_h p_h with W_h = N_h / N; V = sum W_h^2 (1 - f_h) p_h (1 - p_h) / (n_h - 1), without (1 - f_h) for the
    underlying rate.

    Parameters
    ----------
    frame, settled, right : float arrays [H], N_h, n_h >= 1 and x_h, cases by stratum
    estimand : underlying or period

    Returns
    -------
    Sampled: the share in [0, 1], its variance, cases and strata. A stratum with one case adds no variance: join it.

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd ed., chapter 5.

    >>> found = stratified(np.array([80.0, 20.0]), np.array([10.0, 10.0]), np.array([10.0, 5.0]), UNDERLYING)
    >>> found.share, round(found.variance, 6)
    (0.9, 0.001111)
    """
    weight = frame / frame.sum()
    share = right / settled
    left = 1 - settled / frame if estimand == PERIOD else np.ones(frame.size)
    variance = weight**2 * left * share * (1 - share) / np.maximum(settled - 1, 1)
    n = int(settled.sum())
    overall = min(1.0, float(weight @ share))
    return Sampled(overall, float(variance.sum()), n, n - frame.size, frame.size, float(frame.sum()))


def nothing(n: int, still_open: int, frame: int, estimand: str, notes: Sequence[str]) -> Estimate:
    """The figure of a frame in which nothing is settled or open."""
    nan = float("nan")
    reason = "no case is settled"
    return Estimate(nan, nan, nan, n, 0.0, still_open, frame, nan, estimand, None, reason, tuple(notes))


def accuracy(
    strata: Sequence[Stratum],
    *,
    estimand: str = UNDERLYING,
    level: float = 0.95,
    interval: str = KORN_GRAUBARD,
) -> Estimate:
    """The design-weighted share of right decisions of one plan's draws.

    Parameters
    ----------
    strata : cases by stratum; lost cases count through their stratum's weight (frame over settled)
    estimand : underlying (the rate behind the cases, no finite population correction) or period (the
        share among these very cases)
    level : coverage
    interval : KORN_GRAUBARD for anything that follows from it, SMOOTHED_WILSON for dense overviews

    Returns
    -------
    Estimate. While more than 2 % of the drawn cases are open there is no estimate: low and high are the
    shares with all open cases wrong and all right.

    Raises
    ------
    ValueError : an unknown estimand or interval, or counts that contradict each other.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24(2), 193-201.

    >>> figure = accuracy([Stratum(("ann", "low"), 400, 40, 40, 38, 0)])
    >>> figure.estimate, round(figure.low, 3), round(figure.high, 3)
    (0.95, 0.831, 0.994)
    """
    if estimand not in (UNDERLYING, PERIOD) or interval not in (KORN_GRAUBARD, SMOOTHED_WILSON):
        raise ValueError(f"no estimand {estimand!r} or interval {interval!r}")
    drawn, still_open = sum(stratum.drawn for stratum in strata), sum(stratum.open for stratum in strata)
    n, size_of_frame = sum(stratum.settled for stratum in strata), sum(stratum.frame for stratum in strata)
    known, notes = joined(strata)
    if n + still_open == 0:
        return nothing(n, still_open, size_of_frame, estimand, notes)
    if still_open > OPEN_SHARE * drawn:
        return _open_range(known, n, still_open, size_of_frame, estimand, notes)
    known, notes = joined([_closed(stratum) for stratum in strata])
    frame, settled, right, _ = _columns(known)
    found = stratified(frame, settled, right, estimand)
    if interval == KORN_GRAUBARD:
        size = design_size(found, estimand, level)
        low, high = at_size(found.share, size, level=level)
    else:
        size, (low, high) = smoothed(found.share, settled, right, frame / frame.sum(), level=level)
    raw = float(right.sum() / n)
    return Estimate(
        found.share, low, high, n, size, still_open, size_of_frame, raw, estimand, interval, None, tuple(notes)
    )


def _closed(stratum: Stratum) -> Stratum:
    """The stratum with its few open cases counted like lost ones."""
    return Stratum(stratum.key, stratum.frame, stratum.drawn, stratum.settled, stratum.right, 0)


def _open_range(
    strata: Sequence[Stratum], n: int, still_open: int, size: int, estimand: str, notes: Sequence[str]
) -> Estimate:
    """No figure yet: the share if every open case were wrong, and if every one were right."""
    frame, settled, right, unsettled = _columns(strata)
    answered = settled + unsettled
    weight = frame / frame.sum()
    low, high = float(weight @ (right / answered)), float(weight @ ((right + unsettled) / answered))
    raw = float(right.sum() / n) if n else float("nan")
    nan = float("nan")
    return Estimate(
        nan, low, min(1.0, high), n, nan, still_open, size, raw, estimand, OPEN_RANGE, "in progress", tuple(notes)
    )
