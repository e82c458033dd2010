"""Expectation-maximisation of models in which each unit has one true category and raters err independently."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray
from calibration.stats.votes import Votes

#: below this a probability is nought to the logarithm
_TINY = 1e-300

ErrorsOf = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Fits:
    """A model of R raters and q categories, fitted to P sets of answers under B weightings.

    *prevalence* [q, B], *errors* and *expected* [R, q, q, B], *posterior* [P, q, B] as in `latent.Latent`;
    *log_likelihood* and *rounds* [B].
    """

    prevalence: FloatArray
    errors: FloatArray
    expected: FloatArray
    posterior: FloatArray
    log_likelihood: FloatArray
    rounds: IntArray


def maximised(
    votes: Votes,
    errors_of: ErrorsOf,
    weight: FloatArray,
    start: FloatArray,
    *,
    tolerance: float,
    most_rounds: int,
) -> Fits:
    """Expectation-maximisation of one model under B weightings of the units at once.

    Parameters
    ----------
    votes : the distinct sets of answers
    errors_of : expected ratings [R, q, q, B] -> chance of a label (third axis) by true category (second) [R, q, q, B]
    weight : float array [P, B], units of each set
    start : float array [P, q], the beliefs to begin with
    tolerance, most_rounds : each weighting stops by itself, once none of its beliefs moves by as much, or after as many

    Returns
    -------
    Fits; what one weighting comes to does not depend on the others.

    References
    ----------
    Dempster, Laird & Rubin 1977, doi:10.1111/j.2517-6161.1977.tb01600.x.
    """
    size = weight.shape[1]
    belief = np.repeat(_clamped(votes, start[:, :, None]), size, axis=2)
    rounds = np.zeros(size, dtype=np.int64)
    going = np.arange(size) if most_rounds else np.arange(0)
    now, own = belief, weight
    while going.size:
        after = _stepped(votes, errors_of, own, now)
        moved = np.abs(after - now).max(axis=(0, 1), initial=0.0)
        rounds[going] += 1
        stays = (moved >= tolerance) & (rounds[going] < most_rounds)
        if bool(stays.all()):
            now = after
            continue
        belief[..., going] = after
        going, now, own = going[stays], after[..., stays], own[:, stays]
    expected = _expected(votes, weight, belief)
    prevalence, errors = _prevalence(votes, weight, belief), errors_of(expected)
    belief, likelihood = _believed(votes, weight, prevalence, np.nan_to_num(errors, nan=1.0))
    return Fits(prevalence, errors, expected, belief, likelihood, rounds)


def _stepped(votes: Votes, errors_of: ErrorsOf, weight: FloatArray, belief: FloatArray) -> FloatArray:
    """One round: the parameters that the beliefs make likeliest, and what is believed under them."""
    errors = errors_of(_expected(votes, weight, belief))
    after, _ = _believed(votes, weight, _prevalence(votes, weight, belief), np.nan_to_num(errors, nan=1.0))
    return after


def _prevalence(votes: Votes, weight: FloatArray, belief: FloatArray) -> FloatArray:
    """Share of each true category [q, B]; units with a known answer were chosen, so they do not count where others
    do."""
    unknown = weight * (votes.gold < 0)[:, None]
    counted = np.where(unknown.sum(axis=0) > 0, unknown, weight)
    return np.asarray(np.einsum("pb,pqb->qb", counted, belief) / counted.sum(axis=0), dtype=np.float64)


def _clamped(votes: Votes, belief: FloatArray) -> FloatArray:
    known = votes.gold >= 0
    belief = belief.copy()
    belief[known] = np.eye(votes.categories)[votes.gold[known]][:, :, None]
    return belief


def _believed(
    votes: Votes, weight: FloatArray, prevalence: FloatArray, errors: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What is believed of each set of answers [P, q, B], and the log likelihood [B]."""
    q, size = prevalence.shape
    logs = np.log(np.maximum(errors, _TINY)).transpose(0, 2, 1, 3).reshape(-1, q * size)
    joint = np.asarray(votes.table @ logs).reshape(-1, q, size) + np.log(np.maximum(prevalence, _TINY))
    top = joint.max(axis=1)
    belief = np.exp(joint - top[:, None])
    whole = belief.sum(axis=1)
    belief /= whole[:, None]
    likelihood = top + np.log(whole)
    known = np.flatnonzero(votes.gold >= 0)
    likelihood[known] = joint[known, votes.gold[known]]
    return _clamped(votes, belief), np.asarray((weight * likelihood).sum(axis=0), dtype=np.float64)


def _expected(votes: Votes, weight: FloatArray, belief: FloatArray) -> FloatArray:
    """Ratings by rater, true category and label [R, q, q, B]."""
    sets, q, size = belief.shape
    counts = np.asarray(votes.table.T @ (weight[:, None] * belief).reshape(sets, q * size))
    return np.asarray(counts.reshape(votes.raters, q, q, size).transpose(0, 2, 1, 3), dtype=np.float64)
