"""What a second look at undisputed results says: how many of each kind do not hold, and which way figures lean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from calibration.stats.intervals import clopper_pearson

#: Fewer looks that have ended give no figure.
FEWEST_LOOKS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its interval and the looks behind it; all nan where none has ended."""

    estimate: float
    low: float
    high: float
    n: int
    #: Looks after which another answer stood.
    changed: int


def weighted_share(looks: Sequence[tuple[float, bool]], *, level: float = 0.95) -> Share:
    """Share of results that did not hold, each look weighted by one over its chance to be taken.

    p = sum(w x) / sum(w) with w = 1 / chance; the interval is the exact binomial one of Clopper and Pearson at the
    effective size n_eff = sum(w)^2 / sum(w^2) <= n, so that unequal chances widen it.

    Parameters
    ----------
    looks : (chance in (0, 1], whether another answer stood afterwards) of each look that has ended
    level : float in (0, 1), coverage

    Returns
    -------
    Share with shares in [0, 1]; estimate and limits are nan when no look has ended.

    Raises
    ------
    ValueError : a chance is not within (0, 1].

    References
    ----------
    Kish 1965, Survey Sampling (effective size); Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.

    >>> one = weighted_share([(0.1, True), *[(0.1, False)] * 9])
    >>> round(one.estimate, 3), round(one.low, 3), round(one.high, 3)
    (0.1, 0.003, 0.445)
    """
    if any(not 0 < chance <= 1 for chance, _ in looks):
        raise ValueError("a chance lies between 0 and 1")
    if not looks:
        return Share(math.nan, math.nan, math.nan, 0, 0)
    weights = [1 / chance for chance, _ in looks]
    total = sum(weights)
    share = min(1.0, sum(weight for weight, (_, changed) in zip(weights, looks, strict=True) if changed) / total)
    size = min(float(len(looks)), total**2 / sum(weight**2 for weight in weights))
    low, high = clopper_pearson(share * size, size, level=level)
    return Share(share, low, high, len(looks), sum(changed for _, changed in looks))


def net_bias(wrongly_charged: Share, charged: int, wrongly_cleared: Share, cleared: int) -> Share:
    """How much too kind (above 0) or too hard (below 0) the share of right decisions is, if nobody disputes.

    b = (C c - E e) / (C + E): of C results called correct the share c is none, of E called errors the share e is none.
    The interval squares and adds the distances of the two shares to their own limits (MOVER).

    Parameters
    ----------
    wrongly_charged, charged : share e of undisputed errors that did not hold, and their number E >= 0
    wrongly_cleared, cleared : share c of correct results that did not hold, and their number C >= 0

    Returns
    -------
    Share in [-1, 1]: *n* and *changed* of both together. nan when there is no result, or when a kind that has results
    has no look that has ended.

    Raises
    ------
    ValueError : a number is below 0.

    References
    ----------
    Zou & Donner 2008, doi:10.1002/sim.3095.

    >>> errors = weighted_share([(1.0, True), *[(1.0, False)] * 9])
    >>> correct = weighted_share([(1.0, True), *[(1.0, False)] * 99])
    >>> round(net_bias(errors, 100, correct, 1900).estimate, 4)
    0.0045
    """
    if charged < 0 or cleared < 0:
        raise ValueError("a number of results is not below 0")
    n, changed = wrongly_charged.n + wrongly_cleared.n, wrongly_charged.changed + wrongly_cleared.changed
    total = charged + cleared
    if total == 0 or (charged and not wrongly_charged.n) or (cleared and not wrongly_cleared.n):
        return Share(math.nan, math.nan, math.nan, n, changed)
    hard = _part(wrongly_charged, charged / total)
    kind = _part(wrongly_cleared, cleared / total)
    net = kind[0] - hard[0]
    low = net - math.hypot(kind[0] - kind[1], hard[2] - hard[0])
    high = net + math.hypot(kind[2] - kind[0], hard[0] - hard[1])
    return Share(net, max(-1.0, low), min(1.0, high), n, changed)


def _part(share: Share, weight: float) -> tuple[float, float, float]:
    """Estimate and limits times *weight*; nothing where there is nothing to weigh."""
    return (weight * share.estimate, weight * share.low, weight * share.high) if weight else (0.0, 0.0, 0.0)
