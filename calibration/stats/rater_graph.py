"""Whether ratings alone can tell how good each rater is: the graph of who shares units with whom."""

from collections import deque

import numpy as np

from calibration.stats.ratings import IntArray

NOT_CONNECTED = "not identified: the raters fall into groups that share no unit"
NO_ODD_CYCLE = (
    "not identified: no three raters are compared with each other, so good raters of one side and poor ones of the "
    "other look the same"
)


def shared_units(unit: IntArray, rater: IntArray) -> dict[int, set[int]]:
    """Raters by code, each with the raters who rated a unit that they rated too.

    >>> shared_units(np.array([0, 0, 1]), np.array([4, 2, 7]))
    {2: {4}, 4: {2}, 7: set()}
    """
    order = np.lexsort((rater, unit))
    units, raters = unit[order], rater[order]
    size = int(raters.max(initial=-1)) + 1
    met = [np.zeros(0, dtype=np.int64)]
    for lag in range(1, int(np.bincount(units, minlength=1).max(initial=0))):
        same = (units[lag:] == units[:-lag]) & (raters[lag:] != raters[:-lag])
        met.append(np.unique(raters[:-lag][same] * size + raters[lag:][same]))
    graph: dict[int, set[int]] = {int(code): set() for code in np.unique(raters)}
    for key in np.unique(np.concatenate(met)).tolist():
        graph[key // size].add(key % size)
        graph[key % size].add(key // size)
    return graph


def _odd(graph: dict[int, set[int]], start: int) -> tuple[set[int], bool]:
    """The raters that *start* is connected with, and whether a cycle among them is odd."""
    side = {start: 0}
    odd = False
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for other in graph[here]:
            if other not in side:
                side[other] = 1 - side[here]
                waiting.append(other)
            odd |= side[other] == side[here]
    return set(side), odd


def why_not_identified(unit: IntArray, rater: IntArray, gold: IntArray | None = None) -> str | None:
    """Why raters' accuracies cannot be told from these ratings, or None where they can.

    Agreement beyond chance of two raters is the product of their skills, so ratings fix skills only up to a common
    scale (one side times t, the other by t) unless the graph of shared units has an odd cycle, or some of the units
    have a known answer.

    Parameters
    ----------
    unit, rater : int arrays [N], codes from 0
    gold : int array [units], the known category, -1 where there is none; None when nothing is known

    Returns
    -------
    None: all raters are connected, and an odd cycle or a known answer fixes the scale. Else a sentence.

    References
    ----------
    Hui & Walter 1980, doi:10.2307/2530508; Toft, Jorgensen & Hojsgaard 2005, doi:10.1016/j.prevetmed.2005.01.006.

    >>> why_not_identified(np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 2, 0])) is None
    True
    """
    graph = shared_units(unit, rater)
    if not graph:
        return "not identified: there is no rating"
    known = set() if gold is None else set(np.unique(rater[gold[unit] >= 0]).tolist())
    left = set(graph)
    parts = []
    while left:
        part, odd = _odd(graph, min(left))
        parts.append(odd or bool(part & known))
        left -= part
    if len(parts) > 1 and not all(parts):
        return NOT_CONNECTED
    return None if all(parts) else NO_ODD_CYCLE
