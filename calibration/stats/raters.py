"""Each rater beside the others: agreement without them, agreement with the rest, and how they lean."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.alpha import krippendorff_alpha
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import Patterns, of_units
from calibration.stats.ratings import FloatArray, IntArray, Ratings, sums
from calibration.stats.statistic import ratio

#: raters x patterns x categories that may be counted out at once; beyond, what occurs is sorted
_COUNTED = 20_000_000


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Agreement [R] without each rater, nan where undefined.

    *rater* [R] are codes, *paired* [R] the units that still have two ratings.
    """

    rater: IntArray
    alpha: FloatArray
    gwet_ac: FloatArray
    percent: FloatArray
    paired: FloatArray


@dataclass(frozen=True, slots=True)
class Beside:
    """Each rater against the others on the units that they share.

    By rater [R]: *units* shared, *same* the mean share of the others who gave the same label, *share* [R, q] how
    often the rater gives each label, *leaning* [R, q] by how much oftener than the others on the same units, with
    its standard error *se* [R, q] over units (nan below two units).
    """

    rater: IntArray
    units: FloatArray
    same: FloatArray
    share: FloatArray
    leaning: FloatArray
    se: FloatArray


def jackknife_spread(values: FloatArray) -> float:
    """Standard error over raters of a figure, from the figure without each of them.

    sqrt((R - 1) / R sum (v_g - mean v)^2).

    Parameters
    ----------
    values : float array [R], the figure without rater g

    Returns
    -------
    float, 0 or more; nan when one is undefined or there are fewer than two.

    References
    ----------
    Efron & Stein 1981, doi:10.1214/aos/1176345462; Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 5.

    >>> round(jackknife_spread(np.array([0.7, 0.8, 0.9])), 4)
    0.1155
    """
    if values.size < 2 or bool(np.isnan(values).any()):
        return float("nan")
    return float(np.sqrt((values.size - 1) / values.size * ((values - values.mean()) ** 2).sum()))


def leave_one_rater_out(ratings: Ratings, level: str, values: FloatArray, weights: FloatArray) -> LeaveOneOut:
    """Alpha and AC1/AC2 with each rater left out in turn.

    Every unit of the rater moves from its pattern to the one with a label less, so all of them together cost no more
    than a few passes over the ratings.

    Parameters
    ----------
    ratings : one round
    level, values : of alpha, as in `alpha.krippendorff_alpha`
    weights : of AC, float array [q, q]

    Returns
    -------
    LeaveOneOut. `jackknife_spread` of a column, squared and added to the variance over units, gives the variance over
    units and graders: what to expect of other graders too.

    References
    ----------
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapter 5 (unconditional variance).
    """
    cells = _cells_of(ratings)
    edges = np.searchsorted(cells.rater, np.arange(cells.raters.size + 1))
    units = cells.units
    alpha, ac, percent, paired = np.full((4, cells.raters.size), np.nan)
    for row, (start, stop) in enumerate(pairwise(edges.tolist())):
        mine = slice(start, stop)
        without = _without(cells.counts, units, cells.pattern[mine], cells.label[mine], cells.often[mine])
        alpha[row] = krippendorff_alpha(without, level, values).value
        ac[row] = coefficient("gwet_ac", without, weights).value
        percent[row] = coefficient("percent", without, weights).value
        paired[row] = without.pairable.unit_count
    return LeaveOneOut(cells.raters, alpha, ac, percent, paired)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Ratings counted by rater (a row of *raters*), the unit's pattern (a row of *counts*) and label, raters ascending.

    *units* [P] are the units of each pattern.
    """

    raters: IntArray
    counts: IntArray
    units: FloatArray
    rater: IntArray
    pattern: IntArray
    label: IntArray
    often: FloatArray


def _cells_of(ratings: Ratings) -> _Cells:
    q = len(ratings.categories)
    counts, place = of_units(ratings.unit, ratings.label, q, ratings.unit_count)
    met = np.bincount(ratings.rater, minlength=len(ratings.raters)) > 0
    row = (np.cumsum(met) - 1)[ratings.rater]
    key = (row * len(counts) + place[ratings.unit]) * q + ratings.label
    size = int(met.sum()) * len(counts) * q
    if size <= _COUNTED:
        every = np.bincount(key, minlength=size)
        found = np.flatnonzero(every)
        often = every[found]
    else:
        found, often = np.unique(key, return_counts=True)
    units = np.bincount(place, minlength=len(counts)).astype(np.float64)
    width = max(len(counts) * q, 1)
    return _Cells(
        np.flatnonzero(met), counts, units, found // width, found % width // max(q, 1), found % max(q, 1),
        often.astype(np.float64),
    )  # fmt: skip


def _without(counts: IntArray, units: FloatArray, pattern: IntArray, label: IntArray, often: FloatArray) -> Patterns:
    """Patterns after *often* units of each pattern lost one label."""
    left = units - sums(pattern, often, units.size)
    fewer = counts[pattern] - np.eye(counts.shape[1], dtype=np.int64)[label]
    all_counts, all_units = np.concatenate([counts, fewer]), np.concatenate([left, often])
    rated = (all_counts.sum(axis=1) > 0) & (all_units > 0)
    return Patterns(all_counts[rated], all_units[rated])


def beside_the_others(ratings: Ratings) -> Beside:
    """How each rater's labels compare with the others' on the same units.

    same_r = mean over the units that r shares of n_uk / (m_u - 1), the others' share for r's label;
    leaning_rk = mean of 1[r says k] - (others' share of k). A rater who calls more than the others "violates" leans
    that way, whoever is right.

    Parameters
    ----------
    ratings : one round

    Returns
    -------
    Beside, one row for every rater with a rating; nan where no unit is shared.

    References
    ----------
    de Vet, Dikmans & Eekhout 2017, doi:10.1016/j.jclinepi.2016.12.007, for the share of the others.
    """
    q, cells = len(ratings.categories), _cells_of(ratings)
    size = cells.counts.sum(axis=1)[cells.pattern]
    raters, eye = cells.raters.size, np.eye(q, dtype=np.int64)
    shared = size >= 2
    who, label, often = cells.rater[shared], cells.label[shared], cells.often[shared]
    share = (cells.counts[cells.pattern[shared]] - eye[label]) / (size[shared] - 1)[:, None]
    n = sums(who, often, raters)

    def mean(worth: FloatArray) -> FloatArray:
        return ratio(sums(who, often * worth, raters), n)

    gap = eye[label] - share
    leaning = np.array([mean(gap[:, k]) for k in range(q)]).reshape(q, raters).T
    square = np.array([mean(gap[:, k] ** 2) for k in range(q)]).reshape(q, raters).T
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(np.where(n[:, None] >= 2, np.maximum(square - leaning**2, 0) / (n[:, None] - 1), np.nan))
    given = sums(cells.rater * q + cells.label, cells.often, raters * q).reshape(raters, q)
    own = given / np.maximum(given.sum(axis=1, keepdims=True), 1)
    return Beside(cells.raters, n, mean(share[np.arange(label.size), label]), own, leaning, se)


def leaning_limits(found: Beside, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Limits (low, high) [R, q] of the leaning: t over the shared units; nan below two units."""
    with np.errstate(invalid="ignore"):
        half = scipy.special.stdtrit(np.maximum(found.units - 1, 1), (1 + confidence) / 2)[:, None] * found.se
    return found.leaning - half, found.leaning + half
