"""One draw: from numbered strata and sizes to cases with their inclusion probabilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from qa.sampling.selection import smallest

#: A case of the frame: its permanent random number and what names it.
Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True)
class StratumDrawn:
    """What one stratum gave: *drawn* of the *frame* cases that it holds."""

    key: str
    frame: int
    drawn: int

    @property
    def exact(self) -> Fraction:
        """The inclusion probability n / N of each of its cases, exactly; 0 for an empty stratum."""
        return Fraction(self.drawn, self.frame) if self.frame else Fraction(0)

    @property
    def probability(self) -> float:
        """`exact` as the nearest float."""
        return float(self.exact)

    @property
    def weight(self) -> float:
        """What one of its drawn cases stands for, N / n; nan when none was drawn."""
        return self.frame / self.drawn if self.drawn else float("nan")


@dataclass(frozen=True, slots=True)
class CaseDrawn:
    """One case of a draw; *weight* is 1 / probability."""

    case_id: str
    stratum: str
    number: int
    probability: float
    weight: float


@dataclass(frozen=True, slots=True)
class Draw:
    """Strata in the order of their bytes; cases by stratum, then by number."""

    strata: tuple[StratumDrawn, ...]
    cases: tuple[CaseDrawn, ...]

    @property
    def frame_size(self) -> int:
        """Cases in the frame."""
        return sum(stratum.frame for stratum in self.strata)


def numbered_strata(cases: Iterable[tuple[str, int, str]]) -> dict[str, list[Numbered]]:
    """Gather (stratum, number, case_id) into stratum -> its numbered cases.

    Raises
    ------
    ValueError : a case comes twice; it would be drawn with more than its probability.
    """
    strata: dict[str, list[Numbered]] = {}
    seen: set[str] = set()
    for stratum, number, case_id in cases:
        if case_id in seen:
            raise ValueError(f"case {case_id!r} stands in the frame twice")
        seen.add(case_id)
        strata.setdefault(stratum, []).append((number, case_id))
    return strata


def draw(frame: Mapping[str, Iterable[Numbered]], sizes: Mapping[str, int]) -> Draw:
    """Take the cases with the smallest numbers from every stratum.

    Inside a stratum this is simple random sampling without replacement, so every case of it had the
    probability n_h / N_h, exactly. The order of rows changes nothing; larger sizes contain the smaller draw.

    Parameters
    ----------
    frame : stratum -> (number, case_id) of each of its cases, in any order
    sizes : stratum -> cases to draw; a stratum that is not named gives none

    Returns
    -------
    Draw; a stratum of which nothing was drawn is listed with probability 0.

    Raises
    ------
    ValueError : more cases are asked of a stratum than it holds, or of one that the frame does not have.

    References
    ----------
    Ohlsson 1995 in *Business Survey Methods*, doi:10.1002/9781118150504.ch9.

    >>> taken = draw({"low": [(9, "a"), (4, "b"), (7, "c")], "high": [(1, "d")]}, {"low": 2, "high": 1})
    >>> [(case.case_id, case.weight) for case in taken.cases]
    [('d', 1.0), ('b', 1.5), ('c', 1.5)]
    >>> taken.strata[1].exact
    Fraction(2, 3)
    """
    unknown = sorted(set(sizes) - set(frame))
    if unknown:
        raise ValueError(f"the frame has no stratum {unknown[0]!r}")
    strata: list[StratumDrawn] = []
    cases: list[CaseDrawn] = []
    for key in sorted(frame):
        held = list(frame[key])
        stratum = StratumDrawn(key, len(held), sizes.get(key, 0))
        if stratum.drawn > stratum.frame:
            raise ValueError(f"stratum {key!r} holds {stratum.frame} cases, {stratum.drawn} are asked of it")
        strata.append(stratum)
        cases += _taken(stratum, held)
    return Draw(tuple(strata), tuple(cases))


def _taken(stratum: StratumDrawn, held: list[Numbered]) -> Iterator[CaseDrawn]:
    """The drawn cases of one stratum."""
    probability, weight = stratum.probability, stratum.weight
    for number, case_id in smallest(held, stratum.drawn):
        yield CaseDrawn(case_id, stratum.key, number, probability, weight)
