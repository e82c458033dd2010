"""How sure the one-coin model is of each rater: the model fitted again to resampled units."""

import numpy as np

from calibration.stats.intervals import clopper_pearson
from calibration.stats.latent import Latent, coins, one_coin_again
from calibration.stats.ratings import FloatArray
from calibration.stats.votes import Votes

#: refits of the model; a percentile at 2.5 % then rests on about a dozen of them
REPLICATES = 500
SEED = 2_718_281
#: a resample starts from the fitted beliefs, so it is near its end from the beginning
_TOLERANCE = 1e-5
#: numbers of one array of beliefs: as many resamples are fitted at once
_CELLS = 500_000
#: below this many expected errors a rater counts as never wrong
_NO_ERROR = 0.5


def resampled(votes: Votes, fitted: Latent, replicates: int, seed: int) -> FloatArray:
    """Accuracies [B, R] of the one-coin model on *replicates* samples of units; same seed, same numbers.

    A sample of n units with replacement is multinomial over the distinct sets of answers. A rater whom a sample
    leaves out is nan in it.
    """
    rng = np.random.default_rng(seed)
    n = int(votes.units.sum())
    at_once = max(1, _CELLS // max(fitted.posterior.size, fitted.errors.size))
    found = np.empty((replicates, votes.raters))
    for first in range(0, replicates, at_once):
        size = min(at_once, replicates - first)
        weight = rng.multinomial(n, votes.units / n, size=size).T.astype(np.float64)
        again = one_coin_again(votes, weight, fitted.posterior, tolerance=_TOLERANCE, most_rounds=60)
        met = again.expected.sum(axis=(1, 2)) > 0
        found[first : first + size] = np.where(met, coins(again.errors), np.nan).T
    return found


def accuracy_limits(
    votes: Votes, fitted: Latent, *, confidence: float = 0.95, replicates: int = REPLICATES, seed: int = SEED
) -> tuple[FloatArray, FloatArray]:
    """Limits (low, high) [R] of each rater's accuracy under the one-coin model.

    Parameters
    ----------
    votes, fitted : answers, and `latent.one_coin` of them
    confidence : coverage in (0, 1)
    replicates, seed : of the resamples of units

    Returns
    -------
    Percentiles of the resamples, within [0, 1]. A rater who is never wrong in the fitted model gets the exact
    binomial lower limit of as many right ratings, since every resample is right too. nan without a rating.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13; Clopper & Pearson 1934,
    doi:10.1093/biomet/26.4.404.
    """
    values = resampled(votes, fitted, replicates, seed)
    low, high = np.full((2, votes.raters), np.nan)
    for rater in np.flatnonzero(fitted.ratings > 0).tolist():
        own = values[:, rater][~np.isnan(values[:, rater])]
        low[rater], high[rater] = np.quantile(own, [(1 - confidence) / 2, (1 + confidence) / 2])
        given = float(fitted.ratings[rater])
        if (1 - fitted.accuracy[rater]) * given < _NO_ERROR:
            low[rater], high[rater] = clopper_pearson(given, given, level=confidence)[0], 1.0
    return low, high
