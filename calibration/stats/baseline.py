"""What a drop is measured against, when it is over, and whether a clause or a person is in question."""

import math

import numpy as np

from calibration.stats.drift import HIGHEST_BASELINE
from calibration.stats.intervals import clopper_pearson
from calibration.stats.ratings import FloatArray
from calibration.stats.shrink import fit, ratio_upper, shrunken

#: a clause is in question when at least so many other agents met it in so many cases
FEWEST_OTHERS = 3
FEWEST_CASES_OF_OTHERS = 20
#: and their rate's lower limit at this one-sided level is above what the target allows
MISREAD_LEVEL = 0.90
#: or overlap graders' specific agreement has its upper limit under this
UNCLEAR_AGREEMENT = 0.80
#: evidence of recovery at which a person is released; wrong in at most 1 of 20 however often one looks
RELEASE = 20.0


def team_rates(errors: FloatArray, cases: FloatArray) -> FloatArray:
    """The team's error rate in each cell (policy in play, tier), shrunken towards its overall rate.

    Parameters
    ----------
    errors, cases : float arrays [C], the team's settled cases of the 13 weeks before the epoch

    Returns
    -------
    float array [C] in (0, 1); a cell without a case gets the overall rate.

    Raises
    ------
    ValueError : no case at all, or more errors than cases.
    """
    prior = fit(np.asarray(errors, dtype=np.float64), np.asarray(cases, dtype=np.float64))
    return shrunken(prior, np.asarray(errors, dtype=np.float64), np.asarray(cases, dtype=np.float64))


def baseline(rates: FloatArray, *, target: float, observed: float, expected: float) -> FloatArray:
    """Baseline error rates of one agent's epoch, by cell.

    Parameters
    ----------
    rates : float array [C], `team_rates`
    target : target accuracy, in (0, 1)
    observed, expected : the agent's own errors in those weeks, and what *rates* expect on the same cases

    Returns
    -------
    q0 [C] = max(1 - target, rate x max(1, upper 80 % bound of observed / expected)), at most 0.9: an agent
    who is known to err more than the team is watched for a drop from there, not for the old level.

    Raises
    ------
    ValueError : *target* outside (0, 1), or negative counts.

    >>> baseline(np.array([0.02, 0.10]), target=0.95, observed=0, expected=10).round(3).tolist()
    [0.05, 0.1]
    """
    if not 0 < target < 1:
        raise ValueError(f"a target accuracy lies between 0 and 1, not {target}")
    stretch = max(1.0, ratio_upper(observed, expected))
    return np.minimum(np.maximum(1 - target, rates * stretch), HIGHEST_BASELINE)


def policy_question(
    *, others: int, cases: int, errors: int, target: float, agreement_high: float | None = None
) -> str | None:
    """Why a clause goes to its owner and not into one person's training, or None.

    Parameters
    ----------
    others : agents other than the one in question who decided cases of this clause
    cases, errors : their settled cases of it, and the errors among them
    target : target accuracy, in (0, 1)
    agreement_high : upper limit of overlap graders' specific agreement on the clause, where known

    Returns
    -------
    "others misread it" when at least 3 others with at least 20 cases have an error rate whose lower
    90 % limit (exact, one-sided) is above 1 - target; "graders disagree on it" when *agreement_high* is
    under 0.8; else None. Agents with at least one error are never counted: at 95 % accuracy 64 % of
    agents have one in 20 cases.

    Raises
    ------
    ValueError : more errors than cases.

    >>> policy_question(others=5, cases=40, errors=12, target=0.95)
    'others misread it'
    """
    low, _ = clopper_pearson(errors, cases, level=2 * MISREAD_LEVEL - 1)
    if others >= FEWEST_OTHERS and cases >= FEWEST_CASES_OF_OTHERS and low > 1 - target:
        return "others misread it"
    if agreement_high is not None and agreement_high < UNCLEAR_AGREEMENT:
        return "graders disagree on it"
    return None


def recovery(error: FloatArray, *, bad: float, good: float) -> FloatArray:
    """Evidence that the error rate is back at *good*, against every rate of *bad* or more.

    Parameters
    ----------
    error : bool or 0/1 array [n], cases since training in order
    bad, good : error rates, 0 < good < bad < 1

    Returns
    -------
    e-values [n]; a person is released at the first one of `RELEASE` or more.

    Raises
    ------
    ValueError : rates out of order.

    >>> int(np.argmax(recovery(np.zeros(60), bad=0.15, good=0.05) >= RELEASE)) + 1
    27
    """
    if not 0 < good < bad < 1:
        raise ValueError(f"0 < good < bad < 1, not {good} and {bad}")
    wrong = np.asarray(error, dtype=np.float64)
    steps = wrong * np.log(good / bad) + (1 - wrong) * np.log((1 - good) / (1 - bad))
    return np.asarray(np.exp(np.cumsum(steps)), dtype=np.float64)


def usual_recovery(*, bad: float, good: float) -> int:
    """Cases that `recovery` takes on average of somebody who errs at *good*: log(release) over the gain of a case.

    Parameters
    ----------
    bad, good : error rates, 0 < good < bad < 1

    Returns
    -------
    log(20) / (good log(good / bad) + (1 - good) log((1 - good) / (1 - bad))), rounded up.

    Raises
    ------
    ValueError : rates out of order.

    References
    ----------
    Wald 1945, doi:10.1214/aoms/1177731118 (the expected size of a sequential test).

    >>> usual_recovery(bad=0.15, good=0.05)
    60
    """
    if not 0 < good < bad < 1:
        raise ValueError(f"rates are 0 < good < bad < 1, not {good} and {bad}")
    gain = good * math.log(good / bad) + (1 - good) * math.log((1 - good) / (1 - bad))
    return math.ceil(math.log(RELEASE) / gain)
