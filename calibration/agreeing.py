"""Agreement of many slices at once, from the roll-up of looks. From the rows: `calibration.reliability`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from calibration.stats.agreement import FEWEST_UNITS, warnings
from calibration.stats.agreement_interval import Policy, figure, is_small
from calibration.stats.alpha import krippendorff_alpha, specific_agreement
from calibration.stats.coefficients import coefficient
from calibration.stats.patterns import Patterns, of_units
from calibration.stats.ratings import FloatArray, IntArray, Ratings
from calibration.stats.statistic import Statistic
from calibration.tallied import distinct, months
from qa.grading import votes
from qa.queries.voted import Voted

#: Shown together, never one alone.
THREE = ("krippendorff_alpha", "gwet_ac", "percent")
CONFIDENCE = 0.95
_CANNOT_TELL = votes.VERDICTS.index("cannot_tell")

#: What agreement can be split by: the number of each look's slice.
SPLITS: dict[str, Callable[[Voted], IntArray]] = {
    "policy": lambda looks: looks.column("play"),
    "locale": lambda looks: looks.column("locale"),
    "workflow": lambda looks: looks.column("workflow"),
    "team": lambda looks: looks.column("team"),
    "month": lambda looks: months(looks.column("closed")),
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Agreement:
    """The patterns of some cases: how many cases got which answers, and how often."""

    patterns: Patterns
    #: What the columns of the patterns stand for.
    categories: tuple[str, ...]

    @property
    def units_paired(self) -> int:
        """Cases with two looks or more."""
        return int(self.patterns.pairable.unit_count)

    @property
    def ratings(self) -> int:
        """Looks."""
        return int(self.patterns.totals.sum())

    @property
    def is_enough(self) -> bool:
        """Whether a coefficient may be given."""
        return self.units_paired >= FEWEST_UNITS

    @cached_property
    def _policy(self) -> Policy:
        return Policy(CONFIDENCE, is_small(self.patterns))

    @cached_property
    def coefficients(self) -> Mapping[str, Json]:
        """The three coefficients with their intervals, as the report of `calibration.stats.agreement` has them."""
        return {name: self.coefficient(name) for name in THREE}

    def coefficient(self, name: str) -> Json:
        """One coefficient with its interval."""
        at = partial(_statistic, name)
        return figure(at(self.patterns), self._policy, self.patterns, lambda shown: at(shown).value).as_json()

    @cached_property
    def by_category(self) -> list[Json]:
        """Specific agreement of each answer, in their order."""
        rows = []
        for code, name in enumerate(self.categories):
            one = self._specific(code)
            rows.append({
                "category": name, "n": int(self.patterns.pairable.totals[code]), "specific_agreement": one["value"],
                "specific_agreement_low": one["low"], "specific_agreement_high": one["high"],
            })  # fmt: skip
        return rows

    def specific_highs(self, fewest: int) -> dict[str, float]:
        """Answer -> upper limit of its specific agreement, where it was given *fewest* times and has an interval."""
        given = self.patterns.pairable.totals
        highs = {name: self._specific(code)["high"] for code, name in enumerate(self.categories)
                 if given[code] >= fewest}  # fmt: skip
        return {name: high for name, high in highs.items() if high is not None}

    def _specific(self, code: int) -> Json:
        at = partial(_specific, code)
        return figure(at(self.patterns), self._policy, self.patterns, lambda shown: at(shown).value).as_json()

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before quoting the figures."""
        return warnings(self.patterns)


def _statistic(name: str, patterns: Patterns) -> Statistic:
    q = patterns.counts.shape[1]
    if name == "krippendorff_alpha":
        return krippendorff_alpha(patterns, "nominal", np.arange(q, dtype=np.float64))
    return coefficient(name, patterns, np.eye(q))


def _specific(code: int, patterns: Patterns) -> Statistic:
    return specific_agreement(patterns, code)


@dataclass(frozen=True)
class Answers:
    """All looks of a period as answers at one level; "cannot tell" is no answer and left out."""

    looks: Voted
    match: str

    @cached_property
    def told(self) -> Voted:
        """The looks that gave an answer."""
        told = self.looks.record["verdict"] != _CANNOT_TELL
        return self.looks if bool(told.all()) else Voted(self.looks.record[told], self.looks.words)

    @cached_property
    def labels(self) -> tuple[IntArray, tuple[str, ...]]:
        """The code of each look's answer, and the answers in order of their names."""
        codes, place = distinct(self._answer())
        names = [self._name(code) for code in codes.tolist()]
        order = sorted(range(len(names)), key=names.__getitem__)
        rank = np.empty(len(names), dtype=np.int64)
        rank[order] = np.arange(len(names))
        return rank[place] if len(names) else place, tuple(names[at] for at in order)

    def _answer(self) -> IntArray:
        if self.match == "verdict":
            return self.told.column("verdict")
        section = self.told.column("section")
        return section if self.match == "policy" else section << 16 | self.told.column("action")

    def _name(self, code: int) -> str:
        """What an answer is called, as `calibration.reliability.label` has it."""
        if self.match == "verdict":
            return votes.VERDICTS[code]
        if self.match == "policy":
            return self.told.words[code]
        return f"{self.told.words[code >> 16]} · {self.told.words[code & 0xFFFF] or 'no action'}"

    @cached_property
    def _units(self) -> tuple[IntArray, IntArray]:
        """(the first look at each case, the case of each look)."""
        case = self.told.column("case")
        cases, unit = distinct(case - case.min(initial=0 if not case.size else case[0]))
        first = np.empty(cases.size, dtype=np.int64)
        first[unit[::-1]] = np.arange(unit.size - 1, -1, -1)  # of several places the one that is written last stays
        return first, unit

    @cached_property
    def _patterns(self) -> tuple[IntArray, IntArray]:
        """Distinct counts of answers, and which of them each case shows."""
        first, unit = self._units
        labels, names = self.labels
        return of_units(unit, labels, len(names), first.size)

    @property
    def graders(self) -> int:
        """How many people gave an answer."""
        return int(distinct(self.told.column("grader"))[0].size)

    @cached_property
    def all(self) -> Agreement:
        """The agreement over all cases."""
        return self._of(np.bincount(self._patterns[1], minlength=len(self._patterns[0])).astype(np.float64))

    def by(self, name: str) -> Mapping[int, Agreement]:
        """The agreement within each slice, by its number: sums of one table of patterns by slice."""
        first, _ = self._units
        counts, place = self._patterns
        slices, of = distinct(SPLITS[name](self.told)[first])
        table = np.bincount(of * len(counts) + place, minlength=slices.size * len(counts)).reshape(-1, len(counts))
        return {
            number: self._of(units.astype(np.float64)) for number, units in zip(slices.tolist(), table, strict=True)
        }

    def _of(self, units: FloatArray) -> Agreement:
        """The agreement of so many units of each pattern, over the answers that occur in them."""
        counts, names = self._patterns[0], self.labels[1]
        met = units > 0
        shown = counts[met]
        used = shown.sum(axis=0) > 0
        categories = tuple(name for name, here in zip(names, used, strict=True) if here)
        return Agreement(Patterns(shown[:, used], units[met]), categories)

    def ratings(self) -> tuple[Ratings, IntArray]:
        """The answers one by one, for what needs to tell graders apart; and the graders' inside numbers by code."""
        labels, names = self.labels
        who, grader = distinct(self.told.column("grader"))
        first, unit = self._units
        codes = tuple(str(number) for number in who.tolist())
        return Ratings(unit, grader, labels, np.zeros(unit.size, dtype=np.int64), first.size, codes, names), who

    def says(self, name: str) -> Callable[[int], str]:
        """What the number of a slice stands for, of those that are words."""
        return lambda number: self.looks.words.get(number, "")
