"""Could graders guess the hidden decision? How often they were right, and how often they would be by chance."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts load at their first use, not with the web

from calibration.stats.intervals import wilson

FloatArray = npt.NDArray[np.float64]
#: Fewer guesses give no figure.
FEWEST_GUESSES = 30
#: A chance smaller than this is called better than chance: one side of a 95 % interval.
SURE = 0.025


@dataclass(frozen=True, slots=True)
class Guessing:
    """How often guesses were right, and what chance alone would give."""

    n: int
    right: int
    #: Share guessed right with its interval.
    share: float
    low: float
    high: float
    #: Share that would be right if guesses followed from the grader's own answer alone.
    chance: float
    #: How likely at least as many right ones are by chance.
    p_value: float

    @property
    def excess(self) -> float:
        """Share guessed right above chance."""
        return self.share - self.chance

    @property
    def is_better_than_chance(self) -> bool:
        """Whether chance does not explain it."""
        return self.p_value < SURE


def guessing(
    own: Sequence[Hashable], guessed: Sequence[bool], decided: Sequence[bool], *, level: float = 0.95
) -> Guessing:
    """How often guesses of a yes-or-no decision were right, against what the own answers alone would give.

    A grader who is blind knows the case and the own answer, and who answers well is right often without any leak. So
    chance is taken within each own answer s: chance = sum_s n_s / n * [g_s d_s + (1 - g_s)(1 - d_s)], with g_s and d_s
    the shares of guessed and of decided "yes" among its n_s looks. Given those shares, the number of looks with both
    is hypergeometric in each s; p_value is the exact chance of a sum at least as large as the one seen. It stays on
    the safe side of a single s; harder cases within one s can be told to be hard, which lifts the share a little.

    Parameters
    ----------
    own : what the guess may follow from without a leak (the own answer, maybe with its confidence), shape (n,)
    guessed, decided : whether "yes" was guessed, and decided, shape (n,)
    level : float in (0, 1), coverage of the share's interval

    Returns
    -------
    Guessing: shares in [0, 1], Wilson's interval of the share; all nan when there is no guess.

    Raises
    ------
    ValueError : the three are not equally long, or *level* not in (0, 1).

    References
    ----------
    Bang, Ni & Davis 2004, doi:10.1016/j.cct.2003.10.016 (indices of blinding);
    Gart 1970, doi:10.1093/biomet/57.3.471 (exact test over 2 x 2 tables).

    >>> tea = guessing(["tea"] * 8, [True] * 4 + [False] * 4, [True, True, True, False, True, False, False, False])
    >>> round(tea.share, 2), round(tea.chance, 2), round(tea.p_value, 3)
    (0.75, 0.5, 0.243)
    """
    if not len(own) == len(guessed) == len(decided):
        raise ValueError(f"{len(own)} own answers, {len(guessed)} guesses and {len(decided)} decisions do not pair")
    n = len(own)
    low, high = wilson(0, 0, level=level) if n == 0 else (math.nan, math.nan)
    if n == 0:
        return Guessing(0, 0, math.nan, low, high, math.nan, math.nan)
    said, was = np.asarray(guessed, dtype=bool), np.asarray(decided, dtype=bool)
    names = {name: place for place, name in enumerate(dict.fromkeys(own))}
    strata = np.array([names[name] for name in own])
    right = int(np.count_nonzero(said == was))
    low, high = wilson(right, n, level=level)
    chance, tail = 0.0, np.ones(1)
    for place in range(len(names)):
        here = strata == place
        size, yes, hits = int(here.sum()), int(said[here].sum()), int(was[here].sum())
        chance += (yes * hits + (size - yes) * (size - hits)) / size
        tail = np.convolve(tail, _both(size, yes, hits))
    both = int(np.count_nonzero(said & was))
    return Guessing(n, right, right / n, low, high, chance / n, min(1.0, float(tail[both:].sum())))


def _both(size: int, yes: int, hits: int) -> FloatArray:
    """Chances of 0, 1, ... looks with a guessed and decided "yes" among *size*, of which so many have each."""
    pmf: FloatArray = scipy.stats.hypergeom(size, yes, hits).pmf(np.arange(min(yes, hits) + 1))
    return pmf
