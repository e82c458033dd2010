"""The evidence of a drop: mixtures of Shiryaev-Roberts streams, as logarithms, from nothing or carried on.

R <- (1 + R) LR for each of six alternatives, pooled and within each policy. With U the running sum of log LR,
log R_t = U_t + A_t, where A_t = log sum over s <= t of exp(log LR_s - U_s) is a running sum too: so both are
accumulations that numpy runs in order, and a stream that is carried on gives the same doubles as one run at once.
"""

import math
from dataclasses import dataclass

import numpy as np

from calibration.stats.ratings import FloatArray, IntArray

ODDS_RATIOS = np.array([1.6, 2.1, 2.7, 3.35, 4.75, 8.1])
MIXTURE = np.array([0.10, 0.20, 0.25, 0.20, 0.15, 0.10])
#: U and A of a stream before its first case
NOTHING = np.array([np.zeros(6), np.full(6, -np.inf)])

_LOG_MIXTURE = np.log(MIXTURE)
_LOG_HALF = math.log(0.5)


@dataclass(frozen=True, slots=True)
class State:
    """Where the streams of one start stand: U and A of the pooled one [2, 6] and of each policy's [J, 2, 6]."""

    pooled: FloatArray
    by_policy: FloatArray

    @classmethod
    def empty(cls, policies: int) -> "State":
        """Before the first case."""
        return cls(NOTHING, np.repeat(NOTHING[None], policies, axis=0))


def log_ratios(error: FloatArray, baseline: FloatArray) -> FloatArray:
    """Logarithm of each alternative's likelihood ratio for outcomes under baselines.

    q1 = OR q0 / (1 - q0 + OR q0); log(q1 / q0) on an error, else log((1 - q1) / (1 - q0)).

    Parameters
    ----------
    error : bool or 0/1 array [..]
    baseline : float array [..], q0 of each case, in (0, 1)

    Returns
    -------
    float array [.., 6], one for each of `ODDS_RATIOS`; the ratio's mean under the baseline is 1.

    Raises
    ------
    ValueError : a baseline outside (0, 1).

    References
    ----------
    Steiner, Cook, Farewell & Treasure 2000, doi:10.1093/biostatistics/1.4.441 (risk-adjusted odds ratios).

    >>> np.exp(log_ratios(np.array([1.0, 0.0]), np.array([0.05, 0.05])))[:, 5].round(3).tolist()
    [5.978, 0.738]
    """
    q0 = np.asarray(baseline, dtype=np.float64)[..., None]
    if bool((q0 <= 0).any() | (q0 >= 1).any()):
        raise ValueError("a baseline error rate lies between 0 and 1")
    rest = 1 - q0 + ODDS_RATIOS * q0
    wrong = np.asarray(error, dtype=np.float64)[..., None]
    return np.asarray(wrong * np.log(ODDS_RATIOS) - np.log(rest), dtype=np.float64)


def log_sum(logs: FloatArray) -> FloatArray:
    """log(sum(exp(logs))) over the last axis, exact where all are -inf; lean, as it runs for every case."""
    top = np.maximum(logs.max(axis=-1), -1e300)
    with np.errstate(divide="ignore"):
        return np.asarray(top + np.log(np.exp(logs - top[..., None]).sum(axis=-1)), dtype=np.float64)


def advance(state: FloatArray, log_ratio: FloatArray) -> FloatArray:
    """R <- (1 + R) LR on logarithms, for states and ratios [.., 6]; the empty state is -inf."""
    return np.asarray(np.logaddexp(0.0, state) + log_ratio, dtype=np.float64)


def mixed(state: FloatArray) -> FloatArray:
    """Logarithm of the mixture sum over k of w_k R_k, for states [.., 6] -> [..]."""
    return log_sum(state + _LOG_MIXTURE)


def blend(pooled: FloatArray, by_policy: FloatArray) -> FloatArray:
    """log M = log(pooled / 2 + sum of the policies / 2), for mixtures [..] and [.., J]."""
    return np.asarray(_LOG_HALF + np.logaddexp(pooled, log_sum(by_policy)), dtype=np.float64)


def stream(ratios: FloatArray, before: FloatArray = NOTHING) -> tuple[FloatArray, FloatArray]:
    """log R after each case [n, 6] of R <- (1 + R) LR, and U and A [2, 6] after the last one.

    Parameters
    ----------
    ratios : float array [n, 6], as `log_ratios`
    before : float array [2, 6], U and A before the first of them

    Returns
    -------
    (log R [n, 6], U and A [2, 6])

    >>> ratios = log_ratios(np.array([1.0, 0.0, 1.0]), np.full(3, 0.05))
    >>> whole, end = stream(ratios)
    >>> first, between = stream(ratios[:2])
    >>> rest, same = stream(ratios[2:], between)
    >>> bool((rest == whole[2:]).all() and (same == end).all())
    True
    """
    upto = np.cumsum(np.vstack([before[0], ratios]), axis=0)
    best = np.logaddexp.accumulate(np.vstack([before[1], ratios - upto[1:]]), axis=0)
    return np.asarray((upto + best)[1:], dtype=np.float64), np.array([upto[-1], best[-1]])


def traces(
    policy: IntArray, ratios: FloatArray, policies: int, before: State | None = None
) -> tuple[FloatArray, FloatArray, State]:
    """(log M after each case [n], the policies' mixtures then [n, J], where the streams stand after the last case)."""
    start = State.empty(policies) if before is None else before
    by_policy = np.repeat(mixed(start.by_policy.sum(axis=1))[None], policy.size, axis=0)
    ends, turn = start.by_policy.copy(), np.arange(policy.size)
    for number in np.unique(policy).tolist():
        mine = np.flatnonzero(policy == number)
        last = np.searchsorted(mine, turn, side="right") - 1
        found, ends[number] = stream(ratios[mine], start.by_policy[number])
        by_policy[:, number] = np.where(last >= 0, mixed(found)[last], by_policy[:, number])
    pooled, end = stream(ratios, start.pooled)
    return blend(mixed(pooled), by_policy), by_policy, State(end, ends)
