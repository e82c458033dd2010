"""How good each rater is when nobody knows the truth: the one-coin model and Dawid and Skene's.

Both let each unit have one true category and raters err independently; expectation-maximisation starts from the
label shares of each unit. The models are for consistency checks and for history that nobody settled, not for pages.
"""

from dataclasses import dataclass

import numpy as np

from calibration.stats.maximising import ErrorsOf, Fits, maximised
from calibration.stats.ratings import FloatArray
from calibration.stats.votes import Votes

#: labels that every unit needs before each rater may have a confusion matrix of their own
FEWEST_LABELS = 3


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


def _share(top: FloatArray, bottom: FloatArray, otherwise: float) -> FloatArray:
    whole = np.full(np.broadcast_shapes(top.shape, bottom.shape), otherwise)
    return np.asarray(np.divide(top, bottom, out=whole, where=bottom > 0), dtype=np.float64)


def _coins(prior: tuple[float, float], expected: FloatArray) -> FloatArray:
    """Error table [R, q, q, B] of the one-coin model: an own accuracy, and what errors look like from everybody's."""
    a, b = prior
    q = expected.shape[1]
    eye = np.eye(q, dtype=bool)
    right, given = expected[:, eye].sum(axis=1), expected.sum(axis=(1, 2))
    p = _share(a - 1 + right, a + b - 2 + given, np.nan)
    pooled = np.where(eye[:, :, None], 0.0, expected.sum(axis=0))
    wrong = _share(pooled, pooled.sum(axis=1, keepdims=True), 1 / max(q - 1, 1))
    table = (1 - p)[:, None, None] * wrong
    table[:, eye] = p[:, None]
    return np.asarray(table, dtype=np.float64)


def _own_tables(expected: FloatArray) -> FloatArray:
    """Error table [R, q, q, B] of each rater's own; a category that a rater never met counts as met evenly."""
    return _share(expected, expected.sum(axis=2, keepdims=True), 1 / expected.shape[1])


def one_coin(
    votes: Votes, *, prior: tuple[float, float] = (1.0, 1.0), tolerance: float = 1e-8, most_rounds: int = 2000
) -> Latent:
    """Each rater names the true category with an own chance p_r; what errors look like is common to all.

    E: log T_iz = log pi_z + sum over ratings of [1(y = z) log p_r + 1(y != z) log((1 - p_r) c_zy)];
    M: p_r = (a - 1 + sum of T_i,y) / (a + b - 2 + n_r), pi the mean of T, c_zy the pooled error labels.

    Parameters
    ----------
    votes : answers of R raters in q categories; units with a known answer are held to it
    prior : (a, b) of the Beta prior of each p_r; (1, 1) is none
    tolerance : stop once no belief T_iz moves by this much

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
    weight, start = votes.units[:, None], votes.label_shares
    found = maximised(votes, _coins_of(prior), weight, start, tolerance=tolerance, most_rounds=most_rounds)
    return _the_one(found, coins(found.errors)[:, 0])


def one_coin_again(votes: Votes, weight: FloatArray, start: FloatArray, *, tolerance: float, most_rounds: int) -> Fits:
    """The one-coin model without a prior, fitted to B weightings [P, B] of the same sets of answers at once.

    *start* [P, q] are the beliefs to begin with; what stands under one weighting does not depend on the others.
    """
    return maximised(votes, _coins_of((1.0, 1.0)), weight, start, tolerance=tolerance, most_rounds=most_rounds)


def coins(errors: FloatArray) -> FloatArray:
    """The accuracy of each rater [R, B] in error tables [R, q, q, B] of the one-coin model."""
    return errors[:, 0, 0]


def _coins_of(prior: tuple[float, float]) -> ErrorsOf:
    return lambda expected: _coins(prior, expected)


def _the_one(found: Fits, accuracy: FloatArray) -> Latent:
    """The fit of one weighting."""
    return Latent(
        accuracy, found.prevalence[..., 0], found.errors[..., 0], found.expected[..., 0], found.posterior[..., 0],
        float(found.log_likelihood[0]), int(found.rounds[0]),
    )  # fmt: skip


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
    weight, start = votes.units[:, None], votes.label_shares
    found = maximised(votes, _own_tables, weight, start, tolerance=tolerance, most_rounds=most_rounds)
    right = np.einsum("rzz,z->r", found.errors[..., 0], found.prevalence[..., 0])
    met = found.expected[..., 0].sum(axis=(1, 2)) > 0
    return _the_one(found, np.where(met, right, np.nan))
