"""How good each rater is when nobody knows the truth: the one-coin model and Dawid and Skene's.

Both let each unit have one true category and raters err independently; expectation-maximisation starts from the
label shares of each unit. The models are for consistency checks and for history that nobody settled, not for pages.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray
from calibration.stats.votes import Votes

#: below this a probability is nought to the logarithm
_TINY = 1e-300
#: labels that every unit needs before each rater may have a confusion matrix of their own
FEWEST_LABELS = 3

Parameters = tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True)
class Latent:
    """A fitted model of R raters and q categories.

    *accuracy* [R] is the chance that a rater names the true category (nan without a rating), *prevalence* [q] the
    share of each true category, *errors* [R, q, q] the chance of a label (columns) by the true category (rows),
    *expected* [R, q, q] the ratings by true category (rows) and label that the model expects there to be,
    *posterior* [P, q] what is believed of each set of answers.
    """

    accuracy: FloatArray
    prevalence: FloatArray
    errors: FloatArray
    expected: FloatArray
    posterior: FloatArray
    log_likelihood: float
    rounds: int

    @property
    def ratings(self) -> FloatArray:
        """Ratings of each rater [R]."""
        return np.asarray(self.expected.sum(axis=(1, 2)), dtype=np.float64)


def _prevalence(votes: Votes, weight: FloatArray, belief: FloatArray) -> FloatArray:
    """Share of each true category; units with a known answer were chosen, so they do not count where others do."""
    unknown = weight * (votes.gold < 0)
    counted = unknown if unknown.sum() > 0 else weight
    return np.asarray(counted @ belief / counted.sum(), dtype=np.float64)


def _clamped(votes: Votes, belief: FloatArray) -> FloatArray:
    known = votes.gold >= 0
    belief = belief.copy()
    belief[known] = np.eye(votes.categories)[votes.gold[known]]
    return belief


def _believed(votes: Votes, weight: FloatArray, prevalence: FloatArray, errors: FloatArray) -> tuple[FloatArray, float]:
    """What is believed of each set of answers [P, q], and the log likelihood."""
    q = votes.categories
    logs = np.log(np.maximum(errors, _TINY)).transpose(0, 2, 1).reshape(-1, q)
    joint = np.asarray(votes.table @ logs) + np.log(np.maximum(prevalence, _TINY))
    known = votes.gold >= 0
    likelihood = np.zeros(votes.units.size)
    top = joint.max(axis=1, keepdims=True)
    belief = np.exp(joint - top)
    whole = belief.sum(axis=1, keepdims=True)
    likelihood = np.where(known, joint[np.arange(joint.shape[0]), votes.gold], (top + np.log(whole))[:, 0])
    return _clamped(votes, belief / whole), float(weight @ likelihood)


def _expected(votes: Votes, weight: FloatArray, belief: FloatArray) -> FloatArray:
    """Ratings by rater, true category and label [R, q, q]."""
    q = votes.categories
    counts = np.asarray(votes.table.T @ (weight[:, None] * belief))
    return np.asarray(counts.reshape(votes.raters, q, q).transpose(0, 2, 1), dtype=np.float64)


def _share(top: FloatArray, bottom: FloatArray, otherwise: float) -> FloatArray:
    whole = np.full(np.broadcast_shapes(top.shape, bottom.shape), otherwise)
    return np.asarray(np.divide(top, bottom, out=whole, where=bottom > 0), dtype=np.float64)


def _coins(prior: tuple[float, float], expected: FloatArray) -> FloatArray:
    """Error table [R, q, q] of the one-coin model: an own accuracy, and what errors look like from everybody's."""
    a, b = prior
    q = expected.shape[1]
    eye = np.eye(q, dtype=bool)
    right, given = expected[:, eye].sum(axis=1), expected.sum(axis=(1, 2))
    p = _share(a - 1 + right, a + b - 2 + given, np.nan)
    pooled = np.where(eye, 0.0, expected.sum(axis=0))
    wrong = _share(pooled, pooled.sum(axis=1, keepdims=True), 1 / max(q - 1, 1))
    wrong = np.where(eye, 0.0, wrong)
    return np.asarray(np.where(eye, p[:, None, None], (1 - p)[:, None, None] * wrong), dtype=np.float64)


def _own_tables(expected: FloatArray) -> FloatArray:
    """Error table [R, q, q] of each rater's own; a category that a rater never met counts as met evenly."""
    return _share(expected, expected.sum(axis=2, keepdims=True), 1 / expected.shape[1])


def _maximised(
    votes: Votes,
    errors_of: Callable[[FloatArray], FloatArray],
    *,
    weight: FloatArray | None = None,
    start: FloatArray | None = None,
    tolerance: float,
    most_rounds: int,
) -> Latent:
    """Expectation-maximisation until no belief moves by *tolerance*."""
    weights = votes.units if weight is None else weight
    belief = _clamped(votes, votes.label_shares if start is None else start)
    rounds, moved = 0, np.inf
    expected = _expected(votes, weights, belief)
    while moved >= tolerance and rounds < most_rounds:
        prevalence, errors = _prevalence(votes, weights, belief), errors_of(expected)
        after, _ = _believed(votes, weights, prevalence, np.nan_to_num(errors, nan=1.0))
        moved = float(np.abs(after - belief).max(initial=0.0))
        belief, rounds = after, rounds + 1
        expected = _expected(votes, weights, belief)
    prevalence, errors = _prevalence(votes, weights, belief), errors_of(expected)
    belief, likelihood = _believed(votes, weights, prevalence, np.nan_to_num(errors, nan=1.0))
    right = np.einsum("rzz,z->r", errors, prevalence)
    right = np.where(expected.sum(axis=(1, 2)) > 0, right, np.nan)
    return Latent(right, prevalence, errors, expected, belief, likelihood, rounds)


def one_coin(
    votes: Votes,
    *,
    prior: tuple[float, float] = (1.0, 1.0),
    tolerance: float = 1e-8,
    most_rounds: int = 2000,
    weight: FloatArray | None = None,
    start: FloatArray | None = None,
) -> Latent:
    """Each rater names the true category with an own chance p_r; what errors look like is common to all.

    E: log T_iz = log pi_z + sum over ratings of [1(y = z) log p_r + 1(y != z) log((1 - p_r) c_zy)];
    M: p_r = (a - 1 + sum of T_i,y) / (a + b - 2 + n_r), pi the mean of T, c_zy the pooled error labels.

    Parameters
    ----------
    votes : answers of R raters in q categories; units with a known answer are held to it
    prior : (a, b) of the Beta prior of each p_r; (1, 1) is none
    tolerance : stop once no belief T_iz moves by this much
    weight, start : float arrays [P] and [P, q] for resamples: units of each set, and beliefs to begin with

    Returns
    -------
    Latent. Read it only where `rater_graph.why_not_identified` has nothing to say.

    Raises
    ------
    ValueError : no rating.

    References
    ----------
    Dawid & Skene 1979, doi:10.2307/2346806, with one accuracy a rater.

    >>> from calibration.stats.ratings import from_long
    >>> from calibration.stats.votes import votes_of
    >>> three = ["ann", "bob", "cid"] * 8
    >>> said = ["yes"] * 9 + ["no"] * 9 + ["no", "no", "yes"] * 2
    >>> fitted = one_coin(votes_of(from_long([n // 3 for n in range(24)], three, said)))
    >>> fitted.accuracy.round(2).tolist()
    [1.0, 1.0, 0.75]
    """
    if votes.units.size == 0:
        raise ValueError("there is no rating")

    def errors_of(expected: FloatArray) -> FloatArray:
        return _coins(prior, expected)

    found = _maximised(votes, errors_of, weight=weight, start=start, tolerance=tolerance, most_rounds=most_rounds)
    eye = np.arange(votes.categories)
    accuracy = found.errors[:, eye, eye][:, 0]
    return Latent(
        accuracy, found.prevalence, found.errors, found.expected, found.posterior, found.log_likelihood, found.rounds
    )


def dawid_skene(votes: Votes, *, tolerance: float = 1e-8, most_rounds: int = 5000) -> Latent:
    """Each rater has an own confusion matrix: the chance of every label by the true category.

    The accuracy is sum over z of pi_z theta_zz. The log likelihood leaves out multinomial constants.

    Parameters
    ----------
    votes : answers; a rater may have labelled a unit more than once
    tolerance : stop once no belief moves by this much

    Returns
    -------
    Latent.

    Raises
    ------
    ValueError : a unit has fewer than three labels: with q (q - 1) free numbers a rater the model then believes
        raters who are seldom compared.

    References
    ----------
    Dawid & Skene 1979, doi:10.2307/2346806.
    """
    if votes.units.size == 0 or bool((votes.sizes < FEWEST_LABELS).any()):
        raise ValueError(f"a confusion matrix for each rater needs {FEWEST_LABELS} labels or more for every unit")
    return _maximised(votes, _own_tables, tolerance=tolerance, most_rounds=most_rounds)
