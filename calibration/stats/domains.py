"""Accuracy in domains that cut across strata, and over several plans: case by case, with weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from calibration.stats.estimate import (
    KORN_GRAUBARD,
    OPEN_RANGE,
    OPEN_SHARE,
    PERIOD,
    UNDERLYING,
    Estimate,
    Sampled,
    at_size,
    design_size,
)
from calibration.stats.ratings import FloatArray, IntArray, sums
from calibration.stats.weighted import neighbour, nothing

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Selections:
    """Drawn cases, one row a selection: a case that two plans drew has two rows.

    *stratum* are codes into *keys* and *frame* (a stratum belongs to one draw of one plan), *weight* is
    1 / (sum of the case's probabilities in all windows that contain it), *right* is read where *settled*;
    what is neither settled nor open is lost.
    """

    stratum: IntArray
    weight: FloatArray
    settled: BoolArray
    open: BoolArray
    right: BoolArray
    keys: tuple[tuple[str, ...], ...]
    frame: FloatArray

    def __post_init__(self) -> None:
        if bool((self.settled & self.open).any()) or bool((self.weight < 0).any()):
            raise ValueError("a case is settled or open, not both, and weights are not negative")


def _merged(cases: Selections, answered: BoolArray) -> tuple[IntArray, FloatArray, list[str]]:
    """Strata after thin ones joined a neighbour: code by case, frame by code, a sentence for each join."""
    size = len(cases.keys)
    group = np.arange(size)
    drawn = np.bincount(cases.stratum, minlength=size)
    count = np.bincount(cases.stratum[answered], minlength=size)
    frame = cases.frame.astype(np.float64)
    alive = [code for code in range(size) if drawn[code]]
    notes = []
    while len(alive) > 1:
        thin = [place for place, code in enumerate(alive) if count[code] < 2]
        if not thin:
            break
        gone = alive[thin[0]]
        into = alive[neighbour([cases.keys[code] for code in alive], thin[0])]
        notes.append(f"{' / '.join(cases.keys[gone])} joined with {' / '.join(cases.keys[into])}")
        group[group == gone] = into
        count[into] += count[gone]
        frame[into] += frame[gone]
        alive.remove(gone)
    return group[cases.stratum], frame, notes


def _answered_weight(weight: FloatArray, stratum: IntArray, answered: BoolArray, size: int) -> FloatArray:
    """Each answered case's weight, raised for the lost ones of its stratum; 0 for the others."""
    drawn = sums(stratum, weight, size)
    heard = sums(stratum, np.where(answered, weight, 0.0), size)
    raise_by = np.divide(drawn, heard, out=np.zeros_like(drawn), where=heard > 0)
    return np.where(answered, weight * raise_by[stratum], 0.0)


def linearised_variance(
    stratum: IntArray, part: FloatArray, answered: BoolArray, frame: FloatArray, estimand: str
) -> float:
    """V = sum over strata of (1 - f_h) n_h / (n_h - 1) sum (e_i - mean e)^2.

    Parameters
    ----------
    stratum : int array [n], codes into *frame*
    part : float array [n], e_i = 1[i in domain] w_i (y_i - p) / N_d
    answered : bool array [n], the cases that count
    frame : float array [H], N_h; read by the period's correction f_h = n_h / N_h
    estimand : underlying drops the correction

    References
    ----------
    Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, chapter 5.
    """
    size = frame.size
    count = np.bincount(stratum[answered], minlength=size).astype(np.float64)
    total = sums(stratum[answered], part[answered], size)
    squares = sums(stratum[answered], part[answered] ** 2, size)
    inner = squares - np.divide(total**2, count, out=np.zeros(size), where=count > 0)
    factor = np.divide(count, count - 1, out=np.zeros(size), where=count > 1)
    if estimand == PERIOD:
        factor = factor * np.clip(1 - np.divide(count, frame, out=np.ones(size), where=frame > 0), 0, 1)
    return float(factor @ np.maximum(inner, 0.0))


def _share(weight: FloatArray, right: BoolArray, member: BoolArray) -> float:
    whole = float(weight[member].sum())
    # Both sums run over other rows, so that one of all right ones can come out a hair above the whole.
    return min(1.0, float(weight[member & right].sum()) / whole) if whole > 0 else float("nan")


def domain(
    cases: Selections,
    member: BoolArray,
    *,
    frame: int | None = None,
    estimand: str = UNDERLYING,
    level: float = 0.95,
) -> Estimate:
    """The weighted share of right decisions in a part of the frame (a policy, a language, a queue, all).

    Parameters
    ----------
    cases : every selection of the strata concerned, members or not: they carry the variance
    member : bool array [n], which cases are of the domain
    frame : eligible cases of the domain, where known; else their estimate
    estimand : underlying or period
    level : coverage

    Returns
    -------
    Estimate: Hajek's ratio p = sum w y / sum w, its variance linearised within strata, Korn-Graubard's
    interval with the effective size capped at the domain's cases. While more than 2 % of the domain's drawn
    cases are open, the range that they leave.

    Raises
    ------
    ValueError : an unknown estimand, or *member* of another length.

    References
    ----------
    Hajek 1971, comment in Foundations of Statistical Inference; Korn & Graubard 1998, Survey
    Methodology 24(2), 193-201.
    """
    if estimand not in (UNDERLYING, PERIOD) or member.shape != cases.stratum.shape:
        raise ValueError(f"estimand {estimand!r} is unknown, or members and cases differ in number")
    drawn, still_open = int(member.sum()), int((member & cases.open).sum())
    n = int((member & cases.settled).sum())
    running = still_open > OPEN_SHARE * drawn
    answered = cases.settled | cases.open if running else cases.settled
    stratum, sizes, notes = _merged(cases, answered)
    weight = _answered_weight(cases.weight, stratum, answered, sizes.size)
    size = frame if frame is not None else round(float(weight[member].sum()))
    if n + (still_open if running else 0) == 0:
        return nothing(n, still_open, size, estimand, notes)
    if running:
        return _open_range(cases, member, weight, (n, still_open, size), estimand, notes)
    share = _share(weight, cases.right, member)
    part = np.where(member, weight * (cases.right - share), 0.0) / weight[member].sum()
    touched = np.unique(stratum[member & answered])
    freedom = int(np.isin(stratum[answered], touched).sum()) - touched.size
    found = Sampled(
        share,
        linearised_variance(stratum, part, answered, sizes, estimand),
        n,
        min(freedom, n - 1),
        int(np.unique(stratum).size) + int(not member.all()),
        float(weight[member].sum()),
    )
    effective = design_size(found, estimand, level)
    low, high = at_size(share, effective, level=level)
    raw = float(cases.right[member & cases.settled].mean())
    return Estimate(share, low, high, n, effective, still_open, size, raw, estimand, KORN_GRAUBARD, None, tuple(notes))


def _open_range(
    cases: Selections,
    member: BoolArray,
    weight: FloatArray,
    counts: tuple[int, int, int],
    estimand: str,
    notes: Sequence[str],
) -> Estimate:
    """No figure yet: the share if every open case were wrong, and if every one were right."""
    n, still_open, size = counts
    nan = float("nan")
    settled_right = cases.right & cases.settled
    low, high = _share(weight, settled_right, member), _share(weight, settled_right | cases.open, member)
    raw = float(cases.right[member & cases.settled].mean()) if n else nan
    return Estimate(nan, low, high, n, nan, still_open, size, raw, estimand, OPEN_RANGE, "in progress", tuple(notes))


def combined_weight(probabilities: Sequence[float]) -> float:
    """Weight of every selection of a case that several windows contain: 1 / sum of its probabilities.

    Parameters
    ----------
    probabilities : the case's inclusion probability in each window that contains it, in [0, 1]

    Returns
    -------
    float, 1 / P where P is their sum; over a case's expected P selections it adds up to 1, so weighted totals are
    unbiased however the plans overlap.

    Raises
    ------
    ValueError : no probability above 0, or one above 1.

    References
    ----------
    Mecatti 2007, Survey Methodology 33(2), 151-157 (the multiplicity estimator for overlapping frames).

    >>> combined_weight([0.25, 0.25])
    2.0
    """
    if not probabilities or not all(0 <= p <= 1 for p in probabilities) or sum(probabilities) == 0:
        raise ValueError(f"probabilities lie within 0..1 and are not all nought: {list(probabilities)}")
    return 1 / sum(probabilities)
