"""Sums of independent figures, with limits that come from the limits of each."""

import math
from collections.abc import Sequence

#: A value with its lower and its upper limit.
Limits = tuple[float, float, float]


def summed(parts: Sequence[Limits]) -> Limits:
    """The sum of independent figures, with limits by variance estimates recovered from each one's.

    value = sum v_k; low = value - sqrt(sum (v_k - l_k)^2); high = value + sqrt(sum (u_k - v_k)^2).

    Parameters
    ----------
    parts : K figures (value, low, high) of one level, low <= value <= high, of different people or cases

    Returns
    -------
    (value, low, high) in the unit of the parts; zeros without a part, nan throughout where a part is undefined.

    References
    ----------
    Zou & Donner 2008, doi:10.1002/sim.3095.

    >>> summed([(3.0, 0.0, 6.0), (4.0, 0.0, 8.0)])
    (7.0, 2.0, 12.0)
    """
    value = sum(part[0] for part in parts)
    under = math.sqrt(sum((part[0] - part[1]) ** 2 for part in parts))
    over = math.sqrt(sum((part[2] - part[0]) ** 2 for part in parts))
    if math.isnan(value + under + over):
        return math.nan, math.nan, math.nan
    return float(value), value - under, value + over
