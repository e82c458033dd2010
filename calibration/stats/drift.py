"""Detecting a drop: the mixture Shiryaev-Roberts e-detector over one agent's settled cases.

Each case multiplies the evidence of six alternatives (odds of an error raised 1.6 to 8.1 times) by how much
likelier its outcome is under them than under the baseline, for the agent as a whole and for each policy.
Half of the sum over policies and half of the pooled stream is again an e-detector: as long as every error
has at most its baseline probability, the mean number of cases before the value reaches c is at least c,
whatever the case mix, the number of policies and the sampling. Evidence is kept as logarithms.
"""

import math
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.stats.mixture import State, log_ratios, traces
from calibration.stats.ratings import FloatArray, IntArray

#: evidence at which more cases are sampled
WATCH = 300.0
#: evidence at which a person is asked to look: this many agent-years of graded cases
ACT_YEARS = 20
#: no baseline above this rate: the detector asks for something better than chance
HIGHEST_BASELINE = 0.9


@dataclass(frozen=True, slots=True)
class Crossing:
    """The case *at* which the evidence since case *start* first reached a level.

    *shares* [J] are the policies' parts of the policy streams' evidence, summing to 1; the pooled stream
    names none. *cases* and *errors* count from *start* to *at*, both included.
    """

    level: str
    at: int
    start: int
    log_evidence: float
    shares: FloatArray
    cases: int
    errors: int


@dataclass(frozen=True, slots=True)
class Run:
    """The evidence's logarithm after every case [n], the crossings in order, and where the streams stand at the end;
    None after an act."""

    log_evidence: FloatArray
    crossings: tuple[Crossing, ...]
    state: State | None = None

    @property
    def evidence(self) -> FloatArray:
        """The evidence after every case [n]; inf above the largest double."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self.log_evidence), dtype=np.float64)


def act_threshold(planned_per_week: float, years: float = ACT_YEARS) -> float:
    """The evidence at which to act: as many cases as *planned_per_week* give in *years* agent-years.

    c = 52 x planned per week x years.

    Parameters
    ----------
    planned_per_week : graded cases of one agent and week
    years : mean time to a false act that is promised for each agent

    Returns
    -------
    c, in cases: as long as every error keeps its baseline probability, a false act takes c cases or more on average.

    References
    ----------
    Shin, Ramdas & Rinaldo 2024, doi:10.51387/23-NEJSDS51 (E[run length] >= c).

    >>> act_threshold(15)
    15600.0
    """
    return 52.0 * planned_per_week * years


def _first(values: FloatArray, limit: float) -> int | None:
    """The first place at which *values* reach a limit."""
    reached = np.flatnonzero(values >= math.log(limit))
    return int(reached[0]) if reached.size else None


def detect(
    policy: IntArray,
    error: FloatArray,
    baseline: FloatArray,
    *,
    policies: int,
    act: float,
    watch: float = WATCH,
    stop_at_act: bool = False,
) -> Run:
    """Run the detector over one agent's settled cases in order.

    Parameters
    ----------
    policy : int array [n], the policy in play of each case, 0..policies - 1
    error : bool or 0/1 array [n], does not match the truth on the headline level
    baseline : float array [n], the cell's (policy, tier) error rate frozen at the epoch's start, in (0, 1)
    policies : int, J
    act : evidence at which to act, as `act_threshold`; the state starts anew after that case
    watch : evidence at which to watch; said once between two starts, not again when *act* is reached at once
    stop_at_act : end the run at the first act (its baseline ends there: the caller opens the next epoch)

    Returns
    -------
    Run; after a stop its evidence ends with the crossing case.

    Raises
    ------
    ValueError : arrays of unequal length, a policy out of range, or a baseline outside (0, 1).

    References
    ----------
    Shin, Ramdas & Rinaldo 2024, doi:10.51387/23-NEJSDS51 (e-detectors).

    >>> run = detect(np.zeros(3, dtype=int), np.array([1, 1, 1]), np.full(3, 0.05), policies=1, act=1e4)
    >>> [round(float(m), 2) for m in run.evidence]
    [2.97, 13.33, 55.48]
    """
    error = np.asarray(error, dtype=np.float64)
    if not policy.shape == error.shape == np.shape(baseline):
        raise ValueError("policy, error and baseline must be equally long")
    if policy.size and not 0 <= int(policy.min()) <= int(policy.max()) < policies:
        raise ValueError(f"policies are numbered 0..{policies - 1}")
    ratios = log_ratios(error, baseline)
    evidence, crossings, start = np.empty(policy.size), [], 0
    state: State | None = State.empty(policies)
    while start < policy.size:
        found, by_policy, state = traces(policy[start:], ratios[start:], policies)
        at_act, at_watch = _first(found, act), _first(found, watch)
        for level, at in (("watch", at_watch), ("act", at_act)):
            if at is None or level == "watch" and at_act is not None and at >= at_act:
                continue
            errors = int(error[start : start + at + 1].sum())
            shares = np.asarray(scipy.special.softmax(by_policy[at]), dtype=np.float64)
            crossings.append(Crossing(level, start + at, start, float(found[at]), shares, at + 1, errors))
        end = policy.size if at_act is None else start + at_act + 1
        evidence[start:end] = found[: end - start]
        start = end
        if at_act is not None:
            state = None
            if stop_at_act:
                return Run(evidence[:end], tuple(crossings))
    return Run(evidence, tuple(crossings), state)


def leading(shares: FloatArray, *, at_least: float = 0.5) -> int | None:
    """The policy with the largest share, or None when it carries less than *at_least* of the evidence.

    >>> leading(np.array([0.2, 0.7, 0.1])), leading(np.array([0.4, 0.35, 0.25]))
    (1, None)
    """
    if shares.size == 0:
        return None
    top = int(np.argmax(shares))
    return top if shares[top] >= at_least else None


def high_confidence(log_evidence: FloatArray, threshold: float) -> FloatArray:
    """Which agents' alarms also pass e-d-BH over all agents.

    Parameters
    ----------
    log_evidence : float array [K], every watched agent's evidence as a logarithm
    threshold : c > 0; at any stopping time tau the expected false discovery proportion is at most
        E[tau] / c on the case clock

    Returns
    -------
    bool array [K]: the k largest, with the largest k for which M_(k) >= K c / k.

    References
    ----------
    Dandapanthula & Ramdas 2025, arXiv:2501.04130.

    >>> high_confidence(np.log([9000.0, 10.0, 1600.0]), 780.0).tolist()
    [True, False, True]
    """
    size = log_evidence.size
    order = np.argsort(-log_evidence, kind="stable")
    bars = np.log(max(size, 1) * threshold) - np.log(np.arange(1, size + 1))
    passing = np.flatnonzero(log_evidence[order] >= bars)
    found = np.zeros(size, dtype=bool)
    found[order[: passing[-1] + 1 if passing.size else 0]] = True
    return found


def expected_false_alarms(agents: int, weeks: float, years: float = ACT_YEARS) -> float:
    """At most so many false acts among *agents* in *weeks*, on average: agents x weeks / 52 / years.

    Parameters
    ----------
    agents : agents watched
    weeks : length of the period
    years : agent-years that `act_threshold` promises between false acts

    Returns
    -------
    float, acts; an upper bound in the long run (about 0.7 of it was measured).

    References
    ----------
    Shin, Ramdas & Rinaldo 2024, doi:10.51387/23-NEJSDS51.

    >>> expected_false_alarms(200, 13)
    2.5
    """
    return agents * weeks / 52.0 / years
