"""Errors weighted by harm: a weighted sum of shares with limits that come from the limits of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A share of all cases with its limits, 0 <= low <= value <= high <= 1."""

    value: float
    low: float
    high: float


def weighted_sum(shares: Sequence[Share], weights: Sequence[float]) -> Share:
    """Harm per case: sum of w_k p_k over kinds of error, with limits by variance estimates recovered from each one's.

    value = sum w_k p_k; low = value - sqrt(sum w_k^2 (p_k - l_k)^2); high = value + sqrt(sum w_k^2 (u_k - p_k)^2).

    Parameters
    ----------
    shares : K shares of the same cases, each kind of error with its own limits of one level
    weights : K weights, 0 or more

    Returns
    -------
    Share in units of weight, low cut at 0 and high at the largest weight; nan throughout where a share is undefined.
    The kinds exclude each other, so their shares are negatively correlated and the limits lean to the wide side.

    Raises
    ------
    ValueError : another number of weights than of shares, none at all, or a weight under 0.

    References
    ----------
    Zou & Donner 2008, doi:10.1002/sim.3095 (confidence limits about sums, recovered from those of the parts).

    >>> found = weighted_sum([Share(0.02, 0.01, 0.05), Share(0.04, 0.02, 0.07)], [1.0, 3.0])
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.14, 0.079, 0.235)
    """
    if len(shares) != len(weights) or not shares or min(weights) < 0:
        raise ValueError("one weight of 0 or more belongs to each share, and there is at least one")
    pairs = list(zip(shares, weights, strict=True))
    value = sum(weight * share.value for share, weight in pairs)
    under = math.sqrt(sum((weight * (share.value - share.low)) ** 2 for share, weight in pairs))
    over = math.sqrt(sum((weight * (share.high - share.value)) ** 2 for share, weight in pairs))
    if math.isnan(value + under + over):
        return Share(math.nan, math.nan, math.nan)
    return Share(value, max(value - under, 0.0), min(value + over, max(weights)))
