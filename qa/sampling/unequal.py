"""Draws with probability proportional to a size, for analysts; plans use strata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isfinite

from qa.sampling.drawing import CaseDrawn, Numbered
from qa.sampling.selection import SPAN

METHODS = ("sequential_poisson", "pareto")


def inclusion(sizes: Mapping[str, float], n: int) -> dict[str, float]:
    """Target inclusion probabilities that are proportional to size and add up to *n*.

    pi_i = n x_i / sum(x). A case for which that reaches 1 is taken for certain, and the rest of *n* is shared
    among the others in the same way, until none reaches 1.

    Parameters
    ----------
    sizes : case -> x_i, finite, >= 0 (what is sized 0 is never drawn)
    n : int >= 0, cases to draw; at most as many as have a size above 0

    Returns
    -------
    case -> pi_i in [0, 1].

    Raises
    ------
    ValueError : a size that is negative or not finite; *n* out of range.

    References
    ----------
    Saerndal, Swensson & Wretman 1992, *Model Assisted Survey Sampling*, 3.6, doi:10.1007/978-1-4612-4378-6.

    >>> inclusion({"a": 8, "b": 1, "c": 1}, 2)
    {'a': 1.0, 'b': 0.5, 'c': 0.5}
    """
    for case, size in sizes.items():
        if not (isfinite(size) and size >= 0):
            raise ValueError(f"case {case!r}: a size must be a number of 0 or more, not {size!r}")
    largest = sorted((case for case, size in sizes.items() if size), key=lambda case: (-sizes[case], case))
    if not 0 <= n <= len(largest):
        raise ValueError(f"{n} cases are asked, {len(largest)} have a size above 0")
    found = dict.fromkeys(sizes, 0.0)
    # Added up from the smallest, each step is the exact rest that the next certain case is compared with.
    rests = [0.0]
    for case in reversed(largest):
        rests.append(rests[-1] + sizes[case])
    certain = 0
    while certain < n and (n - certain) * sizes[largest[certain]] >= rests[len(largest) - certain]:
        found[largest[certain]] = 1.0
        certain += 1
    # Divided before it is multiplied: the quotient is a share, while n over a tiny rest would leave the numbers.
    left, rest = n - certain, rests[len(largest) - certain]
    return found | {case: left * (sizes[case] / rest) if left else 0.0 for case in largest[certain:]}


def draw_by_size(
    cases: Iterable[Numbered],
    sizes: Mapping[str, float],
    n: int,
    *,
    method: str = "sequential_poisson",
    stratum: str = "all",
) -> list[CaseDrawn]:
    """Take *n* cases of one stratum with probabilities proportional to size.

    With u = number / 2**63, the cases with the smallest u / pi (sequential Poisson) or the smallest
    u (1 - pi) / (pi (1 - u)) (Pareto) are taken after the certain ones. The probabilities are the nominal
    ones: the true ones differ from them by O(1 / n).

    Parameters
    ----------
    cases : (number, case_id), in any order, each case once
    sizes : case -> x_i, as in `inclusion`
    n : int, cases to draw
    method : one of METHODS

    Returns
    -------
    list of CaseDrawn, in the order of their ranks; weight = 1 / pi.

    Raises
    ------
    ValueError : as in `inclusion`; a case without a size; an unknown method.

    References
    ----------
    Ohlsson 1998, *J. Official Statistics* 14:149-162 (sequential Poisson); Rosen 1997,
    doi:10.1016/S0378-3758(96)00186-3 (Pareto).

    >>> [case.case_id for case in draw_by_size([(4, "a"), (2, "b"), (6, "c")], {"a": 8, "b": 1, "c": 3}, 2)]
    ['a', 'b']
    """
    rank = _rank(method)
    held = list(cases)
    missing = sorted(case_id for _, case_id in held if case_id not in sizes)
    if missing:
        raise ValueError(f"case {missing[0]!r} has no size")
    chance = inclusion({case_id: sizes[case_id] for _, case_id in held}, n)
    queue = sorted((rank(number, chance[one]), number, one) for number, one in held if chance[one] > 0)
    return [CaseDrawn(one, stratum, number, chance[one], 1 / chance[one]) for _, number, one in queue[:n]]


def _rank(method: str) -> Callable[[int, float], float]:
    """The function (number, pi) -> rank of a method; certain cases come before all others."""
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, not {method!r}")

    def rank(number: int, chance: float) -> float:
        if chance >= 1:
            return -1.0
        if method == "pareto":
            return number / (SPAN - number) * (1 - chance) / chance
        return number / SPAN / chance

    return rank
