"""How many cases of each stratum a draw takes: floors first, then one seat at a time to the worthiest."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heapreplace
from math import inf, isfinite, sqrt

#: The inclusion probabilities that a rate may call for differ at most by this factor: weights stay tame.
MOST_UNEQUAL = 10.0

METHODS = ("proportional", "equal", "neyman", "risk")


def least_size(frame: Mapping[str, int], floor: int) -> int:
    """The cases that the floors alone take: *floor* of each stratum, or all of it where it holds fewer.

    >>> least_size({"a": 100, "b": 3}, 5)
    8
    """
    return sum(min(floor, count) for count in frame.values())


def allocate(
    frame: Mapping[str, int],
    size: int,
    *,
    floor: int = 0,
    method: str = "proportional",
    rates: Mapping[str, float] | None = None,
) -> dict[str, int]:
    """Cases to draw from each stratum, together min(size, cases in the frame).

    Every stratum first gets min(floor, N_h). Each further case goes to the stratum h with the largest
    a_h / sqrt(n_h (n_h + 1)), where n_h is what it has so far and a_h its claim (`claims`), until it is
    exhausted (n_h = N_h); ties go by the bytes of the key. That divisor method (equal proportions) is the
    exact optimum in whole cases: no other allocation with these floors has a smaller sum of a_h**2 / n_h,
    the variance of the estimate. It is house-monotone (a larger size takes nothing from anybody) and gives
    every stratum a case before any gets a second, wherever the size allows it.

    Parameters
    ----------
    frame : stratum -> N_h, cases in the frame, >= 0
    size : int >= 0, cases in all
    floor : int >= 0, cases of each stratum that come first; a census of strata that hold fewer
    method : one of METHODS
    rates : stratum -> expected share of errors in [0, 1]; needed by "neyman" and "risk"

    Returns
    -------
    stratum -> n_h with min(floor, N_h) <= n_h <= N_h, keys in the order of their bytes.

    Raises
    ------
    ValueError : a negative count, an unknown method, a rate that is missing or no share, or a size that
        cannot hold the floors (`least_size` says what can).

    References
    ----------
    Huntington 1928, doi:10.1090/S0002-9947-1928-1501423-0; Wright 2012, doi:10.1080/00031305.2012.733679
    (equal proportions is the exact Neyman allocation); Balinski & Young 1982, *Fair Representation*.

    >>> allocate({"low": 700, "high": 300}, 10)
    {'high': 3, 'low': 7}
    >>> allocate({"low": 700, "high": 300}, 10, method="neyman", rates={"low": 0.02, "high": 0.2})
    {'high': 5, 'low': 5}
    """
    _check(frame, size, floor)
    claim = claims(frame, method=method, rates=rates)
    given = {key: min(floor, frame[key]) for key in sorted(frame)}
    left = min(size, sum(frame.values())) - sum(given.values())
    waiting = [_priority(key, claim[key], had) for key, had in given.items() if had < frame[key]]
    heapify(waiting)
    for _ in range(left):
        key = waiting[0][2]
        given[key] += 1
        if given[key] == frame[key]:
            heappop(waiting)
        else:
            heapreplace(waiting, _priority(key, claim[key], given[key]))
    return given


def claims(
    frame: Mapping[str, int], *, method: str = "proportional", rates: Mapping[str, float] | None = None
) -> dict[str, float]:
    """The claim a_h of each stratum, by which `allocate` shares out.

    proportional: N_h. equal: 1. neyman: N_h sqrt(p_h (1 - p_h)), the best precision for the whole. risk:
    N_h p_h, the most errors found for a given size. p_h is the expected share of errors. The factor beside
    N_h is raised to a tenth of the largest one where it is lower, so that inclusion probabilities differ at
    most by MOST_UNEQUAL before floors and rounding; where it is 0 everywhere, the claim is N_h.

    Parameters
    ----------
    frame : stratum -> N_h, cases; method, rates : as in `allocate`

    Returns
    -------
    stratum -> a_h > 0 (0 where N_h = 0).

    Raises
    ------
    ValueError : an unknown method; a rate that is missing or not within [0, 1].

    References
    ----------
    Neyman 1934, doi:10.2307/2342192; Cochran 1977, *Sampling Techniques*, 5.5.

    >>> claims({"a": 100, "b": 100}, method="neyman", rates={"a": 0.5, "b": 0.0})
    {'a': 50.0, 'b': 5.0}
    """
    if method == "equal":
        return dict.fromkeys(frame, 1.0)
    if method == "proportional":
        return {key: float(count) for key, count in frame.items()}
    if method not in METHODS:
        raise ValueError(f"allocation must be one of {', '.join(METHODS)}, not {method!r}")
    factor = {key: _factor(method, _rate(rates, key)) for key in frame}
    top = max(factor.values(), default=0.0) or 1.0
    return {key: count * (max(factor[key], top / MOST_UNEQUAL)) for key, count in frame.items()}


def _factor(method: str, rate: float) -> float:
    """What one case of a stratum with this *rate* of errors is worth beside one of another."""
    return sqrt(rate * (1 - rate)) if method == "neyman" else rate


def _rate(rates: Mapping[str, float] | None, key: str) -> float:
    """The expected share of errors of one stratum, checked."""
    if rates is None or key not in rates:
        raise ValueError(f"no expected rate of errors is known for stratum {key!r}")
    if not (isfinite(rates[key]) and 0 <= rates[key] <= 1):
        raise ValueError(f"the rate of stratum {key!r} must be a share within 0..1, not {rates[key]!r}")
    return rates[key]


def _priority(key: str, claim: float, had: int) -> tuple[float, float, str]:
    """The place in the queue for a stratum's next case; the first comes first.

    Squares are compared, so that whole claims that are equal stay equal: no root, one rounding.
    """
    square = claim * claim
    return (-square / (had * (had + 1)) if had else -inf, -square, key)


def _check(frame: Mapping[str, int], size: int, floor: int) -> None:
    """Refuse counts that mean nothing and sizes that cannot keep what the floors promise."""
    for what, count in (("size", size), ("floor", floor), *frame.items()):
        if count < 0:
            raise ValueError(f"{what} must be 0 or more, not {count}")
    least = least_size(frame, floor)
    if size < least:
        raise ValueError(f"a size of {size} cannot hold {floor} cases of each of {len(frame)} strata: it takes {least}")
