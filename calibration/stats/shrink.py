"""Empirical Bayes for few grades: for display, priors and planning, never to rank persons."""

from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.ratings import FloatArray

#: weak prior of log M: normal, so that a few agents do not pull the common strength to nought or infinity
_LOG_M_MEAN, _LOG_M_SD = 4.0, 1.5
_GRID = np.linspace(-3.0, 3.0, 25)


@dataclass(frozen=True, slots=True)
class Prior:
    """What is common to all agents: the mean accuracy and how many cases it weighs."""

    mean: float
    strength: float


def _loss(at: FloatArray, right: FloatArray, total: FloatArray) -> float:
    """Minus the log posterior of (logit mean, log strength) under beta-binomial counts."""
    mean, strength = scipy.special.expit(at[0]), np.exp(at[1])
    a, b = mean * strength, (1 - mean) * strength
    likelihood = scipy.special.betaln(a + right, b + total - right) - scipy.special.betaln(a, b)
    return float(-likelihood.sum() + (at[1] - _LOG_M_MEAN) ** 2 / (2 * _LOG_M_SD**2))


def fit(right: FloatArray, total: FloatArray) -> Prior:
    """The common prior Beta(mean M, (1 - mean) M) from everybody's counts.

    Parameters
    ----------
    right, total : float arrays [A], cases by agent; 0 <= right <= total

    Returns
    -------
    Prior: the mode of the beta-binomial likelihood in (logit mean, log M) with a weak normal prior on
    log M, mean 4, SD 1.5.

    Raises
    ------
    ValueError : no case at all, or counts that contradict each other.

    References
    ----------
    Casella 1985, doi:10.1080/00031305.1985.10479400.

    >>> prior = fit(np.array([48.0, 57.0, 55.0]), np.array([50.0, 60.0, 60.0]))
    >>> round(prior.mean, 2)
    0.94
    """
    right, total = np.asarray(right, dtype=np.float64), np.asarray(total, dtype=np.float64)
    if total.sum() == 0 or bool((right < 0).any()) or bool((right > total).any()):
        raise ValueError("needs cases, and right within 0..total")
    start = (right.sum() + 0.5) / (total.sum() + 1)
    found = scipy.optimize.minimize(
        _loss, np.array([scipy.special.logit(start), _LOG_M_MEAN]), args=(right, total), method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000},
    )  # fmt: skip
    return Prior(float(scipy.special.expit(found.x[0])), float(np.exp(found.x[1])))


def shrunken(prior: Prior, right: FloatArray, total: FloatArray) -> FloatArray:
    """(x + mean M) / (n + M) for each agent: the mean of the posterior.

    Parameters
    ----------
    prior : what is common to all
    right, total : float arrays [A], cases by agent

    Returns
    -------
    float array [A], in (0, 1); without a case the common mean. For display and planning: it shrinks the really bad too.

    References
    ----------
    Casella 1985, doi:10.1080/00031305.1985.10479400.

    >>> shrunken(Prior(0.9, 10.0), np.array([5.0]), np.array([10.0])).tolist()
    [0.7]
    """
    return np.asarray((right + prior.mean * prior.strength) / (total + prior.strength), dtype=np.float64)


def credible(
    prior: Prior, right: FloatArray, total: FloatArray, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Limits (low, high) [A] of each agent's accuracy, averaged over a grid of strengths M.

    Averaging over M, each weighted by its likelihood, makes up in part for taking one fitted M as known. The
    common mean is taken as known: 95 % limits hold about 93 % with 400 agents of 30 cases, 90 % with 30 to 100.
    """
    right, total = np.asarray(right, dtype=np.float64), np.asarray(total, dtype=np.float64)
    logs = np.log(prior.strength) + _GRID
    at = scipy.special.logit(prior.mean)
    losses = np.array([_loss(np.array([at, log]), right, total) for log in logs])
    weight = np.exp(losses.min() - losses)
    weight /= weight.sum()
    strengths = np.exp(logs)[:, None]
    a, b = right + prior.mean * strengths, total - right + (1 - prior.mean) * strengths
    return _mixture_limit(weight, a, b, (1 - level) / 2), _mixture_limit(weight, a, b, (1 + level) / 2)


def _mixture_limit(weight: FloatArray, a: FloatArray, b: FloatArray, tail: float) -> FloatArray:
    """The *tail* quantile of a mixture of betas, by bisection, for each agent."""
    low, high = np.zeros(a.shape[1]), np.ones(a.shape[1])
    for _ in range(40):
        middle = (low + high) / 2
        below = weight @ scipy.special.betainc(a, b, middle) < tail
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def expected_by_chance(prior: Prior, right: float, total: float) -> float:
    """Change of accuracy to expect of an agent chosen for a low figure, without any effect.

    (1 - n / (n + M)) (mean - x / n).

    Parameters
    ----------
    prior : what is common to all
    right, total : x and n of the window that chose the agent

    Returns
    -------
    float in [-1, 1]; nan without a case.

    References
    ----------
    Barnett, van der Pols & Dobson 2005, doi:10.1093/ije/dyh299 (regression to the mean).

    >>> round(expected_by_chance(Prior(0.945, 60.0), 52, 60), 3)
    0.039
    """
    if total == 0:
        return float("nan")
    return (1 - total / (total + prior.strength)) * (prior.mean - right / total)


def ratio_upper(observed: float, expected: float, *, strength: float = 10.0, level: float = 0.80) -> float:
    """Upper bound of an agent's ratio of observed to expected errors, shrunken towards 1.

    Parameters
    ----------
    observed : errors of the agent
    expected : errors that the team's rates would give on the same cases
    strength : expected errors that the prior Gamma(strength, strength) weighs
    level : one-sided, in (0, 1)

    Returns
    -------
    The *level* quantile of Gamma(observed + strength, expected + strength), above 0.

    References
    ----------
    Clayton & Kaldor 1987, doi:10.2307/2532003.

    >>> round(ratio_upper(0, 0), 2)
    1.25
    """
    if observed < 0 or expected < 0:
        raise ValueError("observed and expected errors are not negative")
    return float(scipy.special.gammaincinv(observed + strength, level) / (expected + strength))
