"""Each grader's figures: from looks that were planned at random, and from cases that others alone settled."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import scipy  # its parts load at their first use, not with the web

from calibration.graders.scores import EXCUSED, RULED, counts, is_right, pace, quick_looks, scored, strictness
from calibration.queries.looks import Look, Passed
from calibration.random_looks import Beside, beside
from calibration.stats import shrink
from calibration.stats.estimate import FEWEST_CASES, WIDEST
from calibration.stats.intervals import clopper_pearson
from qa.grading.votes import AT_RANDOM

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, with the exact interval. *right* may hold halves where a case has several other looks."""

    right: float
    n: int

    @property
    def share(self) -> float | None:
        """The share itself; None without a case."""
        return self.right / self.n if self.n else None

    @property
    def limits(self) -> tuple[float, float]:
        """Clopper and Pearson's limits; nothing is known without a case."""
        return clopper_pearson(self.right, self.n, level=CONFIDENCE) if self.n else (0.0, 1.0)

    @property
    def is_enough(self) -> bool:
        """Whether a page may show it."""
        low, high = self.limits
        return self.n >= FEWEST_CASES and high - low <= WIDEST


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much oftener "violates" is said than stands, in cases that others settled; a difference of shares."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One grader's figures without a name."""

    looks: int
    #: The same answer as others who looked at the case at random.
    agreement: Part
    #: Right where two other votes alone settle the case.
    settled: Part
    #: Right where somebody ruled: counts only, these cases were chosen by a third differing answer.
    ruled: Part
    #: Right of everything that was settled, own vote or not.
    raw: Part
    #: *settled*, drawn towards what is common to all graders; low and high are credible limits.
    shrunken: tuple[float, float, float] | None
    leaning: Leaning | None
    #: Cases passed on for a reason that counts, of all that were looked at or passed on.
    passed: Part
    excused: int
    rushed: bool
    #: Workflow -> the median look in seconds; for the grader's own eyes.
    seconds: Mapping[str, int]


def figures(seen: Sequence[Look], passed: Sequence[Passed], match: str) -> dict[int, Figures]:
    """The figures of every grader with a committed look, by inside number."""
    names = {look.grader_id: look.grader for look in seen}
    looks, skipped = Counter(look.grader_id for look in seen), passed_by(passed)
    lone, others = _parted(seen)
    parts: dict[int, list[Beside]] = {number: [] for number in names}
    for one in beside(others, match):
        parts[one.look.grader_id].append(one)
    raw, right = Counter[int](), Counter[int]()
    for look in lone:
        if counts(look, match):
            raw[look.grader_id] += 1
            right[look.grader_id] += is_right(look, match)
    for one_scored in scored(others, match):
        raw[one_scored.look.grader_id] += 1
        right[one_scored.look.grader_id] += one_scored.right
    shares = {number: _shares(mine) for number, mine in parts.items()}
    shrunken = shrunken_of({number: mine["settled"] for number, mine in shares.items()})
    quick, seconds = quick_looks(seen), _seconds(seen)
    return {
        number: Figures(
            looks=looks[number],
            **shares[number],
            raw=Part(right[number], raw[number]),
            shrunken=shrunken.get(number),
            leaning=_leaning(parts[number], match),
            passed=Part(skipped[number][0], skipped[number][0] + looks[number]),
            excused=skipped[number][1],
            rushed=bool(pace(name, quick)["rushed"]),
            seconds=seconds.get(number, {}),
        )
        for number, name in names.items()
    }


def _parted(seen: Sequence[Look]) -> tuple[list[Look], list[Look]]:
    """(looks that nothing else is said about: planned at random, alone on their case, not ruled on; all others)."""
    often = Counter(look.case_id for look in seen)
    lone, others = [], []
    for look in seen:
        alone = often[look.case_id] == 1 and look.purpose in AT_RANDOM and look.basis not in RULED
        (lone if alone else others).append(look)
    return lone, others


def _shares(mine: Sequence[Beside]) -> dict[str, Part]:
    agreed = [one.agrees for one in mine if one.agrees is not None]
    settled = [one.right for one in mine if one.right is not None]
    ruled = [one.ruled for one in mine if one.ruled is not None]
    return {
        "agreement": Part(sum(agreed), len(agreed)),
        "settled": Part(sum(settled), len(settled)),
        "ruled": Part(sum(ruled), len(ruled)),
    }


def passed_by(passed: Iterable[Passed]) -> defaultdict[int, tuple[int, int]]:
    """Grader -> (skips that count, excused ones)."""
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in passed:
        counted, excused = found[one.grader_id]
        is_excused = one.reason in EXCUSED
        found[one.grader_id] = (counted + (not is_excused), excused + is_excused)
    return found


def _leaning(mine: Sequence[Beside], match: str) -> Leaning | None:
    """Strictness over the cases that others settled; None with too few of them."""
    looks = [one.look for one in mine if one.right is not None]
    if len(looks) < FEWEST_CASES:
        return None
    found = strictness(scored(looks, match))
    return leaning_of(found["over"], found["missed"], len(looks))


def leaning_of(over: int, missed: int, n: int) -> Leaning:
    """Leaning of *n* looks, two or more, of which *over* say "violates" where nothing does and *missed* the reverse."""
    value = (over - missed) / n
    spread = max(over + missed - n * value**2, 0.0) / (n - 1)
    half = float(scipy.special.stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * math.sqrt(spread / n)
    if max(over, missed, n - over - missed) == n:  # no two looks differ: a t interval would claim to know it exactly
        beyond = clopper_pearson(0, n, level=CONFIDENCE)[1]
        return Leaning(value, max(value - beyond, -1.0), min(value + beyond, 1.0))
    return Leaning(value, value - half, value + half)


def shrunken_of(settled: Mapping[int, Part]) -> dict[int, tuple[float, float, float]]:
    """Grader -> the share drawn towards what is common to all, with credible limits; nothing for one grader alone."""
    known = {number: part for number, part in settled.items() if part.n}
    if len(known) < 2:
        return {}
    right = np.array([part.right for part in known.values()])
    total = np.array([float(part.n) for part in known.values()])
    prior = shrink.fit(right, total)
    values = (shrink.shrunken(prior, right, total), *shrink.credible(prior, right, total, level=CONFIDENCE))
    rows = zip(*(value.tolist() for value in values), strict=True)
    return dict(zip(known, rows, strict=True))


def _seconds(seen: Iterable[Look]) -> dict[int, dict[str, int]]:
    """Grader -> workflow -> the median look in seconds."""
    times: dict[tuple[int, str], list[int]] = {}
    for look in seen:
        if look.seconds_shown is not None:
            times.setdefault((look.grader_id, look.workflow), []).append(look.seconds_shown)
    found: dict[int, dict[str, int]] = {}
    for (number, workflow), some in sorted(times.items()):
        found.setdefault(number, {})[workflow] = round(median(some))
    return found
