"""Expected shares of errors from what was settled before: shrunken, so that a thin stratum does not run away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The whole counts in every stratum like so many cases.
PRIOR_CASES = 20.0
#: What is expected where nothing is known: the usual target's complement.
UNKNOWN = 0.05


@dataclass(frozen=True, slots=True)
class Settled:
    """Settled cases of one kind: how many, their weights, and the weight of the wrong ones."""

    cases: int
    weight: float
    wrong: float


def shrunken(history: Mapping[str, Settled], *, fewest: int = 0) -> dict[str, float]:
    """Kind of case -> its expected share of errors.

    Formula: (n_h p_h + m p) / (n_h + m) with p_h = wrong weight / weight of the kind, p the same over all kinds
    and m = PRIOR_CASES.

    Parameters
    ----------
    history : kind -> Settled; cases >= 0, 0 <= wrong <= weight
    fewest : cases in all below which history says nothing

    Returns
    -------
    kind -> share in [0, 1]; empty while there are fewer than *fewest* cases, or none.

    References
    ----------
    Cochran 1977, *Sampling Techniques*, 5.5 (planning by earlier variances); the shrinkage is that of a beta prior.

    >>> shrunken({"low": Settled(180, 180.0, 3.6), "high": Settled(20, 20.0, 4.0)})
    {'high': 0.119, 'low': 0.0218}
    """
    cases = sum(one.cases for one in history.values())
    weight = sum(one.weight for one in history.values())
    if cases < fewest or weight <= 0:
        return {}
    overall = sum(one.wrong for one in history.values()) / weight
    found = {}
    for kind in sorted(history):
        one = history[kind]
        own = one.wrong / one.weight if one.weight > 0 else overall
        found[kind] = (one.cases * own + PRIOR_CASES * overall) / (one.cases + PRIOR_CASES)
    return found
